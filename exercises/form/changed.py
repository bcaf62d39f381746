"""Which checks of an exercise differ from one version to another, read without running anything.

Invariant: a check counts as unchanged only where neither its text, nor its points and messages, nor anything of `checks.py` that
it can reach differs, and where the data and all else that checks may read are the same. Comments and layout are no difference.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from exercises.form.declared import declared, defines, names

CHECKS = "checks.py"
# No check reads these.
APART, WRONG = ("exercise.toml", "notebook.ipynb", CHECKS), "wrong/"


@dataclass(frozen=True)
class Difference:
    """`checks` of the new version that differ, or are new; `dropped` are those that it no longer has.

    With `all`, every check differs, because the data do or what lies beside them.
    """

    all: bool = False
    checks: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.all or bool(self.checks or self.dropped)


def between(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Difference:
    """Return what differs between two versions' files. Raises ChecksError."""
    before, after = (_prints(files[CHECKS].decode("utf-8", "replace")) for files in (old, new))
    differ = frozenset(name for name, print_ in after.items() if before.get(name) != print_)
    gone = frozenset(before.keys() - after.keys())
    if _rest(old) != _rest(new):
        return Difference(True, frozenset(after), gone)
    return Difference(False, differ, gone)


def _rest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name not in APART and not name.startswith(WRONG)}


def _prints(source: str) -> dict[str, str]:
    """A sum of each check and of everything that it reaches."""
    tree = ast.parse(source)
    defined: dict[str, list[ast.stmt]] = {}
    # What defines nothing may change what is defined: it belongs to every check.
    always = []
    for node in tree.body:
        for name in (found := defines(node)):
            defined.setdefault(name, []).append(node)
        if not found and not _is_text(node):
            always.append(node)
    made = {}
    for one in declared(source):
        reached = _reached({one.function}.union(*map(names, always)), defined)
        parts = [ast.dump(node) for node in always]
        parts += [_dumped(node, name) for name in sorted(reached) for node in defined[name]]
        made[one.name] = sha256("\n".join(parts).encode()).hexdigest()
    return made


def _reached(wanted: set[str], defined: Mapping[str, list[ast.stmt]]) -> set[str]:
    found: set[str] = set()
    queue = sorted(wanted)
    while queue:
        name = queue.pop()
        if name in found or name not in defined:
            continue
        found.add(name)
        for node in defined[name]:
            queue += sorted(names(node))
    return found


def _dumped(node: ast.stmt, name: str) -> str:
    """The statement's text; of an import, what the one name comes from."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        module = f"{node.level} {node.module}" if isinstance(node, ast.ImportFrom) else ""
        mine = [one.name for one in node.names if (one.asname or one.name.partition(".")[0]) == name]
        return f"{name} from {module} {mine}"
    return ast.dump(node)


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
