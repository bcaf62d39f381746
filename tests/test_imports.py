"""Which part may import which: the arrows point one way."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.literals import project_files
from tests.helpers.versions import ROOT

# folder: top-level modules that nothing in it may import
FORBIDDEN = {
    "lab_kernel": {"lab_hub", "lab_platform", "lab_auth", "exercises", "tests", "notebooks", "scripts"},
    "lab_auth": {"lab_hub", "lab_kernel", "lab_platform", "exercises", "tests", "notebooks", "scripts"},
    "lab_platform": {"lab_hub", "lab_kernel", "exercises", "tests", "notebooks", "scripts"},
    "lab_hub": {"lab_kernel", "lab_platform", "lab_auth", "tests", "notebooks", "scripts", "pyspark"},
    "exercises": {"lab_hub", "tests", "notebooks", "scripts"},
    "scripts": {"tests", "notebooks"},
}


def imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.lineno, (node.module or "").partition(".")[0]


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_the_arrows_point_one_way(folder):
    found = [
        f"{path.relative_to(ROOT)}:{line}: {folder} must not import {module}"
        for path in project_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] == folder
        for line, module in imported(path)
        if module in FORBIDDEN[folder]
    ]
    assert not found, "\n".join(found)


def imports_of(path: Path, modules: set[str]) -> Iterator[str]:
    """Modules of the project that are imported as soon as this one is, by `import a.b` or `from a import b`."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        yield from (name for name in names if name in modules)


@pytest.mark.parametrize("folder", [*FORBIDDEN])
def test_each_module_can_be_the_first_to_be_imported(folder):
    """A circle works or fails by who comes first."""
    files = [path for path in project_files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] == folder]
    by_name = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in files if path.name != "__init__.py"}
    left = {name: set(imports_of(path, set(by_name))) for name, path in by_name.items()}
    while free := [name for name, needs in left.items() if not needs & set(left)]:
        for name in free:
            del left[name]
    assert not left, f"these import each other in a circle, or need some that do: {sorted(left)}"
