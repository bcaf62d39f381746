"""An exercise's folder: what is part of it, what is refused, where it is looked for."""

import json

import pytest

from exercises import folder
from exercises.errors import ExerciseError
from exercises.form import release
from exercises.runner import archive
from tests.exercises.authoring import samples


@pytest.fixture
def sums(tmp_path):
    for name, content in samples.files().items():
        (tmp_path / "sums" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "sums" / name).write_bytes(content)
    return tmp_path / "sums"


def test_what_tools_leave_behind_is_not_read(sums):
    before = folder.read(sums)
    for name in ("__pycache__/a.pyc", ".ipynb_checkpoints/a.ipynb", "wrong/.ipynb_checkpoints/a.ipynb", "derby.log", ".DS_Store"):
        (sums / name).parent.mkdir(parents=True, exist_ok=True)
        (sums / name).write_bytes(b"x")
    assert folder.read(sums) == before
    assert archive.unpack(folder.packed(sums)) == before


def test_links_and_odd_names_are_refused(sums):
    (sums / "link.py").symlink_to(sums / "data.py")
    with pytest.raises(ExerciseError, match="link.py is a link"):
        folder.read(sums)
    (sums / "link.py").unlink()
    (sums / ("n" * 130)).write_bytes(b"")
    with pytest.raises(ExerciseError, match="is longer than 120"):
        folder.read(sums)


def test_what_is_too_large_to_push_is_refused(sums, monkeypatch):
    monkeypatch.setattr(archive, "EXERCISE", archive.Limits(bytes=1000))
    with pytest.raises(ExerciseError, match="larger than"):
        folder.packed(sums)


def test_an_exercise_is_found_by_path_by_name_and_in_the_catalog(sums, monkeypatch):
    monkeypatch.chdir(sums.parent)
    assert folder.find("sums") == folder.find(str(sums)) == folder.find("./sums/") == sums.resolve()
    assert folder.find("silver-quarantine") == folder.CATALOG / "silver-quarantine"
    (sums.parent / "empty").mkdir()
    assert folder.find("empty").name == "empty"
    with pytest.raises(ExerciseError, match="There is no exercise at nothing"):
        folder.find("nothing")
    assert sums in folder.local(sums.parent)


def test_the_folder_one_is_in_is_found_by_its_name(sums, monkeypatch):
    monkeypatch.chdir(sums)
    assert folder.find(".").name == "sums"


def test_data_is_made_in_a_process_of_its_own(sums):
    made = folder.prepare(sums, 4)
    assert json.loads(made["data/numbers.json"]) == [4, 8] and json.loads(made["facts.json"]) == {"count": 2, "sum": 12}


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def make(directory, seed): raise ValueError('no rain')", "no rain"),
        ("x = 1", r"no function make\(directory, seed\)"),
        ("import os\ndef make(directory, seed): os.symlink('/', directory / 'a')", "is a link"),
    ],
)
def test_a_data_py_that_fails_is_told(sums, source, words):
    (sums / "data.py").write_text(source)
    with pytest.raises(ExerciseError, match=words):
        folder.prepare(sums, 1)


def test_a_data_py_that_never_ends_is_told(sums, monkeypatch):
    monkeypatch.setattr(folder, "PREPARE_SECONDS", 1)
    (sums / "data.py").write_text("import time\ndef make(directory, seed): time.sleep(60)")
    with pytest.raises(ExerciseError, match="took more than 1 s for seed 1"):
        folder.prepare(sums, 1)


def test_a_release_is_what_students_may_have(sums):
    made = release(sums)
    assert set(made) == {
        "notebook.ipynb",
        "data/numbers.json",
        ".exercise/checks.py",
        ".exercise/facts.json",
        ".exercise/exercise.json",
    }
    assert json.loads(made["data/numbers.json"]) == [5, 10]
    assert json.loads(made[".exercise/facts.json"]) == {"count": 2}
    told = json.loads(made[".exercise/exercise.json"])
    assert [one["name"] for one in told["checks"]] == ["the count"]
    everything = b"".join(made.values())
    for hidden in (b"the sum", b"The sum", b"left['sum']", b'"sum"'):
        assert hidden not in everything
