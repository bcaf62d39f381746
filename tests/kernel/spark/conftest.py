"""Fixtures of the cases that run inside a lab container.

Invariant: only one Spark runs at a time; two would not fit into a student's memory with room to work.
"""

import shutil
from pathlib import Path

import pytest

from tests.kernel.spark.notebook import Notebook

_shared: Notebook | None = None


def _close() -> None:
    global _shared
    if _shared is not None:
        _shared.__exit__()
        _shared = None


@pytest.fixture
def notebook():
    """One kernel for all cases that do not harm it."""
    global _shared
    if _shared is None:
        shutil.rmtree(Path.home() / "lakehouse", ignore_errors=True)
        _shared = Notebook(DATAFLOW_HEARTBEAT_SECONDS="1", JUPYTERHUB_SERVICE_PREFIX="/user/ana/")
        _shared.__enter__()
    return _shared


@pytest.fixture
def alone():
    """For cases that start kernels of their own."""
    _close()


def pytest_sessionfinish() -> None:
    _close()
