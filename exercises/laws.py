"""What holds for every exercise, found out by trying.

Invariant: an exercise of which every law holds gives full marks to its solution on every seed and nothing to the untouched student
version, catches each wrong answer by exactly the checks that the answer names, leaks nothing, and is derived the same every time.
What runs, runs by the same grader that students' work goes through; what several answers in one container seem to break is
tried once more alone.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from exercises import definition, together
from exercises.errors import ExerciseError, LeakError
from exercises.form import declared, notebooks
from exercises.form.release import NEEDED, of_files
from exercises.form.roles import ANSWERS, roles
from exercises.runner.grading import Exercise, Grader, PrepareFailed, Verdict
from exercises.runner.limits import EngineAway, SandboxError

FORM, LEAKS, POINTS, DETERMINISTIC, DATA = "form", "leaks", "points", "deterministic", "data"
SOLUTION, UNTOUCHED, WRONG = "solution", "untouched", "wrong"
SEEDS = 3
HOLDS, IS_BROKEN = "holds", "BROKEN"
LEAST_WRONG = 1
# What starting Spark costs, counted in turns: for sharing them out.
START_TURNS = 6

WRONG_FOLDER, NOTEBOOK_SUFFIX = "wrong/", ".ipynb"
BESIDE = ("exercise.toml", "notebook.ipynb", "checks.py", "data.py")

NO_FILE = "{name} is missing."
POINTS_DIFFER = "exercise.toml says {said:g} points, the checks add up to {sum:g}."
NOTHING_HIDDEN = "No check is hidden, and data.py gives every seed the same data: whoever copies the tables passes."
NO_ANSWER = "The notebook has no answer cell (nbgrader: solution: true)."
SAME_DATA = "data.py gives seeds {first} and {second} the same data, so the hidden run is the visible one."
OTHER_DATA = "data.py gives seed {seed} other data every time; take all chance from the seed."
OTHER_FILES = "Derived twice, {name} differs."
LOST = "It got {points:g} of {of:g} points ({outcome}): {checks}"
GAINED = "It got {points:g} points without an answer: {checks}"
NOT_CAUGHT = "It got full marks; {wanted} should have caught it."
OTHERS = "It lost {lost}; it should lose {wanted} ({outcome}: {message})"
NO_WRONG = "There is no wrong answer in wrong/: without one, nobody knows that the checks catch anything."
NO_NAME = "{file} does not say which check catches it: metadata dataflow.caught_by, a list of names."
NO_MISTAKE = "{file} does not say what is wrong with it: metadata dataflow.mistake, a sentence."
NO_SUCH_CHECK = "{file} names the check {name!r}, which checks.py does not declare; it has {known}."
NO_SUCH_CELL = "{file} answers {cell!r}; the notebook's answer cells are {known}."
NOTHING_WRONG = "{file} is no different from the solution."
NEVER_CAUGHT = "No wrong answer is caught by {names}: nobody knows that these checks catch anything."
SYSTEM = "It could not be run: {reason}"


@dataclass(frozen=True)
class Law:
    """One law, tried on one thing. `detail` says what broke it; `seconds` is what trying it took."""

    law: str
    subject: str
    held: bool
    detail: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class WrongAnswer:
    """A wrong answer: its mistake in a sentence, the checks that must catch it, and the answers that differ from the solution."""

    name: str
    mistake: str
    caught_by: tuple[str, ...]
    answers: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Trial:
    """A notebook that is run with a seed; `broken` says what is wrong with its verdict, or nothing."""

    law: str
    subject: str
    seed: int
    notebook: dict[str, Any]
    broken: Callable[[Verdict], str]


def seeds(name: str, count: int = SEEDS, first: int = 1) -> list[int]:
    """Return the seeds that the laws use: the visible one, then others that depend on the exercise's name only."""
    found = [first]
    number = 0
    while len(found) < count:
        number += 1
        one = 1 + int.from_bytes(sha256(f"{name} {number}".encode()).digest()[:3], "big")
        if one not in found:
            found.append(one)
    return found


class Exam:
    """One exercise, on its way through the laws. `files` is its folder by relative name.

    The solution is tried with `count` seeds: the visible one first, unless there is one only, which then is a grader's. All else is
    tried with a grader's seed. `workers` containers run at a time. `quick` lets the solution take turns with the others where it
    has the same seed; a container in which turns are taken has `cpus` processors.
    """

    def __init__(
        self,
        name: str,
        files: Mapping[str, bytes],
        grader: Grader,
        *,
        count: int = SEEDS,
        workers: int = 1,
        quick: bool = False,
        cpus: float = 1.0,
    ) -> None:
        self.name, self.files, self.grader = name, files, grader
        self.count, self.workers, self.quick, self.cpus = count, workers, quick, cpus
        self.prepared: dict[int, dict[str, bytes]] = {}
        self.student: dict[str, bytes] = {}

    def run(self, told: Callable[[Law], None] = lambda law: None, only: tuple[str, ...] = ()) -> list[Law]:
        """Try every law, calling `told` after each; return them in order. `only` names the laws that are run in containers.

        Never raises for what is wrong with the exercise. Raises EngineAway: that says nothing of any law.
        """
        found: list[Law] = []
        for law in self._still():
            found.append(law)
            told(law)
        if not all(law.held for law in found):
            return found
        trials = [one for one in self._trials() if not only or one.law in only]
        pool = ThreadPoolExecutor(self.workers)
        try:
            waiting = self._begin(pool, trials)
            # One after the other is told in order, whichever is ready first.
            for one in trials:
                law = waiting[one].result()[one]
                found.append(law)
                told(law)
        finally:
            # Only what has begun is waited for when this is interrupted.
            pool.shutdown(cancel_futures=True)
        return found

    def solution(self, seed: int, subject: str = "") -> Law:
        """Try the solution with a seed, after `run`. Never raises for what is wrong with the exercise. Raises EngineAway."""
        return self._alone(Trial(SOLUTION, subject or f"seed {seed}", seed, self.complete, self._not_full))

    # --- laws that run no notebook ---------------------------------------------------------------------------------------------

    def _still(self) -> Iterator[Law]:
        began = time.monotonic()
        try:
            self.definition = definition.read(self.name, self.files)
            self.seeds = seeds(self.name, max(2, self.count), self.definition.seed)
            for needed in NEEDED:
                if needed not in self.files:
                    raise ExerciseError(NO_FILE.format(name=needed))
            self.complete = notebooks.read(self.files["notebook.ipynb"], exercise=self.name)
            self.checks = declared.declared(self.files["checks.py"].decode("utf-8", "replace"), exercise=self.name)
            self.answers = [one.grade_id for one in roles(self.complete, exercise=self.name) if one.role in ANSWERS]
            if not self.answers:
                raise ExerciseError(NO_ANSWER)
            self.wrong = list(wrong_answers(self.files, self.complete, self.checks, self.answers, exercise=self.name))
            for seed in self.seeds[:2]:
                self.prepared[seed] = self.grader.prepare(self.files, seed)
            self.student = of_files(self.name, self.files, self.prepared[self.seeds[0]])
        except LeakError as error:
            yield Law(FORM, "", True, "", time.monotonic() - began)
            yield Law(LEAKS, "", False, str(error))
            return
        except EngineAway:  # no fault of the exercise, nor of its grader
            raise
        except (ExerciseError, PrepareFailed, SandboxError) as error:
            yield Law(FORM, "", False, str(error), time.monotonic() - began)
            return
        yield Law(FORM, "", True, "", time.monotonic() - began)
        yield Law(LEAKS, "", True)
        total = sum(one.points for one in self.checks)
        same = abs(total - self.definition.points) < 1e-9
        yield Law(POINTS, "", same, "" if same else POINTS_DIFFER.format(said=self.definition.points, sum=total))
        yield self._law(DETERMINISTIC, "", self._deterministic)
        yield self._law(DATA, "", self._data)

    def _deterministic(self) -> str:
        again = of_files(self.name, self.files, self.prepared[self.seeds[0]])
        for name in sorted(again.keys() | self.student.keys()):
            if again.get(name) != self.student.get(name):
                return OTHER_FILES.format(name=name)
        first = self.seeds[0]
        if self.grader.prepare(self.files, first) != self.prepared[first]:
            return OTHER_DATA.format(seed=first)
        return ""

    def _data(self) -> str:
        first, second = self.seeds[:2]
        if "data.py" in self.files:
            if _only_data(self.prepared[first]) == _only_data(self.prepared[second]):
                return SAME_DATA.format(first=first, second=second)
        elif all(one.visible for one in self.checks):
            return NOTHING_HIDDEN
        return ""

    # --- laws that run notebooks -----------------------------------------------------------------------------------------------

    def _trials(self) -> list["Trial"]:
        hidden = self.seeds[1]
        made = [
            Trial(SOLUTION, f"seed {seed}", seed, self.complete, self._not_full)
            for seed in (self.seeds if self.count > 1 else [hidden])
        ]
        made.append(Trial(UNTOUCHED, f"seed {hidden}", hidden, notebooks.read(self.student["notebook.ipynb"]), self._not_empty))
        for one in self.wrong:
            made.append(Trial(WRONG, one.name, hidden, answered(self.complete, one.answers), partial(self._not_caught, one)))
        return made

    def _begin(self, pool: Executor, trials: list["Trial"]) -> dict["Trial", Future]:
        """Start all trials: a solution in a container of its own, as students' work is run, the others in turns."""
        waiting: dict[Trial, Future] = {}
        loads = [0] * self.workers
        groups: list[list[Trial]] = [[] for _ in loads]
        hidden = self.seeds[1]
        for one in trials:
            if one.law == SOLUTION and not (self.quick and one.seed == hidden):
                waiting[one] = pool.submit(lambda one=one: {one: self._alone(one)})
                loads[loads.index(min(loads))] += START_TURNS
                continue
            after = [load + 1 + (0 if group else START_TURNS) for load, group in zip(loads, groups, strict=True)]
            place = after.index(min(after))
            groups[place].append(one)
            loads[place] = after[place]
        for group in filter(None, groups):
            waiting |= dict.fromkeys(group, pool.submit(self._in_turns, group))
        return waiting

    def _in_turns(self, group: list["Trial"]) -> dict["Trial", Law]:
        """Try several in one container; whatever does not come out as the law wants is tried alone."""
        verdicts: list[Verdict | None] = [None] * len(group)
        if len(group) > 1:
            with suppress(PrepareFailed, SandboxError):
                exercise = self._exercise(group[0].seed)
                verdicts = together.grade(self.grader, exercise, [one.notebook for one in group], cpus=self.cpus)
        made = {}
        for one, verdict in zip(group, verdicts, strict=True):
            if verdict is not None and not one.broken(verdict):
                made[one] = Law(one.law, one.subject, True, "", verdict.seconds)
            else:
                made[one] = self._alone(one)
        return made

    def _alone(self, one: "Trial") -> Law:
        return self._law(one.law, one.subject, lambda: one.broken(self.grade(one.notebook, one.seed)))

    def _not_full(self, verdict: Verdict) -> str:
        if verdict.points == verdict.of == self.definition.points:
            return ""
        return LOST.format(points=verdict.points, of=verdict.of, outcome=verdict.message, checks=_failed(verdict))

    def _not_empty(self, verdict: Verdict) -> str:
        passed = [one["name"] for one in verdict.checks if one["earned"]]
        return GAINED.format(points=verdict.points, checks=", ".join(passed)) if passed or verdict.points else ""

    def _not_caught(self, wrong: WrongAnswer, verdict: Verdict) -> str:
        lost = {one["name"] for one in verdict.checks if not one["passed"]}
        wanted = ", ".join(wrong.caught_by)
        if not lost:
            return NOT_CAUGHT.format(wanted=wanted)
        if lost != set(wrong.caught_by):
            fields = {"outcome": verdict.outcome.value, "message": f"{verdict.message} {_failed(verdict)}"}
            return OTHERS.format(lost=", ".join(sorted(lost)), wanted=wanted, **fields)
        return ""

    def grade(self, submitted: dict[str, Any], seed: int) -> Verdict:
        """Return the verdict on a notebook for a seed. Raises SandboxError, PrepareFailed."""
        return self.grader.grade(self._exercise(seed), submitted)

    def _exercise(self, seed: int) -> Exercise:
        if seed not in self.prepared:
            self.prepared[seed] = self.grader.prepare(self.files, seed)
        return graded(self.definition, self.files, self.student, self.prepared[seed])

    def _law(self, law: str, subject: str, broken: Callable[[], str]) -> Law:
        began = time.monotonic()
        try:
            detail = broken()
        except EngineAway:
            raise
        except (ExerciseError, PrepareFailed, SandboxError) as error:
            detail = SYSTEM.format(reason=error)
        return Law(law, subject, not detail, detail, time.monotonic() - began)


def graded(
    told: definition.Definition, files: Mapping[str, bytes], student: Mapping[str, bytes], prepared: Mapping[str, bytes]
) -> Exercise:
    """Return what the grader needs of an exercise, for the seed that was prepared."""
    return Exercise(
        handed_out=notebooks.read(student["notebook.ipynb"]),
        checks=files["checks.py"],
        hidden=prepared,
        seconds=told.seconds,
        memory=told.memory,
        beside={name: content for name, content in files.items() if _beside(name)},
    )


def wrong_answers(
    files: Mapping[str, bytes], complete: dict[str, Any], checks: list[declared.Declared], answers: list[str], *, exercise: str
) -> Iterator[WrongAnswer]:
    """Yield the wrong answers of wrong/*.ipynb. Raises ExerciseError: each must say its mistake and what catches it."""
    known = [one.name for one in checks]
    solution = {one.grade_id: notebooks.text(complete["cells"][one.index]) for one in roles(complete) if one.grade_id in answers}
    names = sorted(name for name in files if name.startswith(WRONG_FOLDER) and name.endswith(NOTEBOOK_SUFFIX))
    if len(names) < LEAST_WRONG:
        raise ExerciseError(NO_WRONG)
    caught: set[str] = set()
    for file in names:
        book = notebooks.read(files[file], exercise=f"{exercise}/{file}")
        told = book.get("metadata", {}).get("dataflow")
        told = told if isinstance(told, dict) else {}
        caught_by, mistake = told.get("caught_by"), told.get("mistake")
        if not isinstance(caught_by, list) or not caught_by or not all(isinstance(name, str) for name in caught_by):
            raise ExerciseError(NO_NAME.format(file=file))
        if not isinstance(mistake, str) or not mistake.strip():
            raise ExerciseError(NO_MISTAKE.format(file=file))
        for name in caught_by:
            if name not in known:
                raise ExerciseError(NO_SUCH_CHECK.format(file=file, name=name, known=", ".join(known)))
        answering = [one for one in roles(book, exercise=f"{exercise}/{file}") if one.role in ANSWERS]
        given = {one.grade_id: notebooks.text(book["cells"][one.index]) for one in answering}
        for cell in given:
            if cell not in answers:
                raise ExerciseError(NO_SUCH_CELL.format(file=file, cell=cell, known=", ".join(answers)))
        if all(solution[cell] == source for cell, source in given.items()):
            raise ExerciseError(NOTHING_WRONG.format(file=file))
        caught |= set(caught_by)
        yield WrongAnswer(file.removeprefix(WRONG_FOLDER).removesuffix(NOTEBOOK_SUFFIX), mistake, tuple(caught_by), given)
    if missing := [name for name in known if name not in caught]:
        raise ExerciseError(NEVER_CAUGHT.format(names=", ".join(missing)))


def answered(complete: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, Any]:
    """Return the complete notebook with some of its answers replaced, by grade_id."""
    made = json.loads(json.dumps(complete))
    for one in roles(made):
        if one.grade_id in answers:
            made["cells"][one.index]["source"] = answers[one.grade_id]
    return made


def line(law: Law) -> str:
    """Return one law as a line, with what broke it below; for telling laws as they come."""
    head = f"  {law.law:<13}  {law.subject:<34}  {HOLDS if law.held else IS_BROKEN:<6}  {law.seconds:5.1f} s"
    return head if law.held else f"{head}\n      {law.detail}"


def table(name: str, laws: list[Law]) -> str:
    """Return the laws as a text table, with what broke those that did not hold below it."""
    rows = [(law.law, law.subject, HOLDS if law.held else IS_BROKEN, f"{law.seconds:.1f} s") for law in laws]
    widths = [max(len(row[place]) for row in rows) for place in range(4)] if rows else []
    lines = [name, ""]
    for law, row in zip(laws, rows, strict=True):
        lines.append("  " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
        if not law.held:
            lines.append(f"      {law.detail}")
    return "\n".join(lines)


def _failed(verdict: Verdict) -> str:
    return "; ".join(f"{one['name']}: {one['message']}" for one in verdict.checks if not one["passed"])


def _only_data(prepared: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in prepared.items() if name.startswith("data/")}


def _beside(name: str) -> bool:
    """Whether a file is one that checks.py may import or read: Python and tables at the top of the folder."""
    return "/" not in name and name not in BESIDE and name.endswith((".py", ".json", ".csv", ".toml"))
