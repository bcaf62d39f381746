"""What can be wrong with an exercise, said with its place.

Invariant: an author who reads one of these knows the exercise, the cell and the line, and what to change.
"""

AT_EXERCISE = "{exercise}: {problem}"
AT_CELL = "{exercise}, cell {cell}: {problem}"
AT_LINE = "{exercise}, cell {cell}, line {line}: {problem}"


class ExerciseError(ValueError):
    """An exercise is not as it must be; the text is for its author."""


class DefinitionError(ExerciseError):
    """`exercise.toml` has a field that cannot be used, or lacks one."""


class ChecksError(ExerciseError):
    """`checks.py` declares no usable checks."""


class FormError(ExerciseError):
    """The notebook breaks the form. `line` counts from 1 inside the cell."""

    def __init__(self, problem: str, *, exercise: str = "", cell: str | None = None, line: int | None = None) -> None:
        self.problem, self.exercise, self.cell, self.line = problem, exercise, cell, line
        super().__init__(self._text())

    def _text(self) -> str:
        form = AT_EXERCISE if self.cell is None else AT_CELL if self.line is None else AT_LINE
        return form.format(exercise=self.exercise or "notebook", cell=self.cell, line=self.line, problem=self.problem)


class LeakError(FormError):
    """Something that students must not see is in their version."""
