"""`python -m exercises`: writes, checks, pushes and lists exercises.

Invariant: it only translates. The exit code is 0 when what was asked for is done, 1 when a law is broken or a version was refused,
2 when the call itself cannot be done; then a sentence says why and what to do next. A fault of the user's shows no traceback.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from exercises import again, client, definition, folder, importing, laws, place, scaffold
from exercises.client import Client, ClientError
from exercises.errors import ExerciseError
from exercises.form import passes
from exercises.program import program
from exercises.runner.limits import SandboxError

DONE, BROKEN, USAGE, STOPPED = 0, 1, 2, 130
WORKERS, CPUS = 2, 2.0
POLL_SECONDS, CHECKING_SECONDS = 1.0, 1800.0
CHECKING, ACCEPTED, TRYING, TRIED = "checking", "accepted", "trying", "tried"

ALL_HOLD = "All {count} laws hold."
SOME_BROKEN = "{broken} of {count} laws are broken. Change the exercise where the table says so, and check again."
STILL_ONLY = "Its notebooks were not run: what comes before must hold first."
RUNNING = "  Now {count} notebooks are run. Wrong answers take turns in one container and are told together."
AT_SERVICE = "The laws of {name} are tried by the service, for the course {course}. Nothing is handed out."
TRIED_LONG = "After {minutes:.0f} minutes its laws are still being tried. Other work may be before it; try again later."
GAVE_UP = "They could not be tried. {error}"
NOT_THERE = "The catalog has no exercise {name}. It has {known}."
NEXT_CHECK = "{path} is an exercise that passes its laws. Make it yours, then: {program} check {path}"
NEXT_README = "{path} is a course's repository, with one exercise that passes its laws. {path}/README.md says how its CI pushes."
NO_COURSE = "In which course? Say --course; you may push to {courses}."
NOT_INSTRUCTOR = "You teach no course. Who runs the hub can change that: make member COURSE=… NAME={name} ROLE=instructor"
SENT = "Version {version} of {name} is sent to the course {course}; its laws are being checked."
SAME = "Version {version} of {name} is this already: students of {course} have it. Nothing was sent."
TAKEN = "Version {version} of {name} is accepted: students of {course} get it{opens}{due}."
OPENS, DUE = " from {opens}", ", due {due}"
REFUSED = "Version {version} of {name} is refused. {error} Students keep the version they have."
UNDECIDED = "After {minutes:.0f} minutes its laws are still being checked. Look later: {program} list --course {course}"
NONE_HERE = "There is no exercise here. `{program} new NAME` makes one."
NONE_THERE = "The course {course} has no exercise that is handed out. `{program} push NAME --course {course}` sends one."
NONE_SUBMITTED = "Nobody has submitted {name} yet."
FAILED = "exercises: {error}"
INTERRUPTED = "Stopped."

HELP = "Writes, checks, pushes and lists exercises."
HELP_NEW = "make a small exercise that passes its laws"
HELP_LIKE = "a copy of an exercise of the catalog, instead of a small one"
HELP_CATALOG = "list the catalog's exercises, which `new NAME --like EXERCISE` copies"
HELP_COURSE_NEW = "make the repository of a course: one exercise, and what its CI needs to try the laws and to push"
HELP_CHECK = "try the laws of an exercise, here or, in a lab, by the service"
HELP_REMOTE = "by the service, in its containers, even if this computer could"
HELP_PUSH = "send an exercise to a course; the service tries its laws again"
HELP_IMPORT = "make an exercise from an nbgrader assignment's folder (source/ASSIGNMENT)"
HELP_LIST = "list the exercises here, or those of a course"
HELP_RESULTS = "list what a course's students have submitted, with points"
HELP_REGRADE = "have everybody's submissions of an exercise graded again, each against the version that it was made for"
HELP_NEWEST = "against the newest version"
HELP_CHANGED = "judge only the checks that changed since; what the others gave stays"
HELP_SEEDS = "with how many seeds the solution must get full marks (default: {default})"
HELP_LOCAL = "run the notebooks as processes of this computer, not in containers"
HELP_TIME = "such as 2026-03-09T18:00+01:00 (without an offset: UTC); instead of what exercise.toml says"
HELP_ATTEMPTS = "how often each student may submit, 0 for any number; instead of what exercise.toml says"
HELP_LATE = "refuse, accept, or what each started day costs, such as 10%%/day; instead of what exercise.toml says"
HELP_COURSE = "the course; not needed when you are an instructor of one only"
HELP_URL = "the service's address (default: EXERCISES_URL, which is set in a lab)"
HELP_TOKEN = "a file with a hub token of yours (default: EXERCISES_TOKEN, or the lab's own)"

Print = Callable[[str], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for and return the exit code."""
    asked = parser().parse_args(arguments)

    def tell(text: str) -> None:
        print(text, flush=True)

    try:
        return asked.run(asked, tell)
    except (ExerciseError, ClientError, SandboxError, OSError) as error:
        print(FAILED.format(error=error), file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print(INTERRUPTED, file=sys.stderr)
        return STOPPED


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="exercises", description=HELP)
    commands = made.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("new", help=HELP_NEW, description=HELP_NEW)
    one.add_argument("name", metavar="NAME")
    one.add_argument("--like", metavar="EXERCISE", help=HELP_LIKE)
    _service(one)
    one.set_defaults(run=new)

    one = commands.add_parser("course", help=HELP_COURSE_NEW, description=HELP_COURSE_NEW)
    one.add_argument("name", metavar="FOLDER")
    one.set_defaults(run=new_course)

    one = commands.add_parser("check", help=HELP_CHECK, description=HELP_CHECK)
    one.add_argument("name", metavar="NAME|PATH")
    one.add_argument("--seeds", type=int, default=laws.SEEDS, metavar="N", help=HELP_SEEDS.format(default=laws.SEEDS))
    one.add_argument("--local", action="store_true", help=HELP_LOCAL)
    one.add_argument("--remote", action="store_true", help=HELP_REMOTE)
    _service(one)
    one.set_defaults(run=check)

    one = commands.add_parser("push", help=HELP_PUSH, description=HELP_PUSH)
    one.add_argument("name", metavar="NAME|PATH")
    _service(one)
    one.add_argument("--opens", metavar="TIME", help=HELP_TIME)
    one.add_argument("--due", metavar="TIME", help=HELP_TIME)
    one.add_argument("--attempts", type=int, metavar="N", help=HELP_ATTEMPTS)
    one.add_argument("--late", metavar="POLICY", help=HELP_LATE)
    one.set_defaults(run=push)

    one = commands.add_parser("import", help=HELP_IMPORT, description=HELP_IMPORT)
    one.add_argument("folder", type=Path, metavar="FOLDER")
    one.add_argument("name", nargs="?", metavar="NAME")
    one.set_defaults(run=take)

    one = commands.add_parser("list", help=HELP_LIST, description=HELP_LIST)
    one.add_argument("--catalog", action="store_true", help=HELP_CATALOG)
    _service(one)
    one.set_defaults(run=listed)

    one = commands.add_parser("results", help=HELP_RESULTS, description=HELP_RESULTS)
    one.add_argument("name", metavar="NAME")
    _service(one)
    one.set_defaults(run=results)

    one = commands.add_parser("regrade", help=HELP_REGRADE, description=HELP_REGRADE)
    one.add_argument("name", metavar="NAME")
    way = one.add_mutually_exclusive_group()
    way.add_argument("--newest", action="store_const", dest="how", const="newest", default="own", help=HELP_NEWEST)
    way.add_argument("--changed", action="store_const", dest="how", const="changed", help=HELP_CHANGED)
    _service(one)
    one.set_defaults(run=regrade)
    return made


def new(asked: argparse.Namespace, tell: Print) -> int:
    if asked.like:
        made = _copied(asked)
    else:
        made = scaffold.new(asked.name, Path.cwd())
    tell(NEXT_CHECK.format(path=made.relative_to(Path.cwd()), program=program()))
    return DONE


def new_course(asked: argparse.Namespace, tell: Print) -> int:
    made = scaffold.course(asked.name, Path.cwd())
    tell(NEXT_README.format(path=made.relative_to(Path.cwd())))
    return DONE


def _copied(asked: argparse.Namespace) -> Path:
    """Copy an exercise of the catalog: of the one beside this code, or of the service's."""
    made = scaffold.free(asked.name, Path.cwd())
    beside = {path.name: path for path in folder.catalog()}
    if beside and asked.like not in beside:
        raise ExerciseError(NOT_THERE.format(name=asked.like, known=", ".join(beside)))
    if beside:
        files = folder.read(beside[asked.like])
    else:
        service = _client(asked)
        files = service.copy(asked.course or _course(service), asked.like)
    folder.write(files, made)
    return made


def check(asked: argparse.Namespace, tell: Print) -> int:
    found = folder.find(asked.name)
    files = folder.read(found)
    if asked.remote or (not asked.local and not passes.available() and client.is_known(asked.url)):
        return _by_service(asked, found, tell)
    passes.needed()
    with place.grader(local=asked.local, workers=WORKERS, tell=tell) as (grader, workers):
        exam = laws.Exam(found.name, files, grader, count=max(1, asked.seeds), workers=workers, cpus=CPUS)

        def told(law: laws.Law) -> None:
            tell(laws.line(law))
            if law.law == laws.DATA and law.held:
                tell(RUNNING.format(count=exam.count + 1 + len(exam.wrong)))

        tried = exam.run(told)
    tell("")
    tell(laws.table(found.name, tried))
    tell("")
    return _said(tried, tell)


def _by_service(asked: argparse.Namespace, found: Path, tell: Print) -> int:
    """Try the laws where a push tries them, without handing anything out."""
    definition.read(found.name, folder.read(found))
    service = _client(asked)
    course = asked.course or _course(service)
    tell(AT_SERVICE.format(name=found.name, course=course))
    version = _wait(service, service.push(course, found.name, folder.packed(found), trial=True), tell)
    if version["state"] == TRYING:
        tell(TRIED_LONG.format(minutes=CHECKING_SECONDS / 60))
        return BROKEN
    report = version["report"] or {}
    tried = [laws.Law(**one) for one in report.get("laws", [])]
    tell("")
    tell(laws.table(found.name, tried))
    tell("")
    if version["state"] != TRIED and all(law.held for law in tried):
        tell(GAVE_UP.format(error=report.get("error") or ""))
        return BROKEN
    return _said(tried, tell)


def push(asked: argparse.Namespace, tell: Print) -> int:
    found = folder.find(asked.name)
    definition.read(found.name, folder.read(found))
    data = folder.packed(found)
    service = _client(asked)
    course = asked.course or _course(service)
    rules = {"opens": asked.opens, "due": asked.due, "attempts": asked.attempts, "late": asked.late}
    version = service.push(course, found.name, data, **rules)
    if version["state"] == ACCEPTED:
        tell(SAME.format(version=version["version"], name=found.name, course=course))
        return DONE
    tell(SENT.format(version=version["version"], name=found.name, course=course))
    version = _wait(service, version, tell)
    if version["state"] == CHECKING:
        tell(UNDECIDED.format(minutes=CHECKING_SECONDS / 60, course=course, program=program()))
        return BROKEN
    fields = {"version": version["version"], "name": found.name, "course": course}
    if version["state"] != ACCEPTED:
        tell(REFUSED.format(error=(version["report"] or {}).get("error") or "", **fields))
        return BROKEN
    opens = OPENS.format(opens=version["opens"]) if version["opens"] else ""
    due = DUE.format(due=version["due"]) if version["due"] else ""
    tell(TAKEN.format(opens=opens, due=due, **fields))
    return DONE


def take(asked: argparse.Namespace, tell: Print) -> int:
    for text in importing.take(asked.folder, asked.name, Path.cwd()):
        tell(text)
    return DONE


def listed(asked: argparse.Namespace, tell: Print) -> int:
    if asked.catalog and not folder.catalog():
        service = _client(asked)
        told = service.catalog(asked.course or _course(service))
        rows = [(one["name"], _points(one["points"]), str(one["wrong"]), one["title"]) for one in told]
        _table(tell, ("name", "points", "wrong", "title"), rows, NONE_HERE.format(program=program()))
        return DONE
    if asked.course and not asked.catalog:
        found = _client(asked).exercises(asked.course)
        rows = [
            (one["name"], str(one["version"]), _points(one["points"]), one["due"] or "-", one["late"], one["title"])
            for one in found
        ]
        empty = NONE_THERE.format(course=asked.course, program=program())
        _table(tell, ("name", "version", "points", "due", "late", "title"), rows, empty)
        return DONE
    rows = []
    for path in folder.catalog() if asked.catalog else folder.local(Path.cwd()):
        try:
            told = definition.read(path.name, folder.read(path))
            wrong = len(list(path.glob("wrong/*.ipynb")))
            rows.append((path.name, _points(told.points), str(wrong), told.title, str(path)))
        except ExerciseError as error:
            rows.append((path.name, "-", "-", str(error), str(path)))
    _table(tell, ("name", "points", "wrong", "title", "folder"), rows, NONE_HERE.format(program=program()))
    return DONE


def results(asked: argparse.Namespace, tell: Print) -> int:
    service = _client(asked)
    found = service.everybody(asked.course or _course(service), Path(asked.name).name)
    rows = [
        (
            one["user"],
            str(one["number"]),
            one["received"],
            "late" if one["late_seconds"] else "",
            one["status"],
            "-" if one["points"] is None else f"{one['points']:g} of {one['of']:g}",
            one["outcome"] or "",
        )
        for one in found
    ]
    _table(tell, ("student", "number", "received", "", "status", "points", "outcome"), rows, NONE_SUBMITTED.format(name=asked.name))
    return DONE


def regrade(asked: argparse.Namespace, tell: Print) -> int:
    service = _client(asked)
    done = again.regrade(service, asked.course or _course(service), Path(asked.name).name, asked.how, tell)
    return DONE if done else BROKEN


def _service(command: argparse.ArgumentParser) -> None:
    command.add_argument("--course", metavar="C", help=HELP_COURSE)
    command.add_argument("--url", help=HELP_URL)
    command.add_argument("--token-file", type=Path, metavar="FILE", help=HELP_TOKEN)


def _client(asked: argparse.Namespace) -> Client:
    return client.from_environment(url=asked.url, token_file=asked.token_file)


def _course(service: Client) -> str:
    """The one course that the person is an instructor of. Raises ExerciseError."""
    me = service.me()
    mine = sorted(course for course, roles in me["courses"].items() if "instructor" in roles)
    if not mine:
        raise ExerciseError(NOT_INSTRUCTOR.format(name=me["name"]))
    if len(mine) > 1:
        raise ExerciseError(NO_COURSE.format(courses=", ".join(mine)))
    return mine[0]


def _wait(service: Client, version: dict[str, Any], tell: Print) -> dict[str, Any]:
    """Wait for the end of the laws, telling each; return the version as it is then."""
    deadline = time.monotonic() + CHECKING_SECONDS
    told = 0
    while True:
        found = (version["report"] or {}).get("laws", [])
        for one in found[told:]:
            tell(laws.line(laws.Law(**one)))
        told = max(told, len(found))
        if version["state"] not in (CHECKING, TRYING) or time.monotonic() > deadline:
            return version
        time.sleep(POLL_SECONDS)
        version = service.version(version["course"], version["name"], version["version"])


def _said(tried: list[laws.Law], tell: Print) -> int:
    broken = sum(not law.held for law in tried)
    if not broken:
        tell(ALL_HOLD.format(count=len(tried)))
        return DONE
    tell(SOME_BROKEN.format(broken=broken, count=len(tried)))
    if not any(law.law == laws.SOLUTION for law in tried):
        tell(STILL_ONLY)
    return BROKEN


def _table(tell: Print, head: tuple[str, ...], rows: list[tuple[str, ...]], empty: str) -> None:
    if not rows:
        tell(empty)
        return
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    for row in [head, *rows]:
        tell("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def _points(value: float) -> str:
    return f"{value:g}"
