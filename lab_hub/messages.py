"""Every sentence that the hub's own code shows to a person.

Invariant: plain templates with named fields, no sentence is put together anywhere else, so that they can be read, corrected and
translated in one place. Each says what happened, then what to do.
"""

# Log-in

LOCKED_OUT = (
    "Too many failed attempts for this name. Wait {minutes} min and try again, or ask your instructor for a new one-time password."
)
NAME_AND_PASSWORD = "Enter your name and your password."
MUST_CHOOSE = (
    "Your one-time password was accepted. Log in on the hub's page to choose your own password; nothing else works before."
)
CHOICE_EXPIRED = (
    "This first log-in has expired or was finished elsewhere. Log in again; if it fails, ask for a new one-time password."
)

# Choosing a password

PASSWORDS_DIFFER = "The two new passwords are different. Type the same one twice."
PASSWORD_SHORT = "The new password has {length} characters. Use {minimum} or more; a few words in a row are easy to keep in mind."
PASSWORD_LONG = "The new password is longer than {maximum} bytes. Use a shorter one."
PASSWORD_COMMON = "The new password is one of the most common ones, which attackers try first. Choose another."
PASSWORD_HAS_NAME = "The new password contains your name, which attackers try first. Choose another."
PASSWORD_SAME = "The new password is the one you have now. Choose another."
PASSWORD_WRONG = "Your present password is not right. Type it again; if you have forgotten it, ask your instructor to reset it."
PASSWORD_CHANGED = "Your password is changed. Other browsers were logged out."

# Accounts, on the operator's command line

NAME_INVALID = (
    "{name!r} cannot be a user's name. Use 1 to {longest} of a-z, 0-9 and single . _ - between them, "
    "beginning with a letter: ana, j.silva"
)
ACCOUNT_EXISTS = "{name} already has an account. For a new one-time password: make user NAME={name} RESET=1"
NO_ACCOUNT = "{name} has no account. Make one: make user NAME={name}"
ACCOUNT_MADE = (
    "{name} can log in now ({role}). One-time password, shown only here; the first log-in asks for a new one:\n\n    {password}\n"
)
ACCOUNT_RESET = (
    "{name} has a new one-time password, shown only here. The old password and open sessions end now:\n\n    {password}\n"
)
ADMIN_EXISTS = "{name} has an account already; nothing changed."
ADMIN_MADE = "{name} can log in now (administrator) with the one-time password of the file."
PASSWORD_FILE = "The password file {path} cannot be used: {reason}"
PASSWORD_FILE_SHORT = "its first line has {length} characters, {minimum} or more are needed"
ROLE_ADMIN = "administrator"
ROLE_STUDENT = "student"

# Members of courses, on the operator's command line

COURSE_INVALID = "{course!r} cannot be a course's name. Use 1 to 63 of a-z, 0-9, - and _, beginning with a letter or digit: spark1"
ROLE_INVALID = "{role!r} is no role. A member is a student, a grader or an instructor."
MEMBER_ADDED = "{name} is {role} of {course}."
MEMBER_REMOVED = "{name} is no longer {role} of {course}; it counts within seconds."
MEMBER_WAS_NOT = "{name} was not {role} of {course}; nothing changed."
MEMBERS_NONE = "No course has members yet. Add one: make member COURSE=spark1 NAME=ana ROLE=student"
HUB_REFUSES = "The hub does not take the change ({reason}). make status shows whether it runs, make logs NAME=hub what it says."

# Labs that are prepared, on the operator's command line

COURSE_EMPTY = "{course} has no students. Add some: make member COURSE={course} NAME=ana; who is where: make member"
NOT_IN_COURSE = "{name} is no student of {course}. Who is where: make member"
PREPARED = "{name}: ready after {seconds:.1f} s"
PREPARED_RUNS = "{name}: runs already"
PREPARED_NOT = "{name}: not started: {reason}"
PREPARED_GONE = "the start failed; make logs NAME=hub has the reason"
PREPARED_LATE = "not ready within {seconds} s; make logs NAME=hub may say why"
PREPARED_ENOUGH = (
    "No more are prepared: the machine has {free} of memory free, and of two labs each may need {limit}. "
    "The others start when they are pressed."
)
PREPARED_ALL = "{count} prepared, with {used} of memory, {each} each. Those that nobody opens stop as idle labs do."

# Announcements, on the operator's command line

ANNOUNCED = "{id}  until {until:%Y-%m-%d %H:%M}  {kind:<8} {text}"
ANNOUNCE_NONE = 'Nothing is announced. make announce TEXT="The lab closes at six" UNTIL=18:00'
ANNOUNCE_REMOVED = "{id} is taken back: gone from the hub's pages now, from labs within half a minute."
ANNOUNCE_UNKNOWN = "There is no announcement {id}. make announce LIST=1 shows what is announced."
ANNOUNCE_EMPTY = "An announcement needs a text."
ANNOUNCE_TEXT = "An announcement is plain text of at most {longest} characters; this has {length}. Leave out what is not printable."
ANNOUNCE_KIND = "KIND={kind} is none of: {kinds}"
ANNOUNCE_UNTIL = "UNTIL={until} is no end. Say 45m, 2h, 3d, 18:00 or 2026-12-01T18:00."
ANNOUNCE_PAST = "UNTIL is over, or more than a year away; nothing was announced. Say 45m, 2h, 3d, 18:00 or 2026-12-01T18:00."
ANNOUNCE_MANY = "{most} announcements are shown already. Take some back: make announce LIST=1, then REMOVE=ID."
ANNOUNCE_KEPT_NOT = "The announcement could not be stored: {reason}. Nothing changed; make doctor QUICK=1 looks at the disk."

# The spawn page

PLACE = "Place {place} of {of} in the queue, about {time} until your lab is there"
ABOUT_SECONDS = "{seconds} s"
ABOUT_MINUTES = "{minutes} min"
YOUR_TURN = "It is your turn"
IMAGE_FOUND = "Lab image found"
PLATFORM_GRANTED = "Your lab works on the class's platform"
PLATFORM_SILENT = (
    "The class's platform did not answer: your lab works by itself, and tables on the platform are not shown. Tell your instructor."
)
CONTAINER_CREATED = "Your container is created"
CONTAINER_STARTED = "Your container is started"
SERVER_AWAITED = "Waiting for JupyterLab: home check, course files, server"
SERVER_ANSWERS = "JupyterLab answers"
LAB_READY = "Your lab is ready"
WITH_SECONDS = "{what} ({seconds:.1f} s)"

# Why a start failed: what happened, what to do, and where the operator finds the rest

START_FAILED = "{what} {advice} Incident {incident}."
ADVICE_OPERATOR = "You cannot mend this yourself: tell your instructor and name the incident."
ADVICE_RETRY = "Try again in a minute; if it happens again, tell your instructor and name the incident."
IMAGE_MISSING = "The lab image {image} is not on this machine."
NO_MEMORY = "The machine has {available} of memory free and your lab may need {needed}."
ADVICE_NO_MEMORY = (
    "Try again when others have stopped their labs (File, Hub Control Panel, Stop My Server), or tell your instructor."
)
HOME_FULL = "Your home folder cannot be written to, most likely because the disk is full."
ADVICE_HOME_FULL = "Nothing of yours is lost. Tell your instructor, who can make room, and name the incident."
DISK_FULL = "The machine's disk is full, so no container could be made for you."
KILLED_FOR_MEMORY = "Your lab was stopped while starting because it needed more than its {limit} of memory."
EXITED = "Your lab ended by itself while starting (exit code {code})."
TIMED_OUT = "Your lab did not answer within {seconds} s; the machine may be very busy."
ENGINE_FAILED = "The engine that runs the labs did not do as asked."
UNKNOWN = "Your lab could not be started for a reason that the hub does not know."

# A lab that ended while it was running (shown where it is started again)

WITH_INCIDENT = "{what} Incident {incident}."
FILES_SAFE = "Your files are safe."
ENDED_FOR_MEMORY = "Your lab was stopped because everything in it together needed more than its {limit} of memory."
ADVICE_LESS_MEMORY = "Shut down notebooks that you do not use, and keep large data in Spark."
ENDED = "Your lab ended by itself (exit code {code})."
ADVICE_TELL = "If it happens again, tell your instructor and name the incident."
ENDED_WITH_THE_MACHINE = "Your lab ended because the machine was restarted."
ENDED_FROM_OUTSIDE = "Your lab was stopped together with the class, or its engine was restarted."
ENDED_IDLE = "Your lab was stopped because nobody had used it for {time}."
ADVICE_IDLE = "A running Spark job or stream counts as use, an open and visible page too."
ENDED_BY_ADMIN = "Your lab was stopped by an administrator."
ENDED_BY_OPERATOR = "Your lab was stopped by whoever runs the class."
LAST_TIME = "Last time: {what}"


def place(place: int, of: int, seconds: float) -> str:
    """Return where somebody is in the queue; an estimate is given as roughly as it is known."""
    if seconds <= 90:
        time = ABOUT_SECONDS.format(seconds=max(5, 5 * round(seconds / 5)))
    else:
        time = ABOUT_MINUTES.format(minutes=round(seconds / 60))
    return PLACE.format(place=place, of=of, time=time)


def duration(seconds: int) -> str:
    """Return a time as people say it, as exactly as the setting is."""
    if seconds % 3600 == 0:
        return "an hour" if seconds == 3600 else f"{seconds // 3600} hours"
    return f"{seconds // 60} minutes" if seconds % 60 == 0 else f"{seconds} seconds"
