"""First process of a lab: checks the home, brings the course, becomes the server.

Invariant: the server starts whenever the home can be written to. A course that cannot be merged is told to the student in a file
beside it; a home that cannot be written to ends the start with status 74 and one line that the hub turns into a plain sentence.
"""

import os
import sys
import tempfile
from pathlib import Path

from lab_kernel import course, light_server
from lab_kernel.desk.settings import SHARED

HOME_FULL = 74
HOME_FULL_MESSAGE = "home is full: {reason}"
COURSE_SOURCE = Path("/opt/course")
# What the way to the courses' folders may be called in the home.
SHARED_NAMES = ("shared", "shared-by-courses")
NOTICE_NAME = "COURSE_NOT_UPDATED.txt"
NOTICE = """The newest course files could not be merged into your folder "course".

What happened: {reason}
Your own files are untouched and the lab works as usual.
What to do: rename the folder "course" (for example to "my-course"), then stop and start your lab:
you get a fresh copy, and your old folder stays where you put it.
"""


def check_home(home: Path) -> None:
    """Refuses to go on when nothing can be written: the server itself needs a few files."""
    try:
        with tempfile.NamedTemporaryFile(dir=home) as probe:
            probe.write(b"\0" * 1_000_000)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        print(HOME_FULL_MESSAGE.format(reason=error), flush=True)
        sys.exit(HOME_FULL)


def bring_course(source: Path, home: Path) -> None:
    notice = home / NOTICE_NAME
    try:
        course.sync(source, home)
    except Exception as error:  # whatever git says, the student must still get a lab
        reason = getattr(error, "stderr", None) or error
        print(f"course not updated: {reason}", flush=True)
        notice.write_text(NOTICE.format(reason=reason))
    else:
        notice.unlink(missing_ok=True)


def link_shared(shared: Path, home: Path) -> None:
    """Shows the folders of the person's courses in the home, where the file browser looks; nothing of the person's makes way."""
    names = [home / name for name in SHARED_NAMES]
    ours = [link for link in names if link.is_symlink() and link.readlink() == shared]
    free = [link for link in names if not link.is_symlink() and not link.exists()]
    there = shared.is_dir() and any(shared.iterdir())
    try:
        if not there:
            for link in ours:
                link.unlink()
        elif free and not ours:
            free[0].symlink_to(shared)
    except OSError as error:
        # As above: a lab without it is better than none.
        print(f"the courses' folders are not linked into the home: {error}", flush=True)


def main() -> None:
    home = Path.home()
    check_home(home)
    # Before the course: what brings it loads a part of the server already. start-lab's -s keeps the student's own packages out.
    light_server.install()
    bring_course(COURSE_SOURCE, home)
    link_shared(SHARED, home)
    light_server.serve()


if __name__ == "__main__":
    main()
