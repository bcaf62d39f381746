"""Fetch, submit and restore in a real folder, with the real service behind them."""

import errno
import json
from datetime import datetime
from pathlib import Path

import pytest

from exercises.client import ClientError
from exercises.student import place, work
from exercises.student.place import Trouble
from tests.exercises.service.samples import EXERCISE
from tests.exercises.student.samples import cell, first_version, hand_out, notebook, student_version

NOON = datetime(2026, 3, 2, 12, 0, 5)


@pytest.fixture
def mine(service, people, clients, home):
    """The place of an exercise that is handed out, and was fetched."""
    hand_out(service, people, student_version())
    found = place.of(home, clients.course, EXERCISE)
    work.fetch(clients.ana, found)
    return found


def answered(text: str) -> bytes:
    return notebook(*[{**one, "source": text} if one["id"] == "total" else one for one in first_version()])


def answer(folder, text: str) -> None:
    (folder / "notebook.ipynb").write_bytes(answered(text))


def answer_in(path) -> str:
    return "".join(next(one for one in json.loads(path.read_text())["cells"] if one["id"] == "total")["source"])


def tree(folder) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and ".exercise" not in path.parts}


def test_a_first_fetch_puts_everything_where_it_belongs(mine, home, clients):
    assert mine.folder == home / "exercises" / clients.course / EXERCISE
    assert tree(mine.folder) == {"notebook.ipynb", "data/rows.csv"}
    assert (mine.own / "checks.py").is_file() and mine.title == "First steps"
    assert mine.fetched().version == 1 and set(mine.fetched().hashes) == {"notebook.ipynb", "data/rows.csv"}
    assert place.around(mine.folder / "data") == mine


def test_fetching_again_changes_nothing_and_brings_back_what_is_gone(mine, clients):
    answer(mine.folder, "total = 6")
    (mine.folder / "data" / "rows.csv").unlink()
    (mine.own / "checks.py").write_text("raise SystemExit")
    done = work.fetch(clients.ana, mine).done
    assert [(one.kind, one.name) for one in done] == [("back", "data/rows.csv")]
    assert answer_in(mine.folder / "notebook.ipynb") == "total = 6"
    assert "there is a table" in (mine.own / "checks.py").read_text()


def test_a_new_version_comes_around_the_students_work(mine, clients, service, people):
    answer(mine.folder, "total = 6")
    (mine.folder / "notes.md").write_text("mine")
    newer = [{**one, "source": "Make it."} if one["id"] == "task" else one for one in first_version()]
    files = student_version(*newer, notes_dot_md=b"theirs", data__rows_dot_csv=b"id\n7\n")
    del files[".exercise/checks.py"]
    hand_out(service, people, files)
    done = {one.name: one for one in work.fetch(clients.ana, mine).done}
    assert {name: one.kind for name, one in done.items()} == {
        "notebook.ipynb": "merged",
        "notes.md": "beside",
        "data/rows.csv": "updated",
    }
    assert answer_in(mine.folder / "notebook.ipynb") == "total = 6"
    assert "Make it." in (mine.folder / "notebook.ipynb").read_text()
    assert (mine.folder / "notes.md").read_text() == "mine"
    assert done["notes.md"].beside == "notes (version 2).md" and (mine.folder / "notes (version 2).md").read_text() == "theirs"
    assert (mine.folder / "data" / "rows.csv").read_bytes() == b"id\n7\n"
    assert mine.fetched().version == 2 and not (mine.own / "checks.py").exists()
    # The next one starts from there.
    assert work.fetch(clients.ana, mine).done == ()


def test_a_conflict_is_laid_beside_under_a_name_that_says_so(mine, clients, service, people):
    answer(mine.folder, "total = 6")
    newer = [{**one, "source": "total = None"} if one["id"] == "total" else one for one in first_version()]
    hand_out(service, people, student_version(*newer))
    (one,) = work.fetch(clients.ana, mine).done
    assert (one.kind, one.beside) == ("beside", "notebook (version 2).ipynb")
    assert answer_in(mine.folder / "notebook.ipynb") == "total = 6"
    assert answer_in(mine.folder / one.beside) == "total = None"


def test_a_damaged_notebook_is_kept_once_with_a_good_one_beside(mine, clients):
    (mine.folder / "notebook.ipynb").write_text("{ broken")
    for _ in range(2):
        (one,) = work.fetch(clients.ana, mine).done
        assert one.beside == "notebook (version 1).ipynb"
    assert (mine.folder / "notebook.ipynb").read_text() == "{ broken"
    assert tree(mine.folder) == {"notebook.ipynb", "notebook (version 1).ipynb", "data/rows.csv"}


def test_a_folder_that_a_student_made_is_not_overwritten(clients, service, people, home):
    hand_out(service, people, student_version())
    found = place.of(home, clients.course, EXERCISE)
    found.folder.mkdir(parents=True)
    (found.folder / "notebook.ipynb").write_bytes(answered("total = 6"))
    done = {one.name: one.kind for one in work.fetch(clients.ana, found).done}
    assert done == {"notebook.ipynb": "beside", "data/rows.csv": "new"}
    assert answer_in(found.folder / "notebook.ipynb") == "total = 6"


def test_what_is_in_the_way_is_named_and_nothing_is_lost(mine, clients):
    (mine.folder / "data" / "rows.csv").unlink()
    (mine.folder / "data" / "rows.csv").mkdir()
    with pytest.raises(Trouble, match=r"rows.csv is in the way.*Rename it"):
        work.fetch(clients.ana, mine)


def test_a_folder_that_became_a_file_is_named(mine, clients):
    (mine.folder / "data" / "rows.csv").unlink()
    (mine.folder / "data").rmdir()
    (mine.folder / "data").write_text("mine")
    with pytest.raises(Trouble, match=r"data.* is in the way"):
        work.fetch(clients.ana, mine)
    assert (mine.folder / "data").read_text() == "mine"


def test_a_full_home_is_explained():
    told = place.trouble(Path("notebook.ipynb"), OSError(errno.ENOSPC, "No space left on device"))
    assert "notebook.ipynb could not be written or read (No space left on device). If your home is full" in str(told)


def test_a_lost_note_is_no_harm(mine, clients):
    answer(mine.folder, "total = 6")
    (mine.own / "fetched.json").write_text("{ broken")
    assert place.around(mine.folder) == mine and mine.fetched().version == 0
    (one,) = work.fetch(clients.ana, mine).done
    assert (one.kind, answer_in(mine.folder / "notebook.ipynb")) == ("beside", "total = 6")


def test_a_submission_is_the_folder_and_its_receipt_is_kept(mine, clients, service):
    answer(mine.folder, "total = 6")
    (mine.folder / "notes.md").write_text("mine")
    done = work.submit(clients.ana, mine)
    assert done.receipt["number"] == 1 and done.receipt["version"] == 1 and done.exercise["submissions"] == 1
    assert set(clients.ana.files(done.receipt["id"])) == {"notebook.ipynb", "notes.md"}
    kept = json.loads(done.kept.read_text())
    assert done.kept == mine.own / "receipts" / "0001.json"
    assert (kept["sha256"], kept["course"], kept["name"]) == (done.receipt["sha256"], clients.course, EXERCISE)


def test_it_is_handed_in_for_the_version_that_was_fetched(mine, clients, service, people):
    hand_out(service, people, student_version(*first_version(), cell("more", "")))
    done = work.submit(clients.ana, mine)
    assert (done.receipt["version"], done.exercise["version"]) == (1, 2)


def test_a_receipt_that_cannot_be_kept_does_not_undo_the_submission(mine, clients):
    (mine.own / "receipts").write_text("in the way")
    done = work.submit(clients.ana, mine)
    assert done.kept is None and done.unkept and len(clients.ana.submissions(clients.course, EXERCISE)) == 1


def test_restoring_keeps_what_is_there(mine, clients):
    for text in ("total = 1", "total = 2"):
        answer(mine.folder, text)
        (mine.folder / "notes.md").write_text(text)
        work.submit(clients.ana, mine)
    answer(mine.folder, "total = 3")
    (mine.folder / "later.md").write_text("later")
    done = {one.name: one.beside for one in work.restore(clients.ana, mine, 1, NOON).done}
    label = " (before restore 2026-03-02 12-00-05)"
    assert done == {"notebook.ipynb": f"notebook{label}.ipynb", "notes.md": f"notes{label}.md"}
    assert answer_in(mine.folder / "notebook.ipynb") == "total = 1"
    assert answer_in(mine.folder / f"notebook{label}.ipynb") == "total = 3"
    assert (mine.folder / "later.md").read_text() == "later"
    # The same second, another content: still nothing is overwritten.
    answer(mine.folder, "total = 4")
    work.restore(clients.ana, mine, 2, NOON)
    assert answer_in(mine.folder / "notebook (before restore 2026-03-02 12-00-05, 2).ipynb") == "total = 4"
    assert work.restore(clients.ana, mine, 2, NOON).done == ()
    # What was laid beside is handed in with the rest, and restoring it is no trouble.
    assert work.submit(clients.ana, mine).receipt["number"] == 3


def test_restoring_into_an_empty_home(mine, clients, home):
    import shutil

    answer(mine.folder, "total = 6")
    work.submit(clients.ana, mine)
    shutil.rmtree(mine.folder)
    work.restore(clients.ana, mine, 1, NOON)
    assert answer_in(mine.folder / "notebook.ipynb") == "total = 6"
    assert tree(mine.folder) == {"notebook.ipynb", "data/rows.csv"} and mine.is_fetched


def test_numbers_that_are_not_there(mine, clients):
    with pytest.raises(Trouble, match="not submitted anything yet"):
        work.numbered(clients.ana, mine, 1)
    work.submit(clients.ana, mine)
    with pytest.raises(Trouble, match="no submission 7. There are 1."):
        work.restore(clients.ana, mine, 7, NOON)


def test_which_exercise_is_meant(mine, clients, hub, people, home):
    def find(client, here, name=None, course=None):
        return work.find(client, home, here, name, course, "submit")

    other = place.of(home, clients.course, "other")
    assert find(clients.ana, mine.folder) == mine
    assert find(clients.ana, home, EXERCISE) == mine
    assert find(clients.ana, mine.folder, "other") == other
    assert find(clients.bruno, home, "other") == other
    with pytest.raises(Trouble, match="This folder is no exercise"):
        find(clients.ana, home)
    with pytest.raises(Trouble, match="You are in no course yet"):
        find(clients.ana.__class__(clients.ana.url, hub.token(f"nobody-{clients.course}")), home, "other")
    hub.join(f"bruno-{people.course}", f"course-{people.course}b-student")
    fresh = clients.ana.__class__(clients.ana.url, hub.token(f"bruno-{people.course}"))
    from tests.exercises.service.classroom import wait_for

    wait_for(lambda: len(fresh.courses()) == 2, 5)
    with pytest.raises(Trouble, match=f"several courses: {people.course}, {people.course}b. .*course=\"{people.course}\""):
        find(fresh, home, "other")
    assert find(fresh, home, "other", f"{people.course}b").course == f"{people.course}b"


def test_an_exercise_that_there_is_not_leaves_no_folder(clients, home, handed_out):
    for name in ("nothing", "../../etc"):
        with pytest.raises(ClientError):
            work.fetch(clients.ana, place.of(home, clients.course, name))
    assert not (home / "exercises").exists()
