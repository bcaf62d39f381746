"""Three nights of files as they arrive in a landing zone, and what a ledger must have made of them.

Invariant: each name belongs to one group and breaks one rule only, if that rule was forgotten; names, ids and sizes say nothing
about the group. The facts come from applying the rules to the files one by one, in plain Python.
"""

import random
import re
from hashlib import sha256
from pathlib import Path

NIGHTS = 3
HEADER = "id;shop;amount"
GOOD = re.compile(r"[^;]+;[^;]+;\d+\.\d\d")
# How a line goes on that is no receipt.
ENDINGS = (";{shop}", ";{shop};{amount}.50;", ";{shop};{amount},50", ";{shop};")
SHOPS = ("Aurora", "Bela Vista", "Central", "Docas", "Estrela")
# How many names each group has. A copy has a name of its own.
GROUPS = {
    "plain": 3,
    "power": 3,
    "copied": 6,
    "copied_same_night": 4,
    "changed": 3,
    "restored": 2,
    "half": 4,
    "empty": 2,
    "never_whole": 3,
    "bad": 3,
}


def make(directory: Path, seed: int) -> None:
    """Write a folder for each night, with the files that arrive in it."""
    for number, arriving in enumerate(nights(seed), start=1):
        folder = directory / f"night-{number}"
        folder.mkdir()
        for name, content in arriving.items():
            (folder / name).write_bytes(content)


def facts(seed: int) -> dict:
    """Return the rows that must be there, the ledger's entries, and each group's names."""
    landing: dict[str, bytes] = {}
    seen: dict[str, str] = {}
    loaded: dict[str, str] = {}
    entries, files = [], {}
    for number, arriving in enumerate(nights(seed), start=1):
        landing |= arriving
        for name in sorted(landing):
            print_of_it = sha256(landing[name]).hexdigest()
            if seen.get(name) == print_of_it:
                continue
            holder = next((other for other in sorted(loaded) if loaded[other] == print_of_it), name)
            if not whole(landing[name]):
                outcome = "incomplete"
            elif holder != name:
                outcome = "duplicate"
            else:
                outcome = "changed" if name in loaded else "loaded"
                loaded[name] = print_of_it
                files[name] = told(landing[name], print_of_it)
            seen[name] = print_of_it
            counts = [len(files[name][part]) if outcome in ("loaded", "changed") else 0 for part in ("good", "refused")]
            entries.append([name, print_of_it, outcome, *counts, number])
    return {"files": files, "entries": entries, **members(seed)}


def told(content: bytes, print_of_it: str) -> dict:
    """What a file says: the good lines by id, and the lines that have to be refused."""
    lines = content.decode().splitlines()[1:-1]
    good = dict(line.split(";", 1) for line in lines if GOOD.fullmatch(line))
    return {"sha256": print_of_it, "good": good, "refused": sorted(line for line in lines if not GOOD.fullmatch(line))}


def whole(content: bytes) -> bool:
    """Whether the last line announces as many lines as there are."""
    lines = content.decode().splitlines()
    return bool(lines) and lines[-1] == f"END;{len(lines) - 2}"


def members(seed: int) -> dict[str, list[str]]:
    """The names of each group. Of two files that are equal, the original is the one that stands first in the list."""
    numbers = random.Random(f"{seed} names").sample(range(100, 1000), sum(GROUPS.values()))
    names = [f"receipts-{number}.csv" for number in numbers]
    found = {group: [names.pop() for _ in range(count)] for group, count in GROUPS.items()}
    # In one night the first by name counts, so that nobody is right by taking them as they come.
    same = found["copied_same_night"]
    found["copied_same_night"] = [name for place in range(0, len(same), 2) for name in sorted(same[place : place + 2])]
    return found


def nights(seed: int) -> list[dict[str, bytes]]:
    """The files of each night by their name."""
    draw = random.Random(seed)
    codes = iter(draw.sample(range(10_000, 100_000), 2_000))
    groups = members(seed)
    found: list[dict[str, bytes]] = [{} for _ in range(NIGHTS)]

    def content(*, bad: bool = False) -> bytes:
        # Ten lines or more: without its last digit, the last line announces another number.
        amounts = [draw.randrange(100, 20_000) / 100 for _ in range(draw.randrange(10, 15))]
        lines = [f"R{next(codes)};{draw.choice(SHOPS)};{amount:.2f}" for amount in amounts]
        for ending in draw.sample(ENDINGS, len(ENDINGS) if bad else 0):
            told = ending.format(shop=draw.choice(SHOPS), amount=draw.randrange(100, 900))
            lines.insert(draw.randrange(1, len(lines)), f"R{next(codes)}{told}")
        return "\n".join([HEADER, *lines, f"END;{len(lines)}", ""]).encode()

    for place, name in enumerate(groups["plain"]):
        found[place % NIGHTS][name] = content()
    for name in groups["power"]:
        found[1][name] = content()
    for place in range(0, len(groups["copied"]), 2):
        original, copy = groups["copied"][place : place + 2]
        later = 1 + place // 2 % 2
        found[0][original] = found[later][copy] = content()
    for place in range(0, len(groups["copied_same_night"]), 2):
        original, copy = groups["copied_same_night"][place : place + 2]
        found[place][original] = found[place][copy] = content()
    for place, name in enumerate(groups["changed"]):
        found[0][name] = content()
        found[1 + place % 2][name] = content()
    for name in groups["restored"]:
        found[0][name] = found[2][name] = content()
        found[1][name] = content()
    for place, name in enumerate(groups["half"]):
        found[1 + place % 2][name] = content()
        found[0][name] = cut(found[1 + place % 2][name], draw, in_the_end=place >= 2)
    for name in groups["empty"]:
        found[0][name] = b""
        found[2][name] = content()
    for place, name in enumerate(groups["never_whole"]):
        found[place % NIGHTS][name] = cut(content(), draw, in_the_end=place == 0)
    for place, name in enumerate(groups["bad"]):
        found[place % NIGHTS][name] = content(bad=True)
    return found


def cut(content: bytes, draw: random.Random, *, in_the_end: bool) -> bytes:
    """What has arrived of a file: its last line without the last digit, or some of its lines and a part of one."""
    if in_the_end:
        return content[:-2]
    lines = content.decode().splitlines()
    kept = draw.randrange(4, len(lines) - 3)
    return "\n".join([*lines[:kept], lines[kept][: draw.randrange(8, 12)]]).encode()
