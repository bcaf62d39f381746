"""One new version and one student: each test is one case of who changed what."""

import json

import pytest

from exercises.student import cells, merge
from exercises.student.place import Fetched, sha
from tests.exercises.student.samples import cell, first_version, notebook


def fetched(files: dict[str, bytes], version: int = 1) -> Fetched:
    notebooks = {name: content for name, content in files.items() if name.endswith(".ipynb")}
    return Fetched(version, {name: sha(content) for name, content in files.items()}, notebooks)


def step(mine: bytes | None, base: bytes | None, new: bytes | None, name: str = "rows.csv") -> merge.Step | None:
    found = merge.steps(
        {} if mine is None else {name: mine},
        fetched({} if base is None else {name: base}),
        {} if new is None else {name: new},
    )
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("mine", "base", "new", "kind", "write", "beside"),
    [
        (None, None, b"v1", "new", b"v1", None),
        (b"v1", b"v1", b"v2", "updated", b"v2", None),
        (None, b"v1", b"v1", "back", b"v1", None),
        (None, b"v1", b"v2", "back", b"v2", None),
        (b"mine", b"v1", b"v2", "beside", None, b"v2"),
        # Nobody fetched it, the student made it, and now there is one of that name.
        (b"mine", None, b"v2", "beside", None, b"v2"),
        (b"v1", b"v1", None, "removed", None, None),
        (b"mine", b"v1", None, "yours", None, None),
    ],
)
def test_a_file(mine, base, new, kind, write, beside):
    assert step(mine, base, new) == merge.Step("rows.csv", kind, write, beside)


@pytest.mark.parametrize(
    ("mine", "base", "new"),
    [(b"v1", b"v1", b"v1"), (b"v2", b"v1", b"v2"), (b"mine", b"v1", b"v1"), (None, b"v1", None), (b"v1", None, b"v1")],
)
def test_a_file_that_stays(mine, base, new):
    assert step(mine, base, new) is None


def together(mine, base, new) -> tuple[list[tuple[str, str]], cells.Together]:
    """Cells by id and source after the merge, and the merge."""
    found = cells.merge(notebook(*mine), notebook(*base), notebook(*new))
    assert found is not None
    told = json.loads(found.notebook)["cells"]
    return [(one["id"], "".join(one["source"])) for one in told], found


def changed(version: list[dict], **sources: str) -> list[dict]:
    return [{**one, "source": sources.get(one["id"], one["source"])} for one in version]


def ran(version: list[dict]) -> list[dict]:
    """The same, after "Run all"."""
    out = [{"output_type": "stream", "name": "stdout", "text": "6"}]
    return [{**one, "outputs": out, "execution_count": 7} if one["cell_type"] == "code" else one for one in version]


def test_an_answer_stays_and_the_text_around_it_comes():
    mine = ran(changed(first_version(), total="total = sum(rows)"))
    found, told = together(mine, first_version(), changed(first_version(), task="Make `total`, a number.", read="rows = [4]"))
    assert dict(found) == {
        "title": "# First steps",
        "read": "rows = [4]",
        "task": "Make `total`, a number.",
        "total": "total = sum(rows)",
        "check": "check()",
    }
    assert told.changed and not told.conflicts
    merged = {one["id"]: one for one in json.loads(told.notebook)["cells"]}
    assert merged["total"]["outputs"] and not merged["read"]["outputs"]


def test_running_it_is_no_change():
    found, told = together(ran(first_version()), first_version(), changed(first_version(), total="total = None"))
    assert dict(found)["total"] == "total = None" and not told.conflicts


def test_nothing_new_leaves_the_very_bytes():
    mine = notebook(*ran(changed(first_version(), total="total = 6")))
    told = cells.merge(mine, notebook(*first_version()), notebook(*first_version()))
    assert told == cells.Together(mine, False, False)


def test_where_both_changed_a_cell_the_students_stays():
    mine = changed(first_version(), total="total = 6")
    found, told = together(mine, first_version(), changed(first_version(), total="total = None", task="Make it."))
    assert dict(found)["total"] == "total = 6" and dict(found)["task"] == "Make it." and told.conflicts


def test_new_cells_come_to_their_place_and_own_ones_keep_theirs():
    first = first_version()
    mine = [*first[:4], cell("try", "print(total)"), first[4]]
    more = cell("more", "rest = ...", grade_id="more", solution=True)
    newer = [*first[:2], cell("hint", "Use sum.", kind="markdown"), *first[2:], more]
    found, _ = together(mine, first, newer)
    assert [identity for identity, _ in found] == ["title", "read", "hint", "task", "total", "try", "check", "more"]


def test_a_student_who_moved_cells_keeps_the_order():
    first = first_version()
    mine = [first[3], first[0], first[1], first[2], first[4]]
    newer = [*first[:3], cell("hint", "Use sum.", kind="markdown"), *first[3:]]
    found, _ = together(mine, first, newer)
    assert [identity for identity, _ in found] == ["total", "title", "read", "task", "hint", "check"]


def test_a_deleted_answer_comes_back_and_deleted_text_does_not():
    first = first_version()
    mine = [one for one in first if one["id"] in ("title", "read", "check")]
    found, told = together(mine, first, first)
    assert [identity for identity, _ in found] == ["title", "read", "total", "check"] and told.changed


def test_cells_that_left_the_exercise_go_unless_they_were_changed():
    first = first_version()
    newer = [one for one in first if one["id"] not in ("task", "total")]
    found, _ = together(changed(first, total="total = 6"), first, newer)
    assert [identity for identity, _ in found] == ["title", "read", "total", "check"]


def test_a_copied_answer_loses_no_text():
    first = first_version()
    copy = {**first[3], "id": "copy", "source": "total = 5"}
    mine = [*changed(first, total="total = 6"), copy]
    found, _ = together(mine, first, changed(first, task="Make it."))
    assert ("total", "total = 6") in found and ("copy", "total = 5") in found


def test_an_answer_is_known_by_its_grade_id_when_its_id_was_made_anew():
    first = first_version()
    mine = [{**one, "id": f"new-{place}"} for place, one in enumerate(changed(first, total="total = 6"))]
    found, told = together(mine, first, changed(first, read="rows = [4]"))
    sources = [source for _, source in found]
    assert "total = 6" in sources and "rows = [4]" in sources and "rows = [1, 2, 3]" not in sources and not told.conflicts


def test_labels_of_grading_are_repaired():
    first = first_version()
    label = {**first[3]["metadata"]["nbgrader"], "solution": False}
    broken = {**first[3], "metadata": {"nbgrader": label}, "source": "total = 6"}
    _, told = together([*first[:3], broken, first[4]], first, first)
    assert json.loads(told.notebook)["cells"][3]["metadata"]["nbgrader"]["solution"] is True


@pytest.mark.parametrize("mine", [b"{ not json", b"[]", b'{"cells": [], "nbformat": 4, "nbformat_minor": 2}', b"\xff\xfe"])
def test_a_notebook_that_cannot_be_read_stays_and_the_good_one_comes_beside_it(mine):
    base = notebook(*first_version())
    assert step(mine, base, base, "notebook.ipynb") == merge.Step("notebook.ipynb", "beside", None, base)


def test_a_conflict_lays_the_new_notebook_beside():
    base, new = notebook(*first_version()), notebook(*changed(first_version(), total="total = None", task="Make it."))
    found = step(notebook(*changed(first_version(), total="total = 6")), base, new, "notebook.ipynb")
    assert found.kind == "beside" and found.beside == new and b"Make it." in found.write and b"total = 6" in found.write


def test_a_notebook_of_which_nothing_was_remembered_stays():
    mine, new = notebook(*changed(first_version(), total="total = 6")), notebook(*first_version())
    assert step(mine, None, new, "notebook.ipynb") == merge.Step("notebook.ipynb", "beside", None, new)
