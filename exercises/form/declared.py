"""What `checks.py` declares, read without running it, and the part of it that students get.

Invariant: a check's name, points and visibility are literals, so that what is handed out can be decided from the text alone. The
student's part has the visible checks and what they use; no name, message, comment or line of a hidden one.
"""

import ast
from dataclasses import dataclass
from typing import Any

from exercises.errors import ChecksError

DECORATOR = "check"
AT = "{exercise}/checks.py, line {line}: {problem}"
SYNTAX = "it is no Python: {reason}."
NO_CHECKS = "{exercise}/checks.py declares no check. Write @check(\"…\", points=…) above a function that takes `result`."
NO_NAME = "@check needs a name as its first argument, a literal text."
NO_POINTS = "@check({name!r}) needs points=… above 0, a literal number."
NO_LITERAL = "@check({name!r}): {key} must be a literal, because it decides what students see."
UNKNOWN = "@check({name!r}) has no argument {key!r}; it has points, visible and message."
NOT_TOP = "@check({name!r}) must stand above a function at the top of the file."
TWICE = "two checks are called {name!r}."
NO_MESSAGE = "@check({name!r}) is hidden and needs a message: the only thing that a student reads about it."
ARGUMENTS = "@check({name!r}): the function takes exactly one argument, result."
USES_HIDDEN = "{name} is a hidden check, and a visible one uses it; move what they share into a function of its own."
FACTS = "a visible check must name facts by literal keys, as in result.facts[\"rows\"]; only those are handed out."


@dataclass(frozen=True)
class Declared:
    """One check as it is declared. `line` counts from 1."""

    name: str
    points: float
    visible: bool
    message: str
    function: str
    line: int


@dataclass(frozen=True)
class Visible:
    """The student's part: code, the facts that it reads, and the lines of the file that are not in it."""

    code: str
    facts: tuple[str, ...]
    hidden_lines: tuple[str, ...]


def declared(source: str, *, exercise: str = "") -> list[Declared]:
    """Return the declared checks in their order. Raises ChecksError with the line."""
    tree = _parsed(source, exercise)
    found: list[Declared] = []
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        for call in getattr(node, "decorator_list", ()):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == DECORATOR):
                continue
            one = _one(node, call, exercise)
            if id(node) not in top or not isinstance(node, ast.FunctionDef):
                raise _refuse(exercise, call.lineno, NOT_TOP, name=one.name)
            if any(other.name == one.name for other in found):
                raise _refuse(exercise, call.lineno, TWICE, name=one.name)
            found.append(one)
    if not found:
        raise ChecksError(NO_CHECKS.format(exercise=exercise))
    return sorted(found, key=lambda one: one.line)


def visible(source: str, *, exercise: str = "") -> Visible:
    """Return the student's part of the file. Raises ChecksError."""
    checks = declared(source, exercise=exercise)
    tree = _parsed(source, exercise)
    hidden = {one.function for one in checks if not one.visible}
    wanted = {one.function for one in checks if one.visible}
    defined = {name: node for node in tree.body for name in _defines(node)}
    reached: set[str] = set()
    queue = sorted(wanted)
    while queue:
        name = queue.pop()
        if name in hidden:
            raise _refuse(exercise, defined[name].lineno, USES_HIDDEN, name=name)
        if name in reached or name not in defined:
            continue
        reached.add(name)
        queue += sorted(_names(defined[name]))
    lines = source.split("\n")
    kept: list[str] = []
    facts: set[str] = set()
    for node in tree.body:
        names = _defines(node)
        used = bool(names & reached) or isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not used:
            continue
        facts |= _facts(node, exercise)
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
        kept.append("\n".join(lines[first - 1 : node.end_lineno]))
    code = _joined(kept)
    given = {line.strip() for line in code.split("\n")}
    return Visible(code, tuple(sorted(facts)), tuple(line for line in lines if line.strip() not in given))


def _joined(kept: list[str]) -> str:
    """Statements, with the blank lines that Python's style wants around functions."""
    text = ""
    for part in kept:
        large = part.lstrip().startswith(("@", "def ", "class ")) or (text and text.rstrip("\n").split("\n")[-1].startswith(" "))
        text += ("\n\n" if large and text else "") + part + "\n"
    return text


def _one(node: Any, call: ast.Call, exercise: str) -> Declared:
    name = call.args[0].value if len(call.args) == 1 and isinstance(call.args[0], ast.Constant) else None
    if not isinstance(name, str) or not name.strip():
        raise _refuse(exercise, call.lineno, NO_NAME)
    told: dict[str, Any] = {"points": None, "visible": True, "message": ""}
    for keyword in call.keywords:
        if keyword.arg not in told:
            raise _refuse(exercise, call.lineno, UNKNOWN, name=name, key=keyword.arg)
        try:
            told[keyword.arg] = ast.literal_eval(keyword.value)
        except ValueError:
            raise _refuse(exercise, call.lineno, NO_LITERAL, name=name, key=keyword.arg) from None
    points = told["points"]
    if isinstance(points, bool) or not isinstance(points, int | float) or points <= 0:
        raise _refuse(exercise, call.lineno, NO_POINTS, name=name)
    for key, kind in (("visible", bool), ("message", str)):
        if not isinstance(told[key], kind):
            raise _refuse(exercise, call.lineno, NO_LITERAL, name=name, key=key)
    if not told["visible"] and not told["message"].strip():
        raise _refuse(exercise, call.lineno, NO_MESSAGE, name=name)
    arguments = getattr(node, "args", None)
    if arguments is not None and len(arguments.args) != 1:
        raise _refuse(exercise, node.lineno, ARGUMENTS, name=name)
    return Declared(name, float(points), told["visible"], told["message"], node.name, call.lineno)


def _parsed(source: str, exercise: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise _refuse(exercise, getattr(error, "lineno", None) or 1, SYNTAX, reason=getattr(error, "msg", error)) from None


def _refuse(exercise: str, line: int, problem: str, **fields: Any) -> ChecksError:
    return ChecksError(AT.format(exercise=exercise, line=line, problem=problem.format(**fields)))


def _defines(node: ast.stmt) -> set[str]:
    """The names that a statement at the top of the file defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _facts(node: ast.AST, exercise: str) -> set[str]:
    """The facts that a statement reads."""
    keys, subscripted = set(), set()
    for one in ast.walk(node):
        if isinstance(one, ast.Subscript) and isinstance(one.value, ast.Attribute) and one.value.attr == "facts":
            if not (isinstance(one.slice, ast.Constant) and isinstance(one.slice.value, str)):
                raise _refuse(exercise, one.lineno, FACTS)
            subscripted.add(id(one.value))
            keys.add(one.slice.value)
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute) and one.attr == "facts" and id(one) not in subscripted:
            raise _refuse(exercise, one.lineno, FACTS)
    return keys
