"""A pytest plugin that writes down what nbval saw, inside a lab container.

Invariant: it only records; nbval alone compares. RECORD_OUT/NAME.ipynb is the lesson with the
outputs of this run, RECORD_OUT/nbval.json the outcome of each code cell.
"""

import json
import os
from pathlib import Path

import nbformat

_cells: list[dict] = []
_items: list = []


def pytest_runtest_logreport(report):
    if report.when == "call" or report.failed:
        _cells.append(
            {
                "cell": report.nodeid.rpartition("::")[2],
                "outcome": report.outcome,
                "seconds": round(report.duration, 2),
                "message": report.longreprtext if report.failed else "",
            }
        )


def pytest_runtest_teardown(item):
    _items.append(item)


def pytest_sessionfinish(session):
    out = Path(os.environ["RECORD_OUT"])
    (out / "nbval.json").write_text(json.dumps(_cells, indent=1))
    if not _items:
        return
    # Only now: the comparison reads the outputs that were kept.
    for cell in _items[0].parent.nb.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    for item in _items:
        item.cell.outputs = [plain(output) for output in item.test_outputs or []]
    name = _items[0].path.name
    nbformat.write(_items[0].parent.nb, out / name)


def plain(output):
    """Return an output without what nbformat does not know."""
    if output.output_type == "execute_result":
        output.setdefault("execution_count", None)
    return output
