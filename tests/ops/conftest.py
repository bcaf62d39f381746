"""Copies of the checkout, and a stack of the tests' own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops import run


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout that a test may break."""
    return run.copy_checkout(tmp_path / "checkout")


@pytest.fixture
def open_checkout() -> Iterator[Path]:
    """A copy that every user of the machine may read (pytest's own folders are private)."""
    folder = Path(tempfile.mkdtemp(prefix="dataflow-ops-"))
    folder.chmod(0o755)
    yield run.copy_checkout(folder / "checkout")
    shutil.rmtree(folder)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state folder that is not there yet."""
    return tmp_path / "state"
