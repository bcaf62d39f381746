"""Runs a lesson in the lab image, by papermill or by nbval, and says what is wrong with it.

Invariant: a lesson is green only when its container ran as a student's would, every cell did what
the lesson says, and nothing is left running; the two runners differ in what they prove:

papermill  the solved lesson: all cells run, in order, every check passes, and failed each wrong answer before
nbval      the untouched lesson: kept outputs are reproduced, and no check passes by itself
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.helpers import lab
from tests.helpers.versions import ROOT
from tests.notebooks import lessons, verdict
from tests.notebooks.lessons import Lesson, task_of
from tests.notebooks.ruleset import form

BUILD = ROOT / "build" / "notebooks"
IN_LAB = f"{lab.REPO}/tests/notebooks/in_lab"
IN = "/in"

PAPERMILL, NBVAL = "papermill", "nbval"
RUNNERS = (PAPERMILL, NBVAL)

# Deadlines, not goals: a lesson takes one or two minutes on an idle machine.
CELL_SECONDS = 300
LESSON_SECONDS = 900

WRONG = "{count} problems in {lesson} by {runner} (executed notebook: {executed})\n\n{problems}"
TIMED_OUT = "ran out of time: {seconds} s"
KILLED = "the kernel killed {count} processes: more memory than a lab has ({peak:.0f} MB seen)"
LEFT = "left running after the last cell: {command}"


@dataclass(frozen=True)
class Job:
    """One lesson by one runner, with papermill parameters (`variant` names another set of them)."""

    runner: str
    lesson: Lesson
    parameters: Mapping[str, object] = field(default_factory=dict, hash=False)
    variant: str = ""
    cell_seconds: int = CELL_SECONDS

    def __str__(self) -> str:
        return "-".join(filter(None, (self.lesson.name, self.runner, self.variant)))


@dataclass(frozen=True)
class Result:
    """What a job used and everything that is wrong."""

    job: Job
    run: lab.LabRun
    problems: tuple[str, ...]

    def raise_for_problems(self) -> None:
        """Raise AssertionError with the failing cells, their source and their errors."""
        if self.problems:
            message = WRONG.format(
                count=len(self.problems),
                lesson=self.job.lesson.name,
                runner=self.job.runner,
                executed=self.run.out / self.job.lesson.path.name,
                problems="\n\n".join(self.problems),
            )
            raise AssertionError(message)


def execute(job: Job, build: Path = BUILD) -> Result:
    """Run a job in a fresh lab container and judge it."""
    folder = build / str(job)
    shutil.rmtree(folder, ignore_errors=True)
    given, out = folder / "in", folder / "out"
    given.mkdir(parents=True)
    run = (_papermill if job.runner == PAPERMILL else _nbval)(job, given, out)
    (folder / "log.txt").write_text(str(run), encoding="utf-8")
    return Result(job=job, run=run, problems=tuple(_problems(job, run)))


def _papermill(job: Job, given: Path, out: Path) -> lab.LabRun:
    notebook = verdict.solved(job.lesson.read(), job.lesson.answers())
    copied = given / job.lesson.path.name
    copied.write_text(form.canonical(notebook), encoding="utf-8")
    script = f"{IN_LAB}/papermill_run.py"
    arguments = [f"{IN}/{copied.name}", lab.OUT, str(job.cell_seconds), json.dumps(job.parameters)]
    return lab.run(
        [lab.PYTHON, script, *arguments],
        seconds=LESSON_SECONDS,
        out=out,
        mounts={given: IN},
        environment={"DATAFLOW_PROGRESS": "off"},
    )


def _nbval(job: Job, given: Path, out: Path) -> lab.LabRun:
    shutil.copy(job.lesson.path, given)
    name = job.lesson.path.name
    work = "/home/student/lesson"
    pytest = f"{lab.PYTHON} -m pytest --nbval-lax --exitfirst -q --color=no -p no:cacheprovider"
    pytest += f" -p nbval_record --nbval-cell-timeout={job.cell_seconds} --rootdir={work} {name}"
    script = f"mkdir -p {work} && cp {IN}/{name} {work}/ && cd {work} && exec {pytest}"
    environment = {
        "DATAFLOW_PROGRESS": "off",
        "RECORD_OUT": lab.OUT,
        "DATAFLOW_PLUGINS": IN_LAB,
    }
    return lab.run(
        ["sh", "-c", f"PYTHONPATH=$PYTHONPATH:$DATAFLOW_PLUGINS; export PYTHONPATH; {script}"],
        seconds=LESSON_SECONDS,
        out=out,
        mounts={given: IN},
        environment=environment,
    )


def _problems(job: Job, run: lab.LabRun) -> list[str]:
    found = []
    if run.timed_out:
        found.append(TIMED_OUT.format(seconds=LESSON_SECONDS))
    if run.killed_for_memory:
        found.append(KILLED.format(count=run.killed_for_memory, peak=run.peak_bytes / 1e6))
    executed = run.out / job.lesson.path.name
    if executed.is_file():
        notebook = verdict.as_written(lessons.read(executed))
        tasks = [task_of(cell) for cell in job.lesson.read()["cells"] if task_of(cell)]
        raised = list(verdict.failures(job.lesson.name, notebook))
        found += raised
        if job.runner == NBVAL:
            cells = json.loads((run.out / "nbval.json").read_text())
            failed = [cell["message"] for cell in cells if cell["outcome"] != "passed"]
            found += failed if not raised else []
            found += verdict.unanswered(notebook, tasks) if not failed else []
        else:
            # After an error the rest is missing anyway, and says nothing more.
            found += verdict.unpassed(notebook, tasks) if not raised else []
            found += verdict.uncaught(notebook, job.lesson.answers()) if not raised else []
            found += verdict.never_run(notebook) if not raised else []
    if not found:
        found += [LEFT.format(command=command) for command in run.left_running]
    if not found and (run.status != 0 or not executed.is_file()):
        found.append(str(run))
    return found
