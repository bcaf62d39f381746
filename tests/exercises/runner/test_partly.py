"""Only a changed check is judged anew: on what the run left, or by a further run that counts for nothing else."""

import json

import pytest
from sqlalchemy import select

from exercises.outcome import Outcome
from exercises.runner import archive, keeping
from exercises.runner.grading import Grader, Left
from exercises.runner.local import LocalSandbox
from exercises.runner.work import Work
from exercises.service import clock, queue
from exercises.service.models import ACCEPTED, GRADE, Grade, Submission, Version
from tests.exercises.runner import queue_of

HEAD = "from exercises.checks import check\n"
ONE = '@check("one", points=4)\ndef one(result):\n    assert result.exists("silver", "one")\n'
TWO = '@check("two", points={points})\ndef two(result):\n    assert result.exists("silver", "{table}"), "no {table}"\n'
FACT = '@check("fact", points=1)\ndef fact(result):\n    assert result.facts["seed"] == 1, result.facts["seed"]\n'


class Runs(Grader):
    """Judges with the real judge; what a run leaves is said by the test, and differs from run to run."""

    def __init__(self, *left: tuple[str, ...]) -> None:
        super().__init__(LocalSandbox())
        self.left, self.ran = list(left), 0

    def grade(self, exercise, submitted):
        self.ran += 1
        tables = self.left.pop(0)
        files = {f"lakehouse/silver/{name}/_delta_log/{0:020}.json": b"{}" for name in tables}
        return self.verdict(exercise, Left(Outcome.OK, "", (), 1.0, files))


class Lesson:
    """One submission, its exercise's versions, and a runner."""

    def __init__(self, folder, *left: tuple[str, ...]) -> None:
        queue_of.fill(folder, 1)
        self.database, self.store = queue_of.open_(folder)
        self.grader = Runs(*left)
        self.work = Work(self.database, self.store, self.grader, clock.now)
        with self.database.read() as session:
            self.submission, self.exercise = session.execute(select(Submission.id, Submission.exercise_id)).one()

    def version(self, number: int, *checks: str, seed: int = 1, data: bytes = b"") -> int:
        """Hand out a version; its graders' data are of that seed."""
        files = {"exercise.toml": queue_of.TOML, "notebook.ipynb": json.dumps(queue_of.notebook(1)).encode()}
        files |= {"checks.py": (HEAD + "".join(checks)).encode(), "data.py": data}
        hidden = self.store.put(archive.pack({"facts.json": json.dumps({"seed": seed}).encode()}))
        source = self.store.put(archive.pack(files))
        with self.database.write() as session:
            if number == 1:
                made = session.scalars(select(Version)).one()
                made.archive, made.student, made.hidden = source, source, hidden
                return made.id
            made = Version(number=number, archive=source, student=source, hidden=hidden, state=ACCEPTED, exercise_id=self.exercise)
            made.title, made.points, made.attempts, made.late = "Count", 10.0, 0, "accept"
            made.pushed_by, made.pushed_at = "teacher", clock.now()
            session.add(made)
            session.flush()
            return made.id

    def graded(self) -> Grade:
        """Do the one job that waits; return the grade."""
        claim = queue.take(self.database, "test", clock.now)
        assert claim is not None and self.work.do(claim)
        with self.database.read() as session:
            return session.scalars(select(Grade).order_by(Grade.run.desc())).first()

    def again(self, version: int) -> Grade:
        with self.database.write() as session:
            queue.add_all(session, GRADE, {self.submission: version}, clock.now(), changed=True)
        return self.graded()


def passed(grade: Grade) -> dict[str, bool]:
    return {one["name"]: one["passed"] for one in grade.verdict["checks"]}


@pytest.fixture
def lesson(tmp_path):
    return lambda *left: Lesson(tmp_path, *left)


def test_the_changed_check_is_judged_on_what_the_run_left_and_nothing_runs(lesson):
    made = lesson(("one", "three"))
    made.version(1, ONE, TWO.format(points=6, table="never"))
    first = made.graded()
    assert (passed(first), first.points, first.outcome) == ({"one": True, "two": False}, 2.0, "check_failed")
    second = made.again(made.version(2, ONE, TWO.format(points=5, table="three"), seed=2))
    # Half of the points, because it came late.
    assert (passed(second), second.points, second.of, second.outcome) == ({"one": True, "two": True}, 4.5, 9.0, "ok")
    assert (second.verdict["anew"], second.executed, second.left) == (["two"], first.executed, first.left)
    assert second.verdict["message"] == "All checks passed." and made.grader.ran == 1


def test_without_what_was_left_it_runs_again_and_the_others_keep_their_results(lesson, monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 0)
    made = lesson(("one",), ("three",))
    made.version(1, ONE, TWO.format(points=6, table="three"))
    first = made.graded()
    assert passed(first) == {"one": True, "two": False} and first.left is None
    second = made.again(made.version(2, ONE, TWO.format(points=6, table="three") + "    # mended\n    assert True\n"))
    # The second run left no table `one`; that check did not change, and keeps what it had.
    assert (passed(second), second.points, second.outcome) == ({"one": True, "two": True}, 5.0, "ok")
    assert made.grader.ran == 2


def test_where_what_was_left_is_lost_it_runs_again_too(lesson):
    made = lesson(("one",), ("three",))
    made.version(1, ONE, TWO.format(points=6, table="three"))
    first = made.graded()
    (made.store.root / first.left[:2] / first.left).unlink()
    second = made.again(made.version(2, ONE, TWO.format(points=5, table="three")))
    assert (passed(second), made.grader.ran) == ({"one": True, "two": True}, 2)
    assert second.left != first.left and keeping.unpacked(made.store.get(second.left)).files


def test_where_the_files_it_was_judged_by_are_lost_everything_is_graded_anew(lesson):
    made = lesson(("one",), ("one", "three"))
    made.version(1, ONE, TWO.format(points=6, table="three"))
    made.graded()
    with made.database.read() as session:
        lost = session.scalars(select(Version.archive)).one()
    version = made.version(2, ONE, TWO.format(points=5, table="three"))
    (made.store.root / lost[:2] / lost).unlink()
    found = made.again(version)
    assert passed(found) == {"one": True, "two": True} and "anew" not in found.verdict and made.grader.ran == 2


def test_it_is_judged_with_the_data_that_its_run_had_however_often(lesson):
    made = lesson(("one",))
    first = made.version(1, ONE, seed=1)
    made.graded()
    # Each version has graders' data of its own; what was left is of the first's.
    for number in (2, 3):
        found = made.again(made.version(number, ONE, FACT + "    # \n" + f"    assert {number}\n", seed=number))
        assert passed(found) == {"one": True, "fact": True} and found.verdict["ran"] == first
    assert made.grader.ran == 1


def test_a_check_that_is_gone_takes_its_points_along(lesson):
    made = lesson(("one",))
    made.version(1, ONE, TWO.format(points=6, table="never"))
    made.graded()
    found = made.again(made.version(2, ONE))
    assert (passed(found), found.points, found.of, found.outcome) == ({"one": True}, 2.0, 4.0, "ok")


def test_where_the_data_changed_everything_is_graded_anew(lesson):
    made = lesson(("one",), ())
    made.version(1, ONE)
    made.graded()
    found = made.again(made.version(2, ONE, data=b"# other"))
    assert passed(found) == {"one": False} and "anew" not in found.verdict and made.grader.ran == 2


def test_what_was_left_comes_back_as_it_was():
    files = {"lakehouse/silver/ä b/part-0.parquet": b"\0" * 9, f"lakehouse/gold/{'x' * 200}/_delta_log/{0:020}.json": b"{}"}
    found = Left(Outcome.CELL_FAILED, "The cell a raised an error.", ("b",), 2.5, files)
    assert keeping.unpacked(keeping.packed(found)) == found
    assert keeping.packed(Left(Outcome.OK, "", (), 1.0, {"lakehouse/silver/a/b.parquet": bytes(keeping.MOST + 1)})) is None
