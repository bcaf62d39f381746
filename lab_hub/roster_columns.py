"""What people's spreadsheets call the columns and the roles of a roster.

Invariant: pure tables and functions; a heading means one column or none, and nothing is guessed from the values below it.
"""

import re
import unicodedata
from collections.abc import Sequence

from lab_hub import people_messages as messages

NAME, FULL_NAME, EMAIL, COURSE, ROLE = "name", "full name", "e-mail", "course", "role"

_HEADINGS = {
    NAME: ("username", "user name", "user", "login", "login name", "account", "usuario", "nome de usuario", "conta"),
    FULL_NAME: ("full name", "fullname", "display name", "nome completo", "nome do aluno", "nombre completo"),
    EMAIL: (
        "e mail",
        "email",
        "mail",
        "email address",
        "e mail address",
        "endereco de e mail",
        "endereco de email",
        "correio",
        "correo",
    ),
    COURSE: ("course", "courses", "class", "group", "curso", "turma", "disciplina", "grupo"),
    ROLE: ("role", "papel", "funcao", "perfil", "rol"),
}
# The name that one logs in with, unless another column is called so: then it is the person's.
_NAME_OR_FULL_NAME = ("name", "nome", "nombre")

_ROLES = {
    "student": ("student", "aluno", "aluna", "estudante", "discente", "alumno", "alumna", "learner"),
    "grader": (
        "grader",
        "ta",
        "teaching assistant",
        "assistant",
        "monitor",
        "monitora",
        "tutor",
        "tutora",
        "corretor",
        "corretora",
    ),
    "instructor": ("instructor", "teacher", "lecturer", "professor", "professora", "prof", "docente", "instrutor", "instrutora"),
}

_COLUMN_OF = {spelling: column for column, spellings in _HEADINGS.items() for spelling in spellings}
_ROLE_OF = {spelling: role for role, spellings in _ROLES.items() for spelling in spellings}


class BadHeader(ValueError):
    """The first line does not name the columns; the message says what is missing."""


def plain(text: str) -> str:
    """Return a heading without case, accents and punctuation, to be looked up."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


def role_of(text: str) -> str | None:
    """Return the role that is meant; an empty cell means a student, None that nobody can know."""
    return _ROLE_OF.get(plain(text)) if text.strip() else "student"


def recognized(headings: Sequence[str]) -> int:
    """Return how many of these headings are known."""
    return sum(plain(heading) in _COLUMN_OF or plain(heading) in _NAME_OR_FULL_NAME for heading in headings)


def columns(headings: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Return where each column is, and the headings that mean none. Raises BadHeader."""
    meanings = [_COLUMN_OF.get(plain(heading)) for heading in headings]
    for number, heading in enumerate(headings):
        if plain(heading) in _NAME_OR_FULL_NAME:
            meanings[number] = FULL_NAME if NAME in meanings else NAME
    found: dict[str, int] = {}
    for number, meaning in enumerate(meanings):
        if meaning in found:
            first, second = headings[found[meaning]], headings[number]
            raise BadHeader(messages.COLUMN_TWICE.format(column=meaning, first=first, second=second))
        if meaning is not None:
            found[meaning] = number
    for needed in (NAME, COURSE):
        if needed not in found:
            there = ", ".join(heading.strip() for heading in headings if heading.strip())
            raise BadHeader(messages.NO_COLUMN.format(column=repr(needed), found=there or messages.NOTHING_SAID))
    unused = [heading.strip() for heading, meaning in zip(headings, meanings, strict=True) if meaning is None and heading.strip()]
    return found, unused
