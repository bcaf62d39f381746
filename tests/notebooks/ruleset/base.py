"""What a rule is: a function from a lesson to its problems.

Invariant: rules only read. What can be repaired without knowing what the author meant is repaired
by the fixers of the same module, and a fixed notebook has no problem that is called fixable.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.notebooks.lessons import Answers, source_of

PROBLEM = "{lesson}{place}: [{rule}] {message}{fixable}"


@dataclass(frozen=True)
class Subject:
    """A lesson as the rules see it: parsed, with its raw text, its solutions and the settings."""

    name: str
    text: str
    notebook: Any
    answers: Answers
    settings: Mapping[str, str]

    @property
    def number(self) -> str:
        return self.name.partition("_")[0]

    @property
    def cells(self) -> list[Any]:
        return list(self.notebook.get("cells", []))

    def code(self) -> Iterator[tuple[int, Any]]:
        """The code cells with their index among all cells."""
        return ((i, cell) for i, cell in enumerate(self.cells) if cell["cell_type"] == "code")


@dataclass(frozen=True)
class Problem:
    """One breach of one rule, at a cell (index among all cells) or in the notebook as a whole."""

    rule: str
    message: str
    cell: int | None = None
    fixable: bool = False

    def describe(self, lesson: str) -> str:
        return PROBLEM.format(
            lesson=lesson,
            place="" if self.cell is None else f" cell {self.cell}",
            rule=self.rule,
            message=self.message,
            fixable=" (--fix repairs it)" if self.fixable else "",
        )


Rule = Callable[[Subject], Iterable[Problem]]

# Cell magics whose body is still Python; the body of any other one is not ours to parse.
_PYTHON_MAGICS = {"%%time", "%%timeit", "%%capture"}


def python_of(cell: Any) -> str:
    """Return a code cell's Python: magics and shell lines become `pass`, so that it parses."""
    lines = source_of(cell).splitlines()
    first = next((line.strip() for line in lines if line.strip()), "")
    if first.startswith("%%") and first.split()[0] not in _PYTHON_MAGICS:
        return ""
    plain = []
    for line in lines:
        stripped = line.lstrip()
        indent = line[: len(line) - len(stripped)]
        if stripped.startswith(("%", "!")):
            plain.append(indent + "pass")
            continue
        name, equals, value = line.partition("=")
        if equals and value.lstrip().startswith(("%", "!")) and not value.lstrip()[1:2].isspace():
            plain.append(f"{name}= None")
            continue
        plain.append(line)
    return "\n".join(plain)
