"""What a class found hard: which checks fail, and which foreseen mistake that looks like.

Invariant: each student counts once, by their last graded submission; a mistake is only named where the checks that failed are
exactly those that its wrong answer must lose.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from exercises.outcome import Outcome
from exercises.service.desk.board import Row
from exercises.service.desk.work import Work

WRONG_FOLDER, NOTEBOOK_SUFFIX = "wrong/", ".ipynb"
# In these the notebook came to its end: what fails then is what somebody wrote, and not that nothing was there.
AT_ITS_END = frozenset([Outcome.OK, Outcome.CHECK_FAILED])


@dataclass(frozen=True)
class Check:
    """One check over the class."""

    name: str
    visible: bool
    points: float
    failed: int
    students: int

    @property
    def share(self) -> float:
        return self.failed / self.students if self.students else 0.0


@dataclass(frozen=True)
class Mistake:
    """Checks that failed together for some students, and the wrong answers that lose exactly these."""

    failed: tuple[str, ...]
    students: tuple[str, ...]
    foreseen: tuple[str, ...]


@dataclass(frozen=True)
class Statistics:
    students: int
    outcomes: list[tuple[str, int]]
    checks: list[Check]
    mistakes: list[Mistake]


def of(rows: Iterable[Row], wrong: Mapping[str, tuple[str, frozenset[str]]]) -> Statistics:
    """Return the statistics; `wrong` are the version's wrong answers: their mistake and the checks that catch it."""
    last = {row.user: graded[-1] for row in rows if (graded := [one for one in row.works if one.outcome is not None])}
    outcomes = Counter(one.outcome or "" for one in last.values())
    together: dict[frozenset[str], list[str]] = {}
    for user, one in last.items():
        failed = frozenset(str(check["name"]) for check in one.checks if not check["passed"])
        if failed and one.outcome in AT_ITS_END:
            together.setdefault(failed, []).append(user)
    order = [str(check["name"]) for one in last.values() for check in one.checks]
    mistakes = [
        Mistake(
            failed=tuple(sorted(failed, key=order.index)),
            students=tuple(users),
            foreseen=tuple(mistake for mistake, caught in wrong.values() if caught == failed),
        )
        for failed, users in together.items()
    ]
    mistakes.sort(key=lambda one: -len(one.students))
    return Statistics(len(last), outcomes.most_common(), _checks(list(last.values())), mistakes)


def wrong_answers(files: Mapping[str, bytes]) -> dict[str, tuple[str, frozenset[str]]]:
    """Return the wrong answers of an exercise whose laws hold: by name, the mistake and what catches it."""
    found = {}
    for name in sorted(files):
        if name.startswith(WRONG_FOLDER) and name.endswith(NOTEBOOK_SUFFIX):
            told = json.loads(files[name]).get("metadata", {}).get("dataflow", {})
            short = name.removeprefix(WRONG_FOLDER).removesuffix(NOTEBOOK_SUFFIX)
            found[short] = (str(told.get("mistake", short)), frozenset(map(str, told.get("caught_by", ()))))
    return found


def _checks(last: Sequence[Work]) -> list[Check]:
    known: dict[str, dict] = {}
    failed: Counter[str] = Counter()
    students: Counter[str] = Counter()
    for one in last:
        for check in one.checks:
            name = str(check["name"])
            known.setdefault(name, check)
            students[name] += 1
            failed[name] += not check["passed"]
    made = [
        Check(name, check.get("visible", True) is True, float(check["points"]), failed[name], students[name])
        for name, check in known.items()
    ]
    return sorted(made, key=lambda check: -check.share)
