"""What a student has in the lab: `exercises()`, the list with its buttons, and what the buttons do as functions.

Invariant: nothing here decides a grade. Importing it needs neither Spark nor the network nor widgets, and does nothing.
"""

from exercises.student.commands import feedback, fetch, history, restore, submit
from exercises.student.overview import exercises
from exercises.student.visible import check

__all__ = ["check", "exercises", "feedback", "fetch", "history", "restore", "submit"]
