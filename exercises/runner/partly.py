"""A grade of which only some checks are judged anew.

Invariant: the result of a check that did not change is the one that its submission had, whatever a further run would give.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from exercises.runner.grading import Verdict, summed
from exercises.service.models import Grade, Submission, Version


@dataclass(frozen=True)
class Before:
    """The grade that a submission has.

    `source` are the files that it was judged by; `ran` is the version whose notebook and data its run had, which are `student` and
    `hidden`; `left` and `executed` are what that run left, where it was kept.
    """

    source: str
    ran: int
    student: str
    hidden: str
    checks: Sequence[dict[str, Any]]
    left: str | None
    executed: str | None


def before(session: Session, found: Submission) -> Before | None:
    """Return the newest grade of a submission; None where it has none yet."""
    wanted = select(Grade).where(Grade.submission_id == found.id).order_by(Grade.run.desc()).limit(1)
    grade = session.scalars(wanted).first()
    if grade is None:
        return None
    ran = session.get_one(Version, grade.verdict.get("ran", grade.version_id))
    source = session.get_one(Version, grade.version_id).archive
    return Before(source, ran.id, ran.student, ran.hidden, grade.verdict.get("checks", ()), grade.left, grade.executed)


def joined(run: Verdict, checks: Sequence[dict[str, Any]], differ: Set[str]) -> Verdict:
    """Return the verdict in which the checks that `differ` are as in the run, and the others as they were."""
    settled = {one["name"]: one for one in checks if one["name"] not in differ}
    made = [settled.get(one["name"], one) for one in run.checks]
    return replace(summed(run.left, made), seconds=run.seconds, executed=run.executed)
