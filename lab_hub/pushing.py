"""A token that can only push exercises, for the CI of an instructor's repository.

Invariant: everybody holds the scope and it opens nothing by itself: the exercises' service lets it push where its owner is an
instructor, in the courses that the token names, and do nothing else. A stolen one reads no submission, no grade and no solution.
"""

SCOPE = "custom:exercises:push"
SCOPES = {SCOPE: {"description": "Push exercises, and have their laws tried, where you are an instructor. Nothing else."}}
