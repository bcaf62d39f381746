"""The student's notebook out of the instructor's.

Invariant: the passes run in this order, and the leak check sees what comes out of the last.
"""

from collections.abc import Callable
from typing import Any

from exercises.form import leaks, passes

Pass = Callable[[passes.Notebook, str], passes.Notebook]

# Validation before anything is taken out, or a fault could go with it. Regions before checksums, which cover the text; cells are
# locked before they are stamped, as nbgrader does.
PASSES: tuple[Pass, ...] = (
    passes.validate,
    passes.drop_instructor_cells,
    passes.strip_solutions,
    passes.strip_hidden_tests,
    passes.strip_mark_schemes,
    passes.clear_outputs,
    passes.clean_metadata,
    passes.lock,
    passes.stamp_checksums,
)


def derive(notebook: dict[str, Any], *, exercise: str = "") -> dict[str, Any]:
    """Return the student's notebook. Raises FormError, LeakError; ExerciseError where nbgrader is missing."""
    made = notebook
    for one in PASSES:
        made = one(made, exercise)
    leaks.notebook(notebook, made, exercise=exercise)
    return made
