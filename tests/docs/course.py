"""The course's two pages, written from what the lessons say of themselves.

notebooks/README.md   what a student sees first: the lessons by part
docs/course.md        what a teacher asks: which lesson teaches a topic

Invariant: nothing on them is kept anywhere else, so a lesson that is added, renamed or changed is on both after
`--write`, and a test is red before it. A topic has a lesson or a reason why it has none.

usage: python -m tests.docs.course [--write]
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from lab_kernel.lessons import Lesson, by_part, heading, read
from tests.helpers.versions import ROOT

LESSONS = ROOT / "notebooks"
LANDING, TOPICS_PAGE = LESSONS / "README.md", ROOT / "docs" / "course.md"

# Slug of metadata.dataflow.topics -> the topic as people say it, in the order of the page.
TOPICS = {
    "medallion": "Layers: bronze, silver, gold",
    "schema-evolution": "Schemas: what a table refuses, and how it changes on purpose",
    "merge": "MERGE and upserts, judged by their metrics",
    "scd2": "Slowly changing dimensions of type 2",
    "change-data-feed": "The change data feed",
    "time-travel": "Time travel and RESTORE",
    "maintenance": "OPTIMIZE, Z-ORDER, VACUUM and retention",
    "liquid-clustering": "Liquid clustering",
    "constraints": "NOT NULL and CHECK constraints",
    "quarantine": "Quarantine and rescued data",
    "idempotent-ingest": "Ingestion that can run twice",
    "expectations": "Data quality expectations and contracts",
    "windows-watermarks": "Event time: windows and watermarks",
    "exactly-once": "Exactly once, and foreachBatch",
    "checkpoint-recovery": "Recovery from a checkpoint after a kill",
    "kafka": "Kafka as a source",
    "features": "Features for a model",
    "mlflow": "MLflow: tracking, registry, aliases, serving",
    "orchestration": "Orchestration and retries",
    "lineage": "Lineage",
    "small-files": "Small files",
    "partitioning": "Partitioning",
    "aqe": "Adaptive query execution",
    "broadcast-join": "Broadcast joins",
    "skew": "Skew",
    "plans-and-ui": "Reading plans and Spark's own pages",
    "pipeline-tests": "Tests for pipelines",
}

# What other courses are compared by too, and no lesson can teach.
ELSEWHERE = {
    "Work offline, without an account": "no topic of a lesson but how every lesson runs: the lab has no network, "
    "and `make test` runs each lesson in it ([lessons as tests](lessons.md))",
    "A score that nobody counts by hand": "the self-checks of the lessons show what is right and keep no marks; "
    "marks come from exercises, which are graded on other data than the student sees "
    "([for the instructor](instructor.md))",
    "Brazilian Portuguese": "the lessons are in plain English, written to be translated; the sales they work on are Brazilian "
    "(CPF, decimal commas, regions), made by `lab_kernel.datasets`",
}

LANDING_TEXT = """\
# The course

{count} lessons, about {hours} hours in all. Open a lesson by its link, run its cells from the top, and read what happens.
Nothing that you do here can break anything outside of your own lab.

- Begin with **{first}**.
  It shows how this lab works. After it, follow the parts in their order, or go where you need to: each lesson says what it
  builds on.
- Each lesson ends with something to try. `check(...)` below your answer says whether it is right, as often as you like.
- `course()` in any notebook shows these lessons again, with what you have solved.
"""

TOPICS_TEXT = """\
# What the course teaches, and where

The topics by which courses in data engineering are compared, each with the lesson in which a student does it, breaks it and
measures it. Made from the lessons' own words by `python -m tests.docs.course --write`; a topic without a lesson needs a reason.
The lessons in their order, with what each teaches and needs: [the course](../notebooks/README.md).
"""

STALE = "{path} is not what the lessons say. Write it: .venv/bin/python -m tests.docs.course --write"
UNTAUGHT = "no lesson teaches {topic}: give one the topic in metadata.dataflow.topics, or the page a reason in tests/docs/course.py"
UNKNOWN = "{lesson} has the topic {topic}, which tests/docs/course.py does not know"
NOT_YET = "**no lesson**"


def landing(lessons: Sequence[Lesson]) -> str:
    """Returns the text of notebooks/README.md."""
    hours = round(sum(lesson.minutes for lesson in lessons) / 60)
    first = _link(lessons[0], "") if lessons else NOT_YET
    parts = [LANDING_TEXT.format(count=len(lessons), hours=hours, first=first)]
    for part, members in by_part(lessons).items():
        rows = [(_link(lesson, ""), _lines(lesson.teaches), str(lesson.minutes), _lines(lesson.needs)) for lesson in members]
        parts.append(f"## {_plain(heading(part))}\n\n" + _table(("lesson", "you learn", "minutes", "you need"), rows))
    return "\n".join(parts)


def topics(lessons: Sequence[Lesson]) -> str:
    """Returns the text of docs/course.md."""
    rows = []
    for topic, words in TOPICS.items():
        taught = [_link(lesson, "../notebooks/") for lesson in lessons if topic in lesson.topics]
        rows.append((words, "<br>".join(taught) or NOT_YET))
    rows += ELSEWHERE.items()
    return f"{TOPICS_TEXT}\n" + _table(("topic", "where"), rows)


def pages(lessons: Sequence[Lesson]) -> dict[Path, str]:
    """Returns the text of each page by its file."""
    return {LANDING: landing(lessons), TOPICS_PAGE: topics(lessons)}


def problems(lessons: Sequence[Lesson]) -> list[str]:
    """Returns the topics that no lesson teaches, and those that nobody has heard of."""
    taught = {topic for lesson in lessons for topic in lesson.topics}
    found = [UNTAUGHT.format(topic=topic) for topic in TOPICS if topic not in taught]
    for lesson in lessons:
        found += [UNKNOWN.format(lesson=lesson.name, topic=topic) for topic in lesson.topics if topic not in TOPICS]
    return found


def _link(lesson: Lesson, folder: str) -> str:
    return f"[{lesson.number} {_plain(lesson.title)}]({folder}{lesson.name}.ipynb)"


def _lines(texts: Iterable[str]) -> str:
    return "<br>".join(map(_plain, texts))


def _plain(text: str) -> str:
    """Returns a text that means the same in a cell of a Markdown table."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = "|" + ":---|" * len(headings)
    return "\n".join([_row(headings), rule, *map(_row, rows)]) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="course", description="Check the course's two pages, or write them.")
    parser.add_argument("--write", action="store_true", help="write both pages")
    options = parser.parse_args(arguments)
    lessons = read([LESSONS])
    found = problems(lessons)
    for path, text in pages(lessons).items():
        if options.write:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            found.append(STALE.format(path=path.relative_to(ROOT)))
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
