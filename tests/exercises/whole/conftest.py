"""The tests' own class, shared with the hub's tests: proxy, hub, exercises, runner, and labs that people start."""

from tests.hub.conftest import enrol, stack

__all__ = ["enrol", "stack"]
