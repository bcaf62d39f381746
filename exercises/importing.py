"""`exercises import`: an exercise out of an nbgrader assignment's folder.

Invariant: answers, texts and points come over as they are. A test cell becomes a check that compares values the notebook keeps at
its end, and its visible part stays in the notebook, where students see it at once. What cannot be carried over is told by cell
and line, and its points stay in exercise.toml, so that the laws hold only when somebody has written a check for it.
"""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exercises import definition, folder
from exercises.errors import ExerciseError
from exercises.form import asserts, notebooks
from exercises.form.markers import HIDDEN
from exercises.form.roles import ANSWERS, CellRole, Role, roles
from exercises.program import program

CHECK_NAME = "the tests of {grade_id}"
RECORD = "keep-answers"
KERNEL = {"kernelspec": {"display_name": "Spark + Delta", "language": "python", "name": "dataflow-spark"}}
KERNEL |= {"language_info": {"name": "python"}}

NO_FOLDER = "There is no folder {path}. Give the folder of one assignment: …/source/ASSIGNMENT"
NO_NOTEBOOK = "There is no notebook in {path}. Give the folder of one assignment: …/source/ASSIGNMENT{there}"
THERE = ", such as {found}"
IS_THERE = "{path} is there already. Give another name: {program} import {folder} NAME"
NOT_READ = "{path} is no notebook that nbgrader would take ({reason})."
NO_NBGRADER = "Importing needs nbgrader, which is not installed here: pip install nbgrader"

MADE = "{name}: {answers} answers, {checks} checks worth {points:g} of {of:g} points, from {source}"
NOT_CARRIED = (
    "  not carried over: {cell}, worth {points:g}, line {line}: {reason}. "
    "It is a comment in checks.py; write a check in its place."
)
BY_HAND = "  not carried over: {cell}, worth {points:g}, is graded by a person. Its text stays; nothing here grades it."
NO_POINTS = "  {cell} has no points: its asserts stay in the notebook, and are no check."
FILES = "  What lay beside the notebook lies in data/ now ({count}). Change its paths: {names} becomes data/{names}"
ONE_SEED = "  Every seed has the same data. Write a data.py, or whoever copies the right values passes."
NEXT = "Next: {program} check {name}"

HEAD = '''"""Made from the tests of {source}.

The notebook's last cell keeps the values of some expressions; each check compares them. No function of a student's is called here.
"""

import ast

from exercises.checks import CheckFailed, check


def answer(result, expression):
    """The value that an expression had at the notebook's end."""
    kept = {{row["expression"]: row["value"] for row in result.table("gold", "answers").rows()}}
    if kept.get(expression) is None:
        raise CheckFailed(f"{{expression}} has no value at the end of your notebook.")
    try:
        return ast.literal_eval(kept[expression])
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        raise CheckFailed(f"{{expression}} is no number, text or collection of these.") from None
'''
CHECK = '''

@check({name!r}, points={points:g}{hidden})
def check_{number}(result):
{body}
'''
IS_HIDDEN = ", visible=False, message={message!r}"
SHOWN = ", message={message!r}"
MESSAGE = "The tests of {grade_id} do not pass."
COMMENT = "\n\n# TODO {grade_id}, worth {points:g}: {reason}.\n{lines}\n"

# What the record cell does; students see it and it is put back before grading.
RECORD_SOURCE = '''# Keeps what the checks look at.
expressions = [
{expressions}
]
kept = []
for expression in expressions:
    try:
        value = eval(expression)
        value = repr(value.item() if hasattr(value, "item") else value)[:100_000]
    except Exception:
        value = None
    kept.append((expression, value))
rows = spark.createDataFrame(kept, "expression STRING, value STRING")
rows.write.format("delta").mode("overwrite").save(lakehouse.gold("answers"))'''
NOT_ANSWERED = "Answers nothing."


@dataclass
class Made:
    """One exercise's files, and what is to be told about it."""

    files: dict[str, bytes] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)


def take(source: Path, name: str | None, here: Path) -> list[str]:
    """Make an exercise in `here` of each notebook in an assignment's folder; return what to tell. Raises ExerciseError."""
    if not source.is_dir():
        raise ExerciseError(NO_FOLDER.format(path=source))
    books = sorted(path for path in source.glob("*.ipynb") if path.is_file())
    if not books:
        found = sorted(path.parent for path in source.glob("**/*.ipynb") if ".ipynb_checkpoints" not in path.parts)
        raise ExerciseError(NO_NOTEBOOK.format(path=source, there=THERE.format(found=found[0]) if found else ""))
    base = slug(name or source.resolve().name)
    told: list[str] = []
    wanted = {base if len(books) == 1 else slug(f"{base}-{book.stem}"): book for book in books}
    for one in wanted:
        if not definition.NAME.fullmatch(one):
            raise ExerciseError(definition.BAD_NAME.format(name=one))
        if (here / one).exists():
            raise ExerciseError(IS_THERE.format(path=here / one, folder=source, program=program()))
    made = {one: exercise(one, book, beside(source)) for one, book in wanted.items()}
    for one, result in made.items():
        for file, content in result.files.items():
            path = here / one / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        told += [*result.told, NEXT.format(name=one, program=program())]
    return told


def slug(text: str) -> str:
    """A name that an exercise may have, out of any text."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def beside(source: Path) -> dict[str, bytes]:
    """The assignment's files that are no notebooks. Raises ExerciseError."""
    return {name: content for name, content in folder.read(source).items() if not name.endswith(".ipynb")}


def exercise(name: str, path: Path, others: dict[str, bytes]) -> Made:
    """Return the exercise that a notebook makes. Raises ExerciseError."""
    book = upgraded(path)
    found = roles(book, exercise=path.name)
    source = f"{path.parent.name}/{path.name}"
    made = Made()
    tests = [one for one in found if one.role is Role.TEST]
    variables, functions = asserts.defined(
        notebooks.text(book["cells"][one.index]) for one in found if one.role is not Role.TEST and _is_code(book, one)
    )
    parts, comments, expressions, of, points = [], [], [], 0.0, 0.0
    problems: list[str] = []
    for one in tests:
        cell = book["cells"][one.index]
        text, worth = notebooks.text(cell), float(cell["metadata"]["nbgrader"]["points"])
        if not worth:
            problems.append(NO_POINTS.format(cell=one.name))
            continue
        of += worth
        try:
            carried = asserts.carried(text, one.regions, variables, functions)
        except asserts.NotCarried as error:
            problems.append(NOT_CARRIED.format(cell=one.name, points=worth, line=error.line, reason=error))
            comments.append(COMMENT.format(grade_id=one.grade_id, points=worth, reason=error, lines=_commented(text)))
            continue
        points += worth
        expressions += [text for text in carried.expressions if text not in expressions]
        parts.append((CHECK_NAME.format(grade_id=one.grade_id), worth, carried, one.grade_id))
    for one in found:
        if one.role in (Role.MANUAL, Role.TASK):
            worth = float(book["cells"][one.index]["metadata"]["nbgrader"].get("points") or 0)
            problems.append(BY_HAND.format(cell=one.name, points=worth))
    answers = [one for one in found if one.role in ANSWERS and _is_code(book, one)]
    made.files["checks.py"] = _checks(source, parts, comments)
    made.files["notebook.ipynb"] = notebooks.dump(_notebook(book, found, expressions))
    made.files["exercise.toml"] = _toml(_title(book, path), of or 1.0)
    if parts and answers:
        made.files["wrong/not-answered.ipynb"] = notebooks.dump(_unanswered(book, answers, [part[0] for part in parts]))
    made.files |= {f"data/{file}": content for file, content in others.items()}
    fields = {"answers": len(answers), "checks": len(parts), "points": points, "of": of, "source": source}
    made.told = [MADE.format(name=name, **fields), *problems]
    if others:
        made.told.append(FILES.format(count=len(others), names=min(others)))
    made.told.append(ONE_SEED)
    return made


def upgraded(path: Path) -> dict[str, Any]:
    """Return a notebook in the newest format, with nbgrader's newest metadata. Raises ExerciseError."""
    try:
        import nbformat
        from nbgrader.nbgraderformat import MetadataValidator
    except ImportError as error:
        raise ExerciseError(NO_NBGRADER) from error
    import warnings

    try:
        with warnings.catch_warnings():
            # It tells of missing ids, which are made below.
            warnings.simplefilter("ignore")
            book = nbformat.reads(path.read_text(encoding="utf-8"), as_version=notebooks.MAJOR)
            book = MetadataValidator().upgrade_notebook_metadata(book)
    except Exception as error:  # a damaged notebook raises anything at all
        raise ExerciseError(NOT_READ.format(path=path, reason=error)) from None
    book.nbformat, book.nbformat_minor = notebooks.MAJOR, notebooks.MINOR
    seen: set[str] = set()
    for number, cell in enumerate(book.cells, start=1):
        told = cell.metadata.get("nbgrader", {})
        wanted = re.sub(r"[^A-Za-z0-9_-]", "-", str(told.get("grade_id") or f"cell-{number}"))[:60]
        cell["id"] = wanted if wanted not in seen else f"{wanted[:55]}-{number}"
        seen.add(cell["id"])
    return notebooks.read(nbformat.writes(book, version=nbformat.NO_CONVERT).encode(), exercise=path.name)


def _is_code(book: dict[str, Any], one: CellRole) -> bool:
    return book["cells"][one.index]["cell_type"] == "code"


def _notebook(book: dict[str, Any], found: list[CellRole], expressions: list[str]) -> dict[str, Any]:
    """The notebook without hidden tests, its test cells ungraded, and with the cell that keeps what the checks look at."""
    cells = []
    for one in found:
        cell = {**book["cells"][one.index]}
        if one.role is Role.TEST:
            lines = notebooks.text(cell).split("\n")
            spans = [range(region.begin, region.end + 1) for region in one.regions if region.kind == HIDDEN]
            cell["source"] = "\n".join(line for number, line in enumerate(lines, start=1) if not _in(number, spans)).strip("\n")
            told = {key: value for key, value in cell["metadata"]["nbgrader"].items() if key != "points"}
            cell["metadata"] = {**cell["metadata"], "nbgrader": {**told, "grade": False, "locked": True}}
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
        if one.role is not Role.TEST or cell["source"]:
            cells.append(cell)
    if expressions:
        source = RECORD_SOURCE.format(expressions="\n".join(f"    {one!r}," for one in expressions))
        cells.append(_code(RECORD, source, locked=True))
    return {**book, "cells": cells, "metadata": KERNEL}


def _in(number: int, spans: list[range]) -> bool:
    return any(number in span for span in spans)


def _code(grade_id: str, source: str, **flags: bool) -> dict[str, Any]:
    told = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, "cell_type": "code"}
    metadata = {"nbgrader": {**told, "grade_id": grade_id, **flags}}
    return {"cell_type": "code", "id": grade_id, "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def _unanswered(book: dict[str, Any], answers: list[CellRole], names: list[str]) -> dict[str, Any]:
    cells = [_code(str(one.grade_id), "pass", solution=True) for one in answers]
    told = {"dataflow": {"mistake": NOT_ANSWERED, "caught_by": names}}
    return {**book, "cells": cells, "metadata": {**KERNEL, **told}}


def _checks(source: str, parts: list[tuple[str, float, asserts.Carried, Any]], comments: list[str]) -> bytes:
    text = HEAD.format(source=source)
    for number, (name, points, carried, grade_id) in enumerate(parts, start=1):
        message = MESSAGE.format(grade_id=grade_id)
        body = "\n".join(f"    {line}" for part in carried.body for line in part.split("\n"))
        hidden = (IS_HIDDEN if carried.hidden else SHOWN).format(message=message)
        text += CHECK.format(name=name, points=points, hidden=hidden, number=number, body=body)
    text += "".join(comments)
    ast.parse(text)
    return text.encode()


def _commented(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.split("\n"))


def _title(book: dict[str, Any], path: Path) -> str:
    """The notebook's first heading, or its file's name."""
    for cell in book["cells"]:
        if cell["cell_type"] == "markdown":
            for line in notebooks.text(cell).split("\n"):
                if line.startswith("#") and line.strip("# "):
                    return line.strip("# ").strip()[: definition.MOST_TITLE]
    return path.stem


def _toml(title: str, points: float) -> bytes:
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    return f'title = "{quoted}"\npoints = {points:g}\n'.encode()
