"""Every exercise of the catalog is told of where people look: on the instructors' page, and in the lesson that it follows."""

import json
import tomllib

import pytest

from exercises import folder
from tests.docs import course
from tests.helpers.versions import ROOT

CATALOG = sorted(path.parent.name for path in folder.CATALOG.glob("*/exercise.toml"))
PAGE = (ROOT / "docs" / "instructor.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CATALOG)
def test_an_exercise_is_in_the_table_and_in_its_lesson(name):
    needs = tomllib.loads((folder.CATALOG / name / "exercise.toml").read_text(encoding="utf-8"))["needs"]
    row = next((line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")), "")
    lesson = next((one for one in needs if row.startswith(f"| `{name}` | {one[:2]} |")), None)
    assert lesson, f"docs/instructor.md has no row for {name} with the number of one of {needs}: {row!r}"
    cells = json.loads((course.LESSONS / f"{lesson}.ipynb").read_text(encoding="utf-8"))["cells"]
    told = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    assert f"`{name}`" in told, f"{lesson} does not name its exercise {name}"
