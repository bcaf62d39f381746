"""A picture that follows running streams.

Invariant: one picture in the notebook, drawn anew in its place only when a stream has reported something; the call ends when
every stream has ended or the time is up, it never stops a stream, and what ended a stream with an error is raised here.

    from lab_kernel import live_plot

    def draw(axes, reports):
        axes.plot([report["numInputRows"] for report in reports["orders"]])

    live_plot.follow(query, draw)
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

Reports = dict[str, list[Any]]
Draw = Callable[[Any, Reports], None]

EVERY = 0.25


def follow(queries: Any, draw: Draw, *, seconds: float = 120.0, size: tuple[float, float] = (9, 3)) -> Reports:
    """Shows a picture of one or several streaming queries while they run; returns all their reports, by query name.

    `draw(axes, reports)` gets empty axes and, for each query's name, its progress reports so far (as `query.recentProgress` has
    them, but all, oldest first). A query without a name is known by its id. `seconds` is the longest that the picture follows; a
    stream that is still running then goes on. `size` is the figure's in inches.
    Raises ValueError if there is no query or two have the same name, and the StreamingQueryException of a query that failed.
    """
    import matplotlib.pyplot as plt
    from IPython.display import display

    figure, axes = plt.subplots(figsize=size, layout="constrained")
    plt.close(figure)  # else the notebook would show it a second time when the cell ends
    shown = None

    def redraw(reports: Reports) -> None:
        nonlocal shown
        axes.clear()
        draw(axes, reports)
        if shown is None:
            shown = display(figure, display_id=True)
        else:
            shown.update(figure)

    return watch(queries, redraw, seconds)


def watch(queries: Any, changed: Callable[[Reports], None], seconds: float, wait: Callable[[float], None] = time.sleep) -> Reports:
    """Calls `changed(reports)` at the start and whenever there are new reports, until the streams have ended; see `follow`."""
    streams = _named(queries)
    reports: Reports = {name: [] for name in streams}
    changed(reports)
    deadline = time.monotonic() + seconds
    while True:
        # Asked before its reports are read: what a stream reports with its last breath is not missed.
        ended = not any(query.isActive for query in streams.values())
        fresh = [_add(reports[name], query.recentProgress) for name, query in streams.items()]
        if any(fresh):
            changed(reports)
        if ended or time.monotonic() >= deadline:
            break
        wait(EVERY)
    for query in streams.values():
        if not query.isActive and (error := query.exception()):
            raise error
    return reports


def _named(queries: Any) -> dict[str, Any]:
    several = list(queries) if isinstance(queries, Iterable) else [queries]
    named = {query.name or str(query.id): query for query in several}
    if not several or len(named) < len(several):
        names = ", ".join(str(query.name) for query in several) or "none"
        raise ValueError(f"A picture follows one or more queries of different names; got: {names}. Next: give each its queryName.")
    return named


def _add(known: list[Any], recent: Iterable[Any]) -> bool:
    """Appends the reports that are not known yet; returns whether there were any. Spark keeps the last hundred only."""
    newest = (known[-1]["batchId"], known[-1]["timestamp"]) if known else (-1, "")
    fresh = [report for report in recent if (report["batchId"], report["timestamp"]) > newest]
    known.extend(fresh)
    return bool(fresh)
