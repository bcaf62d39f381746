"""What people read from the service. Templates with named fields, so that they can be translated."""

LOGIN = "Log in at the hub, or send `Authorization: token …` with a token of the hub that may use this service."
NOT_MEMBER = "You are in no group of the course {course}. Its instructor can add you; it works within seconds."
NEEDS_GRADER = "Only graders and instructors of {course} may do this."
NEEDS_INSTRUCTOR = "Only instructors of {course} may do this."
NOT_FOUND = "There is no such thing here, or it is not yours to see."
NO_EXERCISE = "The course {course} has no exercise {name}."
NOT_IN_CATALOG = "The catalog has no exercise {name}. It has {known}."
NO_VERSION = "{name} has no version {number} that is handed out. Fetch it again."
BAD_COURSE = "A course's name has lower-case letters, digits, - and _: {course!r} does not fit."
BAD_NAME = "An exercise's name has lower-case letters, digits and -: {name!r} does not fit."
BODY_TOO_LARGE = "More than {limit} were sent. Nothing was taken."
REFUSED_WHOLE = "Nothing was taken: {reason}."
NO_NOTEBOOK = "Nothing was taken: there is no notebook.ipynb in it."
NOT_A_NOTEBOOK = "Nothing was taken: notebook.ipynb is not a notebook ({reason})."
EMPTY = "Nothing was sent."
BAD_EXERCISE = "It is not an exercise: {reason}"
BAD_CHECKS = "It must be an object with the checks' names and true or false: {{\"checks\": {{\"a row for each shop\": true}}}}"
BAD_KEY = "A submission's key is 8 to 64 letters, digits, - and _."
BUSY = "Too much is being sent at this moment. Try again in a minute."
STATES = {
    "not submitted": "not submitted",
    "queued": "waiting to be graded",
    "running": "being graded",
    "graded": "graded",
    "failed": "could not be graded: our fault, not yours; it does not count as an attempt",
}
TITLE = "Exercises"
NOTHING_YET = "There is nothing here yet. Exercises appear when an instructor hands them out."
NO_COURSES = "You are in no course yet. Your instructor adds you to its group at the hub; it works within seconds."
NO_DUE = "no due time"
CLOSED = "closed"
BY_HAND = "{checks} points by the checks, {hand:+g} given by hand."
COMMENT = "From those who teach"
REVEALED = "All checks of this exercise"
BAD_POINTS = "Nothing was changed: {text!r} is no number of points. Write one such as 2, -1 or 0.5."
BAD_ATTEMPTS = "Nothing was changed: {text!r} is no number of attempts to add. Write a whole number up to {limit}."
COMMENT_LONG = "Nothing was changed: the comment is longer than {limit} characters."
NO_EXTENSION = "Nothing was changed: {due} is not later than the due time of everybody, {own}."
REVEAL_CLOSED = "Nothing was changed: close the exercise first. Checks that are revealed while work is taken are no longer hidden."
PASSED, FAILED = "passed", "not passed"
LOGIN_FAILED = "The log-in was not completed, or took too long. Go back to the list and try again."
HUB_SILENT = "The hub does not answer at the moment, so nobody can be recognised. Try again in a minute."
