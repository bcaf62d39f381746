"""What a runner does with one claimed job: grade a submission, or try the laws of a pushed version.

Invariant: a result and the end of its job are one transaction. The seed that graders use is drawn when a version is accepted, is
stored with what it made, and is told to nobody.
"""

import gzip
import json
import logging
import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from exercises import definition
from exercises.laws import Exam, Law, graded
from exercises.outcome import Outcome
from exercises.runner import archive, keeping, partly
from exercises.runner.grading import Grader, Left, Verdict
from exercises.runner.limits import EngineAway, SandboxError
from exercises.service import queue, regrading
from exercises.service.clock import Clock
from exercises.service.database import Database
from exercises.service.models import ACCEPTED, GRADE, LAWS, REFUSED, TRIED, Grade, Submission, Version
from exercises.service.store import Store, StoreError

log = logging.getLogger("exercises.runner")

# What an instructor of a course may still fetch and run; the archive's limits are for what is sent in.
PREPARED = archive.Limits(bytes=160 * archive.MB, files=4000, packed=160 * archive.MB)

GRADER_SEED = "the graders' seed"
GAVE_UP = "It could not be tried, through no fault of the exercise ({reason}). Push it again; the runner's log says more."
BROKEN = "{count} of its laws do not hold."
RUNNERS_ENDED = f"the runner ended while it was at this, {queue.MOST_TRIES} times"


class Work:
    """Does the jobs of one database and store with one grader. Thread-safe."""

    def __init__(self, database: Database, store: Store, grader: Grader, clock: Clock) -> None:
        self.database, self.store, self.grader, self.clock = database, store, grader, clock

    def do(self, claim: queue.Claim) -> bool:
        """Do the job; return False when it was no longer this claim's at its end.

        Never raises for what a job contains. Raises EngineAway, with the job put back, when nothing can be done at the moment.
        """
        if claim.tries > queue.MOST_TRIES:
            # Each time before, whoever had it ended without a word: it must not take every runner with it.
            log.error("%s %s is given up: %s", claim.kind, claim.subject, RUNNERS_ENDED)
            return self._back(claim, RUNNERS_ENDED)
        try:
            if claim.kind == LAWS:
                return self._laws(claim)
            return self._grade(claim)
        except EngineAway as error:
            queue.put_back(self.database, claim, self.clock, str(error))
            raise
        except (SandboxError, StoreError) as error:
            log.warning("%s %s, try %d: %s", claim.kind, claim.subject, claim.tries, error)
            return self._back(claim, str(error))
        except Exception as error:  # a fault of ours in one job must not end the runner
            log.exception("%s %s, try %d", claim.kind, claim.subject, claim.tries)
            return self._back(claim, f"{type(error).__name__}: {error}")

    # --- a submission ----------------------------------------------------------------------------------------------------------

    def _grade(self, claim: queue.Claim) -> bool:
        with self.database.read() as session:
            found = session.get_one(Submission, claim.subject)
            version = session.get_one(Version, claim.version)
            user, sha, share, name = found.user, found.archive, found.share, version.exercise.name
            shas = version.archive, version.student, version.hidden
            before = partly.before(session, found) if claim.changed else None
        difference = None if before is None else regrading.difference(self.store, before.source, version.archive)
        if before is None or difference.all:
            verdict = self.grader.grade(self._exercise(name, *shas), _notebook(self.store.get(sha)))
            result, executed, left = told(verdict), self._keep(verdict.executed, gzipped), self._keep(verdict.left, keeping.packed)
        else:
            # With the notebook and the data that its run had: only what is judged with is new.
            exercise = self._exercise(name, version.archive, before.student, before.hidden)
            kept = self._kept(before.left)
            if kept is not None:
                run = self.grader.verdict(exercise, kept)
            else:
                run = self.grader.grade(exercise, _notebook(self.store.get(sha)))
            verdict = partly.joined(run, before.checks, difference.checks)
            anew = [one["name"] for one in verdict.checks if one["name"] in difference.checks]
            result = told(verdict) | {"ran": before.ran, "anew": anew}
            executed = self._keep(run.executed, gzipped) or before.executed
            left = before.left if kept is not None else self._keep(run.left, keeping.packed)
        points = round(verdict.points * share, 6)
        log.info("graded %s of %s: %g of %g points, %s, %.1f s", name, user, points, verdict.of, verdict.outcome, verdict.seconds)

        def write(session: Session) -> None:
            session.add(
                Grade(
                    submission_id=claim.subject,
                    version_id=claim.version,
                    run=claim.run,
                    outcome=verdict.outcome.value,
                    points=points,
                    of=verdict.of,
                    verdict=result,
                    graded_at=self.clock(),
                    seconds=round(verdict.seconds, 3),
                    executed=executed,
                    left=left,
                )
            )

        return queue.finish(self.database, claim, self.clock, write)

    def _files(self, source: str) -> dict[str, bytes]:
        return archive.unpack(self.store.get(source), archive.EXERCISE)

    def _exercise(self, name: str, source: str, student: str, hidden: str) -> Any:
        files = self._files(source)
        facts = definition.read(name, files)
        handed_out, prepared = (archive.unpack(self.store.get(sha), PREPARED) for sha in (student, hidden))
        return graded(facts, files, handed_out, prepared)

    def _keep(self, found: Any, pack: Callable[[Any], bytes | None]) -> str | None:
        """Store what is good to have beside a grade; a disk that is full costs nobody the grade itself."""
        data = None if found is None else pack(found)
        try:
            return None if data is None else self.store.put(data)
        except OSError as error:
            log.warning("beside a grade nothing is kept: %s", error)
            return None

    def _kept(self, sha: str | None) -> Left | None:
        """What a run left; None where it was not kept, or is lost by now: running again costs less than giving up."""
        try:
            return None if sha is None else keeping.unpacked(self.store.get(sha))
        except StoreError as error:
            log.warning("what a run left is lost, so that it runs again: %s", error)
            return None

    # --- a version -------------------------------------------------------------------------------------------------------------

    def _laws(self, claim: queue.Claim) -> bool:
        with self.database.read() as session:
            version = session.get_one(Version, claim.version)
            name, sha = version.exercise.name, version.archive
        files = archive.unpack(self.store.get(sha), archive.EXERCISE)
        laws: list[Law] = []

        def tell(law: Law) -> None:
            laws.append(law)
            log.info("%s, version %d: %s %s %s", name, claim.version, law.law, law.subject, "holds" if law.held else law.detail)
            self._report(claim, {"laws": reported(laws), "error": None})

        exam = Exam(name, files, self.grader)
        exam.run(tell)
        accepted: dict[str, str] = {}
        if all(law.held for law in laws):
            # A trial too: whoever has tried an exercise shall not be surprised by its push.
            seed, prepared = self._own_seed(exam)
            tell(exam.solution(seed, GRADER_SEED))
            if laws[-1].held:
                accepted = {
                    "student": self.store.put(archive.pack(exam.student, compress=True)),
                    "hidden": self.store.put(archive.pack(prepared, compress=True)),
                }

        def write(session: Session) -> None:
            found = session.get_one(Version, claim.version)
            broken = sum(not law.held for law in laws)
            found.report = {"laws": reported(laws), "error": BROKEN.format(count=broken) if broken else None}
            handed_out = TRIED if found.number < 0 else ACCEPTED
            found.state = handed_out if accepted else REFUSED
            found.student, found.hidden = accepted.get("student"), accepted.get("hidden")

        return queue.finish(self.database, claim, self.clock, write)

    def _own_seed(self, exam: Exam) -> tuple[int, dict[str, bytes]]:
        """A seed that nobody can guess from the exercise's name or files, and what data.py makes of it."""
        seed = 1 + secrets.randbelow(definition.MOST_SEED - 1)
        exam.prepared[seed] = self.grader.prepare(exam.files, seed)
        return seed, exam.prepared[seed]

    def _report(self, claim: queue.Claim, report: dict[str, Any]) -> None:
        """Show how far the laws are; only who holds the job may."""
        with self.database.write() as session:
            if queue.held(session, claim):
                session.get_one(Version, claim.version).report = report

    # --- our own failures ------------------------------------------------------------------------------------------------------

    def _back(self, claim: queue.Claim, reason: str) -> bool:
        def give_up(session: Session) -> None:
            if claim.kind == GRADE:
                # Its status says that it failed on our side; no grade, and it costs no attempt.
                return
            found = session.get_one(Version, claim.version)
            found.state = REFUSED
            found.report = {**(found.report or {"laws": []}), "error": GAVE_UP.format(reason=reason)}

        return queue.give_back(self.database, claim, self.clock, reason, give_up)


def told(verdict: Verdict) -> dict[str, Any]:
    """What of a verdict its student reads: hidden checks by name and message, as their author wrote them."""
    return {"message": verdict.message, "checks": verdict.checks, "outcome": Outcome(verdict.outcome).value}


def reported(laws: list[Law]) -> list[dict[str, Any]]:
    """The laws as plain data."""
    return [
        {"law": one.law, "subject": one.subject, "held": one.held, "detail": one.detail, "seconds": round(one.seconds, 1)}
        for one in laws
    ]


def gzipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def _notebook(data: bytes) -> dict[str, Any]:
    """The submitted notebook; it was looked at when it arrived."""
    found = json.loads(archive.unpack(data)["notebook.ipynb"])
    return found if isinstance(found, dict) else {"cells": []}

