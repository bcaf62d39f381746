"""Three evenings of messages, good ones and poison, when the power fails, and where each message must end.

Invariant: a message is named by its partition and offset, which follow from the order in which it is sent to a new topic. Each bad
one breaks one rule only; each evening has some of every kind, and before both power cuts something was written.
"""

import base64
import json
import random
from datetime import datetime, timedelta
from pathlib import Path

EVENINGS, PARTITIONS, GOOD, BAD = 3, 2, 40, 3
EVENTS, UNKNOWN = ("ordered", "paid", "cancelled"), ("refunded", "Ordered", "lost")
FIELDS = ("id", "event", "customer", "amount", "at")
CUTS = ("after the good ones", "after the dead letters")
FIRST = datetime(2013, 3, 1, 9)
NO_VALUE, NOT_UTF8, NOT_JSON = "no value", "not UTF-8", "not JSON"
MISSING, TYPE, EVENT = "field missing", "wrong type", "unknown event"
REASONS = (NO_VALUE, NOT_UTF8, NOT_JSON, MISSING, TYPE, EVENT)


def make(directory: Path, seed: int) -> None:
    """Write evenings.json: the messages of each evening, their bytes in base64, and where the power fails, if it does."""
    cuts = random.Random(f"{seed} cuts").sample(CUTS, 2)
    # On the second evening the first batch is the one that the evening before did not finish.
    plans = [(cuts[0], 1), (cuts[1], 2), (None, 0)]
    told = [
        {
            "power_fails": moment,
            "in_batch": batch,
            "messages": [{"partition": partition, "value": _base64(value)} for partition, value, _, _ in evening(seed, number)],
        }
        for number, (moment, batch) in enumerate(plans)
    ]
    (directory / "evenings.json").write_text(json.dumps(told), encoding="utf-8")


def facts(seed: int) -> dict:
    """Return the good messages and the bad ones by partition/offset, and the end of each partition."""
    ends = [0] * PARTITIONS
    good, bad = {}, {}
    for number in range(EVENINGS):
        for partition, value, fields, reason in evening(seed, number):
            name = f"{partition}/{ends[partition]}"
            ends[partition] += 1
            if reason is None:
                good[name] = {**fields, "amount": f"{fields['amount']:.2f}", "at": fields["at"].replace("T", " ")}
            else:
                bad[name] = {"reason": reason, "value": _base64(value)}
    return {"good": good, "bad": bad, "names": [*good, *bad], "ends": {str(number): end for number, end in enumerate(ends)}}


def evening(seed: int, number: int) -> list[tuple[int, bytes | None, dict, str | None]]:
    """The messages of an evening as they are sent: partition, bytes, fields, and the reason for which it is bad, if it is."""
    draw = random.Random(f"{seed} evening {number}")
    reasons = [None] * GOOD + list(REASONS) * BAD
    draw.shuffle(reasons)
    codes = draw.sample(range(100_000), len(reasons))
    made = []
    for code, reason in zip(codes, reasons, strict=True):
        at = FIRST + timedelta(days=number, seconds=draw.randrange(40_000))
        amount = draw.randrange(100, 90_000) / 100
        fields = {
            "id": f"M{number}-{code:05d}",
            "event": draw.choice(EVENTS),
            "customer": draw.choice(("João", "Bia", "Zoë", "Ana", "Caio")) + f" {draw.randrange(100)}",
            "amount": amount,
            "at": f"{at:%Y-%m-%dT%H:%M:%S}",
        }
        made.append((draw.randrange(PARTITIONS), spoiled(draw, fields, reason), fields, reason))
    return made


def spoiled(draw: random.Random, fields: dict, reason: str | None) -> bytes | None:
    """The bytes of a message, with one thing wrong if there is a reason."""
    if reason == NO_VALUE:
        return None
    if reason == MISSING:
        gone = draw.choice(FIELDS)
        fields = {name: value for name, value in fields.items() if name != gone}
    elif reason == TYPE:
        fields = {**fields, **draw.choice(({"amount": "12,50"}, {"amount": "much"}, {"at": "yesterday"}))}
    elif reason == EVENT:
        fields = {**fields, "event": draw.choice(UNKNOWN)}
    elif reason == NOT_UTF8:
        # An old till writes names in Latin-1.
        return json.dumps({**fields, "customer": f"João {draw.randrange(100)}"}, ensure_ascii=False).encode("latin-1")
    text = json.dumps(fields, ensure_ascii=False)
    if reason == NOT_JSON:
        text = draw.choice((text[: draw.randrange(5, len(text) - 5)], f"order {fields['id']}", text[1:]))
    return text.encode()


def _base64(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode()
