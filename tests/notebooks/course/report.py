"""A course's report: one page that names what failed, and each notebook as it was executed.

Invariant: the pages need no network and run no script, so they can be kept as a CI's artifact and opened
anywhere; whatever a notebook said is escaped, or is HTML that stood in its outputs.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from nbconvert import HTMLExporter

from tests.notebooks.course.failing import Failure, executed, failures
from tests.notebooks.course.folder import Folder
from tests.notebooks.runner import Result

PAGES = "notebooks"
FAILING_TAG = "dataflow-failing"
_SCRIPT = re.compile(r"<script\b.*?</script\s*>|<link\b[^>]*>", re.DOTALL | re.IGNORECASE)
# Beside nbconvert's own style: the cell that a reader came for.
STYLE = (
    f"<style>.celltag_{FAILING_TAG} {{ outline: 3px solid #c62828; outline-offset: 4px }} "
    f".celltag_{FAILING_TAG}::before {{ content: 'This cell failed'; color: #c62828; font: bold 14px sans-serif }}</style>"
)


@dataclass(frozen=True)
class Row:
    """One run on the page: `page` is the executed notebook, if there is one."""

    name: str
    runner: str
    seconds: float
    megabytes: float
    page: str
    failures: tuple[Failure, ...]


def write(report: Path, course: Folder, broken: Mapping[str, Sequence[str]], results: Sequence[Result]) -> Path:
    """Write index.html and the executed notebooks below `report`; return the index.

    `broken` has the problems of files that were found before anything ran, by notebook.
    """
    pages = report / PAGES
    pages.mkdir(parents=True, exist_ok=True)
    for old in pages.glob("*.html"):
        old.unlink()
    rows = [_row(result, pages) for result in sorted(results, key=lambda result: str(result.job))]
    at_fault = sorted({*broken, *(row.name for row in rows if row.failures)})
    index = report / "index.html"
    page = _template().render(course=course.name, broken=broken, rows=rows, at_fault=at_fault, total=len(course.lessons))
    index.write_text(page, encoding="utf-8")
    return index


def _row(result: Result, pages: Path) -> Row:
    job, notebook = result.job, executed(result)
    found = tuple(failures(result, notebook))
    page = ""
    if notebook is not None:
        path = pages / f"{job}.html"
        path.write_text(_page(notebook, [failure.cell for failure in found], str(job)), encoding="utf-8")
        page = f"{PAGES}/{path.name}"
    runner = " ".join(filter(None, (job.runner, job.variant)))
    return Row(job.lesson.name, runner, result.run.wall_seconds, result.run.peak_bytes / 1e6, page, found)


def _page(notebook: Any, failing: Sequence[int | None], title: str) -> str:
    for index, cell in enumerate(notebook["cells"]):
        if index in failing:
            cell["metadata"]["tags"] = [*cell["metadata"].get("tags", []), FAILING_TAG]
    exporter = HTMLExporter(template_name="lab")
    body, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title}})
    return _SCRIPT.sub("", body).replace("</head>", f"{STYLE}</head>", 1)


def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("index.html.j2")
