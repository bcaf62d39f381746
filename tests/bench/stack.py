"""What a person waits for: a second `make up`, and from the click to the first answered cell.

Invariant: measured on a class of its own, made and forgotten here; each click is a newcomer's, so the
home and the course are made in it. Images have been built before.
"""

import socket
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.helpers import hub_client, stack

PASSWORD = "seven blue herons at noon"

TOTAL = "click → first Python cell answered"
SPAWN = "  container, home, course, server"
PAGE = "  JupyterLab's page"
KERNEL = "  kernel started and connected"
CELL = "  first cell"
SPARK = "then → first Spark job answered"

AGAIN = "second make up: {seconds:.1f} s"
CLICKED = "click to first cell: {total:.1f} s"


@dataclass(frozen=True)
class Found:
    """Seconds, one for each round."""

    again: list[float] = field(default_factory=list)
    click: dict[str, list[float]] = field(default_factory=dict)


@contextmanager
def own_class() -> Iterator[stack.Stack]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as state:
        made = stack.Stack(f"dataflow-bench-{uuid.uuid4().hex[:6]}", port, Path(state))
        with stack.running(made):
            yield made


def click(of: stack.Stack) -> dict[str, float]:
    """Measure one newcomer's first start."""
    name = f"ana{uuid.uuid4().hex[:6]}"
    person = hub_client.log_in(of.url, name, of.user(name), PASSWORD)
    marks = [time.monotonic()]
    lab = person.start()
    marks.append(time.monotonic())
    page = lab.request("GET", "lab")
    assert page.status_code == 200 and "jupyter-config-data" in page.text, page.text
    marks.append(time.monotonic())
    kernel = lab.kernel()
    marks.append(time.monotonic())
    assert kernel.run("6 * 7").ok().value == "42"
    marks.append(time.monotonic())
    assert kernel.run("spark.range(7).count()").ok().value == "7"
    marks.append(time.monotonic())
    kernel.close()
    person.stop()
    parts = dict(
        zip(
            (SPAWN, PAGE, KERNEL, CELL, SPARK),
            (after - before for before, after in zip(marks, marks[1:], strict=False)),
            strict=True,
        )
    )
    return {TOTAL: marks[4] - marks[0], **parts}


def measure(rounds: int, say: Callable[[str], None]) -> Found:
    """Return the seconds of each round; raise AssertionError if an answer was wrong."""
    found = Found()
    with own_class() as made:
        for _ in range(rounds):
            began = time.monotonic()
            made.up()
            found.again.append(time.monotonic() - began)
            say(AGAIN.format(seconds=found.again[-1]))
        click(made)  # warms the host's file cache, as in the other measures
        for _ in range(rounds):
            measured = click(made)
            say(CLICKED.format(total=measured[TOTAL]))
            for name, seconds in measured.items():
                found.click.setdefault(name, []).append(seconds)
    return found
