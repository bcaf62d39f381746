"""No test leaves a connection to its database open: a server counts them."""

from collections.abc import Iterator

import pytest

from tests.exercises.runner import queue_of


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while queue_of.OPENED:
        queue_of.OPENED.pop().close()
