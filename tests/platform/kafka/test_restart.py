"""A student is removed, and later the broker restarts: everybody else still logs in, the administrator too."""

import pytest

from tests.helpers.java_names import visited_first

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]

TOPICS = "broker = kafka.start(); print(json.dumps(broker.create_topic(%r) is not None))"


def test_a_removed_student_takes_nobody_along(broker, platform, grant, lab):
    stays, leaves = lab("ivo"), visited_first("leaves")
    assert stays.answer(TOPICS % "before") is True
    grant(leaves)
    assert platform.answer(f"keys.revoke({leaves!r}); print(json.dumps({leaves!r} in keys.users()))") is False
    broker.compose("rm", "--stop", "--force", "kafka")
    # Healthy means that the administrator got in.
    broker.start()
    assert platform.answer("print(json.dumps('ivo' in keys.users()))") is True
    assert stays.answer(TOPICS % "after") is True
