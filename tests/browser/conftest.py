"""One class and one person for all browser tests of a session.

Invariant: the class is the tests' own; it is started if it is not there, and then removed again.
"""

import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium
from tests.helpers import stack


@pytest.fixture(scope="session")
def the_class(lab_image: str) -> Iterator[stack.Stack]:
    """A running class."""
    with stack.running(stack.of_the_tests()) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium.browser() as started:
        yield started


@pytest.fixture(scope="session")
def newcomer(the_class: stack.Stack) -> tuple[str, str]:
    """Somebody who has never logged in: name and one-time password."""
    name = f"ana-{uuid.uuid4().hex[:6]}"
    return name, the_class.user(name)
