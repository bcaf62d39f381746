"""From the instructor's notebook to the student's.

Invariant: a student version is derived, never written; the same exercise gives the same bytes, and what is derived has been
looked through for leaks before anybody gets it.
"""

from exercises.form.pipeline import PASSES, derive
from exercises.form.release import release
from exercises.form.roles import Role, roles

__all__ = ["PASSES", "Role", "derive", "release", "roles"]
