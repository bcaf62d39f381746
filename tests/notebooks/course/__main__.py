"""`make course SRC=dir`: runs a course's notebooks in the lab image and reports.

usage: python -m tests.notebooks.course SRC [--strict] [--filter TEXT] [--report DIR]

Exit status: 0 all is well; 1 a notebook is at fault; 2 the folder cannot be run as a course; 3 the lab or pytest is
at fault, not the course.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from tests.helpers.lab import LabError, require_image
from tests.helpers.versions import ROOT
from tests.helpers.versions import read as read_settings
from tests.notebooks.course import folder

REPORTS = ROOT / "build" / "course"
FOREIGN = Path(__file__).with_name("foreign.py")
WELL, AT_FAULT, NO_COURSE, OUR_FAULT = 0, 1, 2, 3
WHERE = "report: {index}\nJUnit:  {junit}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="course", description="Run a course's notebooks in the lab image.")
    parser.add_argument("source", type=Path, help="a folder with notebooks/ (or notebooks) and perhaps solutions/")
    parser.add_argument("--strict", action="store_true", help="ask all that a lesson of this project must keep")
    parser.add_argument("--filter", default="", help="only notebooks with this in their name")
    parser.add_argument("--report", type=Path, help="where the report goes (default: build/course/NAME)")
    options = parser.parse_args(arguments)
    try:
        course = folder.read(options.source, options.filter)
    except folder.CourseError as error:
        print(error, file=sys.stderr)
        return NO_COURSE
    try:
        require_image(read_settings()["LAB_IMAGE"])
    except LabError as error:
        print(error, file=sys.stderr)
        return OUR_FAULT
    report = (options.report or REPORTS / course.name).resolve()
    report.mkdir(parents=True, exist_ok=True)
    junit = report / "junit.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={junit}"]
    command += ["-o", f"junit_suite_name={course.name}", "--tb=short", f"--course={course.source}", f"--course-report={report}"]
    command += [f"--course-filter={options.filter}", *(["--course-strict"] if options.strict else []), str(FOREIGN)]
    status = subprocess.run(command, cwd=ROOT).returncode
    print(WHERE.format(index=report / "index.html", junit=junit))
    return status if status in (WELL, AT_FAULT) else OUR_FAULT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
