"""What `checks.py` declares, read without running it, and the part of it that students get.

Invariant: a check's name, points and visibility are literals, so that what is handed out can be decided from the text alone. The
student's part has the visible checks and what they use; no name, message, comment or line of a hidden one.
"""

import ast
import symtable
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
BARE = "@check needs its name and points: @check(\"…\", points=…)."
BY_NAME = "write @check, with `from exercises.checks import check` above it: what is hidden is decided from the text."
RENAMED = "import check by its own name: what is hidden is decided from the text."
SHARED_LINE = "a visible check uses a part of it only; write each statement on a line of its own."
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
    """The student's part: code, the facts it reads, the modules it imports, and the lines of the file that are not in it."""

    code: str
    facts: tuple[str, ...]
    modules: tuple[str, ...]
    hidden_lines: tuple[str, ...]


def declared(source: str, *, exercise: str = "") -> list[Declared]:
    """Return the declared checks in their order. Raises ChecksError with the line."""
    tree = _parsed(source, exercise)
    found: list[Declared] = []
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        _imported_plainly(node, exercise)
        for call in getattr(node, "decorator_list", ()):
            if not _is_check(call, exercise):
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
    defined = {name: node for node in tree.body for name in defines(node)}
    reached: set[str] = set()
    queue = sorted(wanted)
    while queue:
        name = queue.pop()
        if name in hidden:
            raise _refuse(exercise, defined[name].lineno, USES_HIDDEN, name=name)
        if name in reached or name not in defined:
            continue
        reached.add(name)
        queue += sorted(names(defined[name]))
    lines = source.split("\n")
    kept: list[str] = []
    facts: set[str] = set()
    modules: set[str] = set()
    taken: set[int] = set()
    left_out: set[int] = set()
    for node in tree.body:
        used = bool(defines(node) & reached) or isinstance(node, ast.ImportFrom) and node.module == "__future__"
        (taken if used else left_out).update(range(node.lineno, node.end_lineno + 1))
        if not used:
            continue
        facts |= _facts(node, exercise)
        modules |= _modules(node)
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", ()))])
        kept.append("\n".join(lines[first - 1 : node.end_lineno]))
    if shared := taken & left_out:
        raise _refuse(exercise, min(shared), SHARED_LINE)
    code = _joined(kept)
    given = {line.strip() for line in code.split("\n")}
    return Visible(code, tuple(sorted(facts)), tuple(sorted(modules)), tuple(line for line in lines if line.strip() not in given))


def _is_check(decorator: ast.expr, exercise: str) -> bool:
    """Whether a decorator declares a check. Raises ChecksError when it would, but not in the form that is understood."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    if isinstance(called, ast.Attribute) and called.attr == DECORATOR:
        raise _refuse(exercise, decorator.lineno, BY_NAME)
    if not (isinstance(called, ast.Name) and called.id == DECORATOR):
        return False
    if called is decorator:
        raise _refuse(exercise, decorator.lineno, BARE)
    return True


def _imported_plainly(node: ast.AST, exercise: str) -> None:
    for alias in node.names if isinstance(node, ast.ImportFrom) else ():
        if alias.name == DECORATOR and alias.asname not in (None, DECORATOR):
            raise _refuse(exercise, node.lineno, RENAMED)


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


def defines(node: ast.stmt) -> set[str]:
    """The names that a statement at the top of the file defines, or one inside it if it is an `if`, a `try` or the like."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    found = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    for one in ast.walk(node):
        if one is not node and isinstance(one, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef | ast.Import | ast.ImportFrom):
            found |= defines(one)
    return found


def names(node: ast.AST) -> set[str]:
    """The names of the file's top level that a statement uses; a function's own variables are none."""
    if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    # What stands outside of the body is evaluated at the top level.
    outside = [*node.decorator_list, *getattr(node, "bases", ()), *getattr(node, "keywords", ())]
    outside += [node.args] if hasattr(node, "args") else []
    found = {one.id for part in outside for one in ast.walk(part) if isinstance(one, ast.Name)}
    return found | _globals(symtable.symtable(ast.unparse(node), "checks.py", "exec"), top=True)


def _globals(table: symtable.SymbolTable, *, top: bool = False) -> set[str]:
    found = set() if top else {one.get_name() for one in table.get_symbols() if one.is_global() and one.is_referenced()}
    for inner in table.get_children():
        found |= _globals(inner)
    return found


def _modules(node: ast.AST) -> set[str]:
    """The first names of the modules that a statement imports."""
    found = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in one.names}
        elif isinstance(one, ast.ImportFrom):
            found.add((one.module or "").partition(".")[0])
    return found


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
