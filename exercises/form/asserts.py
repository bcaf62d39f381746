"""nbgrader's test cells, turned into checks where that is possible.

Invariant: a check made here never runs a student's code: it compares values that the notebook kept at its end. What a test needs
beyond that is refused with the line and the reason, and never left out silently.
"""

import ast
import builtins
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

from exercises.form.markers import HIDDEN, Region

NO_PYTHON = "it is no Python ({reason})"
NO_ASSERT = "only assert and imports of Python's own library can be carried over"
NOT_OURS = "it imports {name}, which is not of Python's own library"
UNKNOWN = "it uses {name}, which no other cell of the notebook assigns"
HIDDEN_CALL = "a hidden test calls {name}(…): the notebook would have to show the call to students"
LOCAL = "{text} depends on a loop of the test itself"
NOTHING = "it has no assert"
NO_ANSWER = "its asserts look at nothing that the notebook computes"


class NotCarried(ValueError):
    """A test cannot become a check; the text says why."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.line = line


@dataclass
class Carried:
    """The body of a check, the expressions whose values it compares, and whether any of it was hidden."""

    body: list[str] = field(default_factory=list)
    expressions: list[str] = field(default_factory=list)
    hidden: bool = False


def carried(source: str, regions: Iterable[Region], variables: set[str], functions: set[str]) -> Carried:
    """Return a test cell as a check. `variables` and `functions` are what other cells define. Raises NotCarried with the line."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise NotCarried(NO_PYTHON.format(reason=getattr(error, "msg", error)), getattr(error, "lineno", None) or 1) from None
    spans = [range(one.begin, one.end + 1) for one in regions if one.kind == HIDDEN]
    made = Carried()
    imported: set[str] = set()
    asserts = 0
    for node in tree.body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) or isinstance(node, ast.Pass):
            continue
        hidden = any(node.lineno in span for span in spans)
        made.hidden |= hidden
        if isinstance(node, ast.Import | ast.ImportFrom):
            imported |= _imported(node)
            made.body.append(ast.unparse(node))
            continue
        if not isinstance(node, ast.Assert):
            raise NotCarried(NO_ASSERT, node.lineno)
        asserts += 1
        replace = _Replace(variables, functions, imported, hidden)
        test = ast.Assert(replace.visit(node.test), replace.visit(node.msg) if node.msg is not None else None)
        made.body.append(ast.unparse(ast.fix_missing_locations(test)))
        made.expressions += [one for one in replace.found if one not in made.expressions]
    if not asserts:
        raise NotCarried(NOTHING, 1)
    if not made.expressions:
        raise NotCarried(NO_ANSWER, 1)
    return made


def defined(sources: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return the names that cells assign, and those of the functions that they define."""
    variables: set[str] = set()
    functions: set[str] = set()
    for source in sources:
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            # A magic such as %%sql; what it assigns is not known.
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                functions.add(node.name)
            elif not isinstance(node, ast.ClassDef | ast.Import | ast.ImportFrom):
                variables |= {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    return variables, functions


def _imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [node.module or "."] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    for name in names:
        if name.partition(".")[0] not in sys.stdlib_module_names:
            raise NotCarried(NOT_OURS.format(name=name), node.lineno)
    return {alias.asname or alias.name.partition(".")[0] for alias in node.names}


class _Replace(ast.NodeTransformer):
    """Puts `answer(result, "…")` into the place of each expression that the notebook has to keep."""

    def __init__(self, variables: set[str], functions: set[str], imported: set[str], hidden: bool) -> None:
        self.variables, self.functions, self.imported, self.hidden = variables, functions, imported, hidden
        self.local: set[str] = set()
        self.found: list[str] = []

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.Call | ast.Attribute | ast.Name) and (root := self._root(node)) is not None:
            return self._kept(node, root)
        return super().visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        known = node.id in self.local or node.id in self.imported or hasattr(builtins, node.id)
        if isinstance(node.ctx, ast.Load) and not known:
            raise NotCarried(UNKNOWN.format(name=node.id), node.lineno)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self._inside(node, {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)})

    def visit_ListComp(self, node: ast.AST) -> ast.AST:
        targets = [one.target for one in node.generators]
        return self._inside(node, {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)})

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def _inside(self, node: ast.AST, names: set[str]) -> ast.AST:
        before = self.local
        self.local = before | names
        try:
            return self.generic_visit(node)
        finally:
            self.local = before

    def _root(self, node: ast.AST) -> str | None:
        """The notebook's name that an expression such as f(1), total or table.count() is about."""
        while True:
            if isinstance(node, ast.Call):
                if isinstance(node.func, ast.Name):
                    return node.func.id if node.func.id in self.functions - self.local else None
                node = node.func
            elif isinstance(node, ast.Attribute):
                node = node.value
            elif isinstance(node, ast.Name):
                return node.id if node.id in (self.variables | self.functions) - self.local else None
            else:
                return None

    def _kept(self, node: ast.AST, root: str) -> ast.AST:
        text = ast.unparse(node)
        for one in ast.walk(node):
            if isinstance(one, ast.Name) and one.id in self.local:
                raise NotCarried(LOCAL.format(text=text), node.lineno)
            if isinstance(one, ast.Call) and self.hidden and (one.args or one.keywords or isinstance(one.func, ast.Name)):
                raise NotCarried(HIDDEN_CALL.format(name=ast.unparse(one.func)), node.lineno)
            if isinstance(one, ast.Name) and not (one.id in self.variables | self.functions or hasattr(builtins, one.id)):
                raise NotCarried(UNKNOWN.format(name=one.id), node.lineno)
        if text not in self.found:
            self.found.append(text)
        return ast.Call(ast.Name("answer", ast.Load()), [ast.Name("result", ast.Load()), ast.Constant(text)], [])
