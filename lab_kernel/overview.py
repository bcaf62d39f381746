"""The course at a glance: what there is, how long it takes, what has been solved.

Invariant: facts are those of the lessons as they were delivered, whatever a student did to the copies; a link
leads to the student's own copy, and only where there is one.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from lab_kernel import html, lessons, messages, text
from lab_kernel.checks import passes
from lab_kernel.lessons import Lesson

DELIVERED = Path("/opt/course")
COPY = "course"


@dataclass(frozen=True)
class Course:
    """Shows itself as a table by part. `links` are addresses by lesson."""

    lessons: tuple[Lesson, ...]
    passed: frozenset[str]
    links: Mapping[str, str]

    @property
    def tasks(self) -> int:
        """How many tasks there are."""
        return sum(len(lesson.tasks) for lesson in self.lessons)

    @property
    def solved(self) -> int:
        """How many of them have been passed."""
        return sum(self.done(lesson) for lesson in self.lessons)

    def done(self, lesson: Lesson) -> int:
        return len(self.passed.intersection(lesson.tasks))

    def __repr__(self) -> str:
        if not self.lessons:
            return messages.COURSE_EMPTY
        parts = lessons.by_part(self.lessons)
        rows = []
        for part, members in parts.items():
            rows += [(lessons.heading(part), "", "")]
            rows += [("  " + _name(lesson), str(lesson.minutes), self._state(lesson)) for lesson in members]
        return f"{text.table(_headings(), rows, right={1})}\n{self._caption()}"

    def _repr_html_(self) -> str:
        if not self.lessons:
            return html.panel("info", messages.COURSE_EMPTY)
        sections = [
            (lessons.heading(part), [self._row(lesson) for lesson in members])
            for part, members in lessons.by_part(self.lessons).items()
        ]
        return html.sections(_headings(), sections, caption=self._caption(), right={1})

    def _row(self, lesson: Lesson) -> list[str]:
        link = self.links.get(lesson.name)
        name = html.inner_link(link, _name(lesson)) if link else _name(lesson)
        return [name, str(lesson.minutes), self._state(lesson)]

    def _state(self, lesson: Lesson) -> str:
        if not lesson.tasks:
            return messages.COURSE_NO_TASKS
        done, total = self.done(lesson), len(lesson.tasks)
        form = messages.COURSE_ALL if done == total else messages.COURSE_SOME
        return form.format(done=done, total=total)

    def _caption(self) -> str:
        return messages.COURSE_CAPTION.format(lessons=len(self.lessons), done=self.solved, total=self.tasks)


def course(home: Path | None = None, here: Path | None = None, delivered: Path = DELIVERED) -> Course:
    """Returns the course of this lab; `here` is the notebook's folder, from which links lead."""
    home = home or Path.home()
    copies = home / COPY
    found = lessons.read([folder for folder in (delivered, copies) if folder.is_dir()])
    start = here or Path.cwd()
    links = {}
    for lesson in found:
        file = copies / f"{lesson.name}.ipynb"
        if file.is_file():
            # Relative: JupyterLab opens it beside the notebook instead of loading itself once more.
            links[lesson.name] = quote(os.path.relpath(file, start))
    return Course(tuple(found), frozenset(passes.passed(passes.path(home))), links)


def _name(lesson: Lesson) -> str:
    return f"{lesson.number} {lesson.title}"


def _headings() -> tuple[str, str, str]:
    return messages.COURSE_LESSON, messages.COURSE_MINUTES, messages.COURSE_TASKS
