"""The rules of a lesson, as a library and as a command.

Invariant: `problems` of a lesson without any is the empty list, and `fixed` never changes what a
lesson teaches.

usage: python -m tests.notebooks.rules [--fix] [NOTEBOOK...]
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.helpers.versions import read as read_settings
from tests.notebooks import lessons
from tests.notebooks.ruleset import content, form, tasks
from tests.notebooks.ruleset.base import Problem, Rule, Subject

RULES: tuple[Rule, ...] = (*form.RULES, *content.RULES, *tasks.RULES)

SOUND = "{count} lessons keep the rules"
FIXED = "fixed {path}"


def subject(lesson: lessons.Lesson, settings: Mapping[str, str] | None = None) -> Subject:
    """Return a lesson as the rules see it."""
    return Subject(
        name=lesson.name,
        text=lesson.path.read_text(encoding="utf-8"),
        notebook=lesson.read(),
        answers=lesson.answers(),
        settings=read_settings() if settings is None else settings,
    )


def problems(lesson: lessons.Lesson, settings: Mapping[str, str] | None = None) -> list[Problem]:
    """Return every breach of every rule."""
    seen = subject(lesson, settings)
    return [problem for rule in RULES for problem in rule(seen)]


def fixed(lesson: lessons.Lesson) -> str:
    """Return the text of the lesson with everything repaired that needs no author."""
    seen = subject(lesson)
    form.fix(seen)
    return form.canonical(seen.notebook)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="rules", description="Check the rules of lessons.")
    parser.add_argument("--fix", action="store_true", help="repair what needs no author")
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all lessons")
    options = parser.parse_args(arguments)
    chosen = [lessons.lesson(path) for path in options.notebooks] or lessons.lessons()
    count = 0
    for lesson in chosen:
        if options.fix:
            text = fixed(lesson)
            if text != lesson.path.read_text(encoding="utf-8"):
                lesson.path.write_text(text, encoding="utf-8")
                print(FIXED.format(path=lesson.path))
        for problem in problems(lesson):
            count += 1
            print(problem.describe(lesson.name), file=sys.stderr)
    if not count:
        print(SOUND.format(count=len(chosen)))
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
