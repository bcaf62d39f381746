"""Every sentence about people and rosters: on the command line, on the page of people, on a slip.

Invariant: as in messages.py, which has the others.
"""

# A roster's file

NOT_CSV = "This is no CSV file but a spreadsheet's own format. In the spreadsheet: Save as, CSV UTF-8; then use that file."
TOO_LARGE = "The file has {size} kB; a roster has at most {most} kB. Is it the right file?"
EMPTY_FILE = "The file has no rows. The first line names the columns: name, full name, e-mail, course, role"
UNREADABLE_CSV = "The file cannot be read from here on: {reason}. An opening quote without its closing one is the usual cause."
NO_COLUMN = "There is no column {column}. The first line names the columns: name, full name, e-mail, course, role. Found: {found}"
COLUMN_TWICE = "Two columns mean the same ({column}): {first!r} and {second!r}. Rename or remove one."
TOO_MANY_CELLS = "{count} cells, but {columns} columns are named. A value with {separator!r} in it needs quotes around it."
NO_NAME = "No name. Each row needs the name that the person logs in with."
FULL_NAME_LONG = "The full name has {length} characters; at most {most} are kept."
EMAIL_INVALID = "{email!r} is no e-mail address: it needs one @ with something on both sides, and no spaces."
ROLE_UNKNOWN = "{role!r} is no role. Write student, grader or instructor (or leave it empty for student)."
ROLE_WITHOUT_COURSE = "A role, {role}, but no course."
COURSE_UNUSABLE = "{course!r} cannot be a course's name. Use 1 to 63 of a-z, 0-9, - and _, beginning with a letter or digit: spark1"
ROW_TWICE = "{name} in {course} was in line {first} already. Remove one of the two."
ACCOUNT_TWICE = "{name} without a course was in line {first} already. Remove one of the two."
ROLE_TWICE = "{name} is {role} in {course} here and {other} in line {first}. A person has one role in a course."
TWO_VALUES = "{name} has the {field} {value!r} here and {other!r} in line {first}. Is it two people? Then they need two names."
TOO_MANY_ROWS = "More than {most} rows. Import them in parts."
FIELD_FULL_NAME = "full name"
FIELD_EMAIL = "e-mail"

LINE = "line {line}: {reason}"
REFUSED = "{count} problem(s) in the roster, so nothing was changed:\n\n{problems}\n\nMend them all, then run it again."
READ_AS = "The file is not UTF-8; it was read as Windows-1252. Look at the accents below."
COLUMNS_UNUSED = "Columns that were not used: {names}"

# What changes

WHAT_NEW = "new account"
WHAT_CHANGED = "changed"
WHAT_JOINS = "into course"
WHAT_LEAVES = "out of course"
WHAT_ABSENT = "not in file"
WHAT_SLIP = "new slip"
DETAIL_CHANGE = "{field}: {before} -> {after}"
DETAIL_MEMBER = "{course} as {role}"
DETAIL_ABSENT = "{course}, {role}: stays"
NOTHING_SAID = "(none)"
TABLE_HEAD = ("what", "name", "detail")
DRY = "Nothing was changed. The same without DRY=1 does this."
NOTHING_TO_DO = "Everything is as the file says; nothing changed."
SUMMARY = "{new} new account(s), {changed} changed, {joins} into courses, {leaves} out of courses."
ABSENT_NAMED = (
    "{count} membership(s) are not in the file any more and were left as they are (listed above as 'not in file'). "
    "To take them out of their courses: the same with REMOVE=1."
)
PARTLY = (
    "The accounts are made and changed as the file says, and the slips are valid. Not all memberships are: the hub stopped at "
    "{where} ({reason}). Run the same command again; it does what is left and prints no slip twice."
)
DATABASE_BUSY = "The accounts' database did not take the change ({reason}). Nothing was changed there; run it again in a moment."
CHANGED_MEANWHILE = "An account of the name {name} was made in this very moment. Nothing was changed; run it again."

# A slip

SLIP_TITLE = "DataFlow Lab"
SLIP_ADDRESS = "Address"
SLIP_NAME = "Name"
SLIP_PASSWORD = "Password"
SLIP_ONCE = "works once"
SLIP_HOW = (
    "Open the address and log in with this name and password. You are then asked to choose a password of your own; "
    "from then on only that one works. Keep it to yourself: nobody who helps you needs it."
)
SLIPS_TITLE = "One-time passwords"
SLIPS_KEEP = "Print, cut, hand out, and delete the file: each password works until its owner has logged in."

# One person

NOBODY = "{name} has no account. make member lists who is in a course; make user NAME={name} makes an account."
ACCOUNT_LOCKED = "This account is locked. Talk to your instructor; your files are safe."
LOCKED = "{name} is locked: logged out, the lab stopped, tokens revoked. Files stay. To undo: make user NAME={name} UNLOCK=1"
LOCKED_ALREADY = "{name} was locked already; the lab is stopped and tokens are revoked."
UNLOCKED = "{name} can log in again, with the same password."
UNLOCKED_ALREADY = "{name} was not locked; nothing changed."
LAB_STAYS = "The lab of {name} could not be stopped ({reason}). Run the same command again; make logs NAME=hub says more."
SESSIONS_STAY = "The sessions of {name} could not be ended at once ({reason}), but end within a minute. Run the same command again."
REMOVED = "{name} is removed. Home: {archive}. Was in: {courses}. What was submitted as exercises stays."
NO_HOME = "there was none (no lab was ever started)"
HUB_KEEPS = (
    "The home of {name} is archived, but the hub did not remove the account ({reason}). It is locked. Run the same command again."
)
RESTORED = (
    "{name} can log in now, with the home from {archive}. One-time password, shown only here; the first log-in asks for a "
    "new one:\n\n    {password}\n"
)
RESTORE_ACCOUNT_EXISTS = "{name} has an account already, and an archive is brought back into a new one. Take another name."
RESTORE_FAILED = "The archive {path} could not be brought back ({reason}). No account was made."
HOME_EXISTS = "{name} has a home already, the volume {volume}, which is never overwritten. Take another name or remove it first."
HOME_STAYS = "The account is removed and the home archived, but its volume {volume} stays ({reason}). Run the same command again."

# Archives of homes

ARCHIVE_PROGRESS = "{megabytes} MB so far"
ARCHIVE_READ_BACK = "reading the archive back"
ARCHIVE_FAILED = "The home of {name} could not be archived ({reason}). Nothing was removed; mend that, then run it again."
ARCHIVE_CUT = "the engine stopped in the middle"
ARCHIVE_DIFFERS = "what was read back is not what was written"
ARCHIVE_ODD = "{name!r} is nothing that a home contains"
ARCHIVE_NO_IMAGE = "the lab image {image} is not on this machine"
ARCHIVE_MISSING = "There is no archive {wanted}. Archives are in {folder}; name one of its files."

# The page of people

STATE_ACTIVE = "active"
STATE_NEVER = "never logged in"
STATE_RESET = "new password given"
STATE_LOCKED = "locked"
STATE_NONE = "no account"
AGO_DAYS = "{count} d ago"
AGO_HOURS = "{count} h ago"
AGO_MINUTES = "{count} min ago"
AGO_NOW = "just now"
AGO_NEVER = "never"
YOURSELF = "That is you. Another administrator has to do that, or: make user on the class's machine."
NAME_DIFFERS = "{typed!r} is not the name of {name}. Nobody was removed; type the name exactly."
NO_FILE = "No file was chosen. Choose the CSV file of the class."
SEEN_ANOTHER = "Something has changed since you looked. This is what the file would change now; look again, then apply it."
REMOVAL_BEGINS = "stopping the lab"
REMOVAL_RUNS = "{name} is being removed already."
SAID = {
    "locked": "Locked: logged out, the lab stopped, tokens revoked. Files stay.",
    "unlocked": "Unlocked, with the same password.",
    "details": "Saved.",
    "joined": "In the course; it counts within seconds.",
    "left": "Out of the course; what was submitted is kept.",
}
