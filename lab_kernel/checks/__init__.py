"""Self-checks: `check("02-quarantine-share", answer)` compares an answer with what the data say.

Invariant: `check` never raises and never changes data; what it expects is computed when it is asked,
by a function registered with `@task`, from the tables and files that the lesson has made. A wrong
answer is met with a hint, never with the expected value.

The tasks of lesson NN are in `lesson_NN.py`, which is loaded when one of them is first checked.
"""

from lab_kernel.checks.compare import Verdict, compare
from lab_kernel.checks.panel import check
from lab_kernel.checks.registry import Context, Task, UnknownTask, find, task

__all__ = ["Context", "Task", "UnknownTask", "Verdict", "check", "compare", "find", "task"]
