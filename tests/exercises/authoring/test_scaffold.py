"""`exercises new`: what it writes keeps every law that needs no notebook; the others are tried in containers."""

import pytest

from exercises import folder, scaffold
from exercises.errors import ExerciseError
from exercises.laws import Exam
from tests.exercises.authoring.samples import PlayedGrader


def test_what_is_made_keeps_the_laws(tmp_path):
    made = scaffold.new("night-shift", tmp_path)
    files = folder.read(made)
    assert set(files) == {"exercise.toml", "notebook.ipynb", "checks.py", "data.py", "wrong/forgets-to-group.ipynb"}
    exam = Exam("night-shift", files, PlayedGrader())
    found = exam.run(only=("none",))
    assert [law.law for law in found] == ["form", "leaks", "points", "deterministic", "data"]
    assert all(law.held for law in found), found
    assert exam.definition.title == "Night shift" and b"# Night shift" in files["notebook.ipynb"]
    assert [one.visible for one in exam.checks] == [True, False]
    assert set(exam.student) == {
        "notebook.ipynb",
        "data/sales.csv",
        ".exercise/checks.py",
        ".exercise/facts.json",
        ".exercise/exercise.json",
    }


def test_nothing_is_overwritten_and_a_bad_name_is_refused(tmp_path):
    (tmp_path / "mine").mkdir()
    with pytest.raises(ExerciseError, match="mine is there already"):
        scaffold.new("mine", tmp_path)
    for name in ("Mine", "a/b", "..", ""):
        with pytest.raises(ExerciseError, match="no name for an exercise"):
            scaffold.new(name, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
