"""What the copies of the databases say to an operator, in one place."""

NONE = "there is none yet"
COPIED = "copied: {copy}"
NOT_COPIED = (
    "The database of {name} could not be copied: {reason}. Copies that are there stay. `make doctor` looks at the database itself; "
    "if it is damaged, `make restore` shows the copies."
)
NO_COPY = "{copy!r} is no copy. These are there: {there}"
COPY_DAMAGED = "The copy {copy} is damaged ({reason}); nothing was changed. Take another: make restore"
NOT_RESTORED = "The copy {copy} could not be put in place: {reason}. Make room on the disk, then run the same command again."
RESTORED = "The database of {name} is now {copy}."
ASIDE = "What was there before is kept in its volume as {aside}; remove it when nothing is missed."
LISTED = "{copy}  {size:>9,d} bytes"
LISTED_NONE = "There are no copies yet; the first is made when the class starts, and one at any time by `make backup`."
HUB_REFUSES = (
    "The hub does not start: its file of accounts {path} is damaged ({reason}). Labs that run go on. `make restore` shows the last "
    "good copies, and `make restore COPY=...` puts one of them in place and starts the hub."
)
OVERDUE = "the last copy of {name} is {age:.0f} s old, and one is made every {every} s; make logs NAME=backup says why"

# Homes and courses' folders

NO_VOLUME = "{kind} {name!r} is no home and no course's folder"
COPY_CUT = "the engine stopped in the middle"
VOLUME_IS_THERE = "the volume {volume} is there, and is never overwritten"
HALF_REMOVED = "the volume {volume} was only half restored, and is removed"
HALF_IN_USE = "the volume {volume} is only half restored, and a lab uses it: stop that lab, on the hub's admin page"
