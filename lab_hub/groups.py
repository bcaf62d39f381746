"""How the hub's groups say who is in which course, and as what.

Invariant: a course is no more than its groups `course-<course>-<role>`; a group of any other name is none of a course's.
"""

import re

ROLES = ("student", "grader", "instructor")
COURSE = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
GROUP = re.compile(r"course-(?P<course>[a-z0-9][a-z0-9_-]{0,62})-(?P<role>student|grader|instructor)")
