"""Runs a notebook of a course in the lab, with the files that lie beside it.

Invariant: the same container, runners and judge as for a lesson of this project. What a foreign course is not
asked for (silence on stderr, nothing left running) is taken out before the judge looks, unless it is strict.
"""

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from tests.helpers import lab
from tests.notebooks import lessons, runner, verdict
from tests.notebooks.course.folder import Folder
from tests.notebooks.lessons import Lesson
from tests.notebooks.ruleset import form
from tests.notebooks.runner import NBVAL, PAPERMILL, Job, Result

KERNEL = form.KERNELSPEC["name"]
WORK = "/home/student/lesson"
BESIDE = "/course"
# A student's copy may be changed, whatever the course's folder allows.
PREPARE = f"mkdir -p {WORK} && cp -r {BESIDE}/. {WORK}/ && chmod -R u+w {WORK} && cp {runner.IN}/*.ipynb {WORK}/ && cd {WORK}"


@dataclass(frozen=True)
class CourseJob(Job):
    """One run of one notebook; its traces go below `build`."""

    build: Path = runner.BUILD
    strict: bool = False

    def execute(self) -> Result:
        """Run it in a fresh container and judge it."""
        folder = self.build / str(self)
        shutil.rmtree(folder, ignore_errors=True)
        given, out = folder / "in", folder / "out"
        given.mkdir(parents=True)
        notebook = self.lesson.read()
        if self.runner == PAPERMILL:
            notebook = verdict.solved(notebook, self.lesson.answers())
        (given / self.lesson.path.name).write_text(form.canonical(notebook), encoding="utf-8")
        run = lab.run(
            ["sh", "-c", f'{PREPARE} && exec "$@"', "sh", *self._command()],
            seconds=runner.LESSON_SECONDS,
            out=out,
            mounts={given: runner.IN, self.lesson.path.parent: BESIDE},
            environment={
                "DATAFLOW_PROGRESS": "off",
                "RECORD_OUT": lab.OUT,
                "PYTHONWARNINGS": "ignore:Cell is missing an id",
            },
        )
        (folder / "log.txt").write_text(str(run), encoding="utf-8")
        return Result(job=self, run=run, problems=tuple(_problems(self, run, folder)))

    def _command(self) -> list[str]:
        name = self.lesson.path.name
        if self.runner == PAPERMILL:
            parameters = json.dumps(dict(self.parameters))
            return [
                lab.PYTHON,
                f"{runner.IN_LAB}/papermill_run.py",
                f"{runner.IN}/{name}",
                lab.OUT,
                str(self.cell_seconds),
                parameters,
            ]
        # Neither settings nor fixtures that lie in the course's folder are meant for this run of pytest.
        options = ["--nbval-lax", "--exitfirst", "-q", "--color=no", "-p", "no:cacheprovider", "--noconftest", "-c", "/dev/null"]
        options += [f"--nbval-cell-timeout={self.cell_seconds}", f"--nbval-kernel-name={KERNEL}", f"--rootdir={WORK}"]
        line = f'exec env "PYTHONPATH=$PYTHONPATH:{runner.IN_LAB}" "$@"'
        return ["sh", "-c", line, "sh", lab.PYTHON, "-m", "pytest", *options, "-p", "nbval_record", name]


def jobs(course: Folder, lesson: Lesson, build: Path, strict: bool) -> list[CourseJob]:
    """Return the runs of one notebook: untouched, and solved if there are answers."""
    found = [CourseJob(NBVAL, lesson, build=build, strict=strict)]
    answers = lesson.answers()
    if answers.solutions:
        variant = "other-data" if answers.other_data else ""
        found.append(CourseJob(PAPERMILL, lesson, answers.other_data, variant, build=build, strict=strict))
    return found


def _problems(job: CourseJob, run: lab.LabRun, folder: Path) -> list[str]:
    if job.strict:
        return runner._problems(job, run)
    judged = folder / "judged"
    judged.mkdir()
    for name in ("nbval.json", job.lesson.path.name):
        if (run.out / name).is_file():
            shutil.copy(run.out / name, judged)
    executed = judged / job.lesson.path.name
    if executed.is_file():
        notebook = lessons.read(executed)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = [output for output in cell.get("outputs", []) if output["output_type"] != "stream"]
        executed.write_text(form.canonical(notebook), encoding="utf-8")
    return runner._problems(job, replace(run, out=judged, left_running=()))
