"""`check()`: the visible checks, run at once in the student's own kernel over the tables that are there.

Invariant: it shows one panel and never raises; it reads the lakehouse and changes nothing. Where nothing was handed out beside the
notebook (a graded run, say), it says so in a line. The class board is told which checks pass, after the panel is shown: whether
that arrives makes no difference to the student.
"""

import html
import json
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER = ".exercise"
ABOUT, CHECKS, FACTS = "exercise.json", "checks.py", "facts.json"

NOT_HERE = "check() runs in the folder that was fetched; here it has nothing to check. Your work is graded all the same."
NOT_LOCAL = "check() reads tables of this lab's own disk; yours are at {root}. They are checked when you submit."
NO_LAKEHOUSE = "check() needs the kernel \"Spark + Delta\": choose it at the top right, run the cells above, then this one."
DAMAGED = "The exercise's own files cannot be read ({reason}). Fetch it again; your notebook stays as it is."
TITLE_ALL = "{title}: all {count} visible checks pass"
TITLE_SOME = "{title}: {passed} of {count} visible checks pass"
TITLE_NONE = "{title}: no check is visible"
BROKE = "This check could not be completed on your tables ({kind})."
POINTS = "{points:g} points"
MORE = "More checks run when you submit, on data that you have not seen; they are worth {points:g} of the {of:g} points."
TOLD = "Those who teach the course see which of these checks pass, so that they can help."
PASSED, FAILED = "passed", "not yet"
TELL_SECONDS = 5.0
SQLITE = "sqlite:///"
MIME = "application/vnd.dataflow.exercise+json"
_COLOURS = {True: "#2e7d32", False: "#b26a00"}


def check() -> None:
    """Show how the visible checks of the exercise in this folder stand."""
    from IPython.display import display

    shown = bundle(Path.cwd(), _root())
    display(shown, raw=True)
    if found := shown.get(MIME, {}).get("checks"):
        threading.Thread(target=tell, args=(Path.cwd(), found), name="tell-checks", daemon=True).start()


def tell(folder: Path, found: Sequence[dict[str, Any]]) -> None:
    """Tell the service which checks pass. Never raises: a service that is away must not be noticed here."""
    with suppress(Exception):
        from exercises.client import from_environment
        from exercises.student import place

        here = place.around(folder)
        if here is not None:
            client = from_environment(seconds=TELL_SECONDS, pauses=())
            client.tell_checks(here.course, here.name, {one["name"]: one["passed"] for one in found})


def bundle(folder: Path, root: str | None) -> dict[str, Any]:
    """Return the panel for the exercise in `folder` over the lakehouse at `root`, in its three forms. Never raises."""
    place = folder / FOLDER
    if not (place / ABOUT).is_file():
        return _line(NOT_HERE)
    if root is None:
        return _line(NO_LAKEHOUSE)
    if not root.startswith("/"):
        return _line(NOT_LOCAL.format(root=root))
    try:
        about = json.loads((place / ABOUT).read_text(encoding="utf-8"))
        found = run(place, Path(root))
        title, points = str(about["title"]), float(about["points"])
    except (Exception, SystemExit) as error:  # an edited or half-fetched folder: the notebook goes on
        return _line(DAMAGED.format(reason=type(error).__name__))
    return _panel(title, points, found)


def run(place: Path, lakehouse: Path) -> list[dict[str, Any]]:
    """Run the visible checks; return name, points, passed and message of each. Raises what reading their files raises."""
    from exercises.checks import Result, collect

    if not (place / CHECKS).is_file():
        return []
    result = Result(lakehouse, json.loads((place / FACTS).read_text(encoding="utf-8")), models=_models())
    return [_one(check, result) for check in collect(place / CHECKS)]


def _models() -> Any:
    """Where this lab's MLflow keeps runs and models; None if that is a server's."""
    from exercises.runner.models import Store

    database, artifacts = (os.environ.get(name, "") for name in ("MLFLOW_TRACKING_URI", "_MLFLOW_SERVER_ARTIFACT_ROOT"))
    if not database.startswith(SQLITE):
        return None
    return Store(Path(database.removeprefix(SQLITE)), Path(artifacts))


def _one(check: Any, result: Any) -> dict[str, Any]:
    told = {"name": check.name, "points": check.points, "passed": True, "message": ""}
    try:
        check.run(result)
    except AssertionError as error:
        told.update(passed=False, message=str(error) or check.message)
    except Exception as error:  # a shape that the check did not expect, as in grading
        told.update(passed=False, message=check.message or BROKE.format(kind=type(error).__name__))
    return told


def _root() -> str | None:
    """The root of this kernel's lakehouse, or None in another kernel."""
    from IPython import get_ipython

    shell = get_ipython()
    lakehouse = shell.user_ns.get("lakehouse") if shell is not None else None
    return getattr(lakehouse, "root", None)


def _panel(title: str, points: float, found: list[dict[str, Any]]) -> dict[str, Any]:
    passed = sum(one["passed"] for one in found)
    form = TITLE_NONE if not found else TITLE_ALL if passed == len(found) else TITLE_SOME
    head = form.format(title=title, passed=passed, count=len(found))
    hidden = points - sum(one["points"] for one in found)
    foot = " ".join([*([MORE.format(points=hidden, of=points)] if hidden > 0 else []), *([TOLD] if found else [])])
    plain = [head]
    rows = []
    for one in found:
        word = PASSED if one["passed"] else FAILED
        plain.append(f"  {word:<8} {one['name']} ({POINTS.format(points=one['points'])})" + _after(one["message"]))
        rows.append(
            f'<tr><td style="color:{_COLOURS[one["passed"]]};text-align:left;white-space:nowrap"><b>{word}</b></td>'
            f'<td style="text-align:left">{html.escape(one["name"])}<br><small>{html.escape(one["message"])}</small></td>'
            f'<td style="white-space:nowrap">{POINTS.format(points=one["points"])}</td></tr>'
        )
    told = {"title": title, "checks": found}
    body = f"<p><b>{html.escape(head)}</b></p><table>{''.join(rows)}</table><p><small>{html.escape(foot)}</small></p>"
    return {MIME: told, "text/html": body, "text/plain": "\n".join([*plain, *([foot] if foot else [])])}


def _after(message: str) -> str:
    return f"\n           {message}" if message else ""


def _line(text: str) -> dict[str, Any]:
    return {"text/html": f"<p>{html.escape(text)}</p>", "text/plain": text}
