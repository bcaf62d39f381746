"""A class in a database of its own, without a hub; and, for the pages, the fixtures of the service's tests."""

from datetime import UTC, datetime, timedelta

import pytest

from exercises.service import queue
from exercises.service.database import Database
from exercises.service.models import ACCEPTED, GRADE, Exercise, Grade, Submission, Version
from tests.exercises.service.conftest import clock, handed_out, hub, people, service
from tests.helpers.databases import url_of

__all__ = ["clock", "handed_out", "hub", "people", "service"]

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Class:
    """One exercise, worth 10 points, and what students did at which minute after noon."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as session:
            made = Exercise(course="spark1", name="shops")
            session.add(made)
            session.flush()
            self.exercise = made.id
            self.version = self.add_version(session, made.id, 1)

    def add_version(self, session, exercise: int, number: int) -> int:
        made = Version(
            exercise_id=exercise, number=number, archive="a" * 64, student="b" * 64, hidden="c" * 64, state=ACCEPTED,
            title="Shops", points=10.0, opens=None, due=None, attempts=0, late="refuse", pushed_by="teacher", pushed_at=NOON,
        )  # fmt: skip
        session.add(made)
        session.flush()
        return made.id

    def submitted(self, user: str, minute: int, points: float | None, *, checks: dict[str, bool] | None = None) -> str:
        """Hand in; None points is not yet graded. `checks` are the visible ones."""
        with self.database.write() as session:
            number = session.query(Submission).filter_by(user=user, exercise_id=self.exercise).count() + 1
            identity = f"{user}-{number}"
            session.add(
                Submission(
                    id=identity, exercise_id=self.exercise, version_id=self.version, user=user, number=number, archive="d" * 64,
                    size=1, files=1, received_at=self.at(minute), late_seconds=0, share=1.0,
                )
            )  # fmt: skip
            session.flush()
            queue.add(session, GRADE, identity, self.version, self.at(minute))
        if points is not None:
            self.graded(points, checks or {"rows": points == 10})
        return identity

    def graded(self, points: float, checks: dict[str, bool], run: int = 1) -> None:
        claim = queue.take(self.database, "test", lambda: NOON, (GRADE,))
        told = [
            {"name": name, "points": 4.0, "earned": 4.0 * passed, "passed": passed, "message": "", "visible": True}
            for name, passed in checks.items()
        ]

        def write(session) -> None:
            session.add(
                Grade(
                    submission_id=claim.subject, version_id=claim.version, run=claim.run, outcome="ok", points=points, of=10.0,
                    verdict={"message": None, "checks": told}, graded_at=NOON, seconds=1.0,
                )
            )  # fmt: skip

        assert queue.finish(self.database, claim, lambda: NOON, write)

    @staticmethod
    def at(minute: int) -> datetime:
        return NOON + timedelta(minutes=minute)


@pytest.fixture
def database(tmp_path):
    made = Database(url_of(tmp_path))
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def lesson(database) -> Class:
    return Class(database)
