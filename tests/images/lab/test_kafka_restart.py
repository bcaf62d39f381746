"""The image's Kafka keeps everybody's password over a restart, whoever was removed before it."""

import json

import pytest

from tests.helpers import lab
from tests.helpers.java_names import visited_first
from tests.helpers.versions import ROOT, read

ADMIN = "platform-admin"


@pytest.mark.docker
def test_a_removed_user_takes_nobody_along_at_a_restart():
    """Kafka as it is published forgets all users when the removed one is visited first (images/lab/mended)."""
    settings, removed = read(), visited_first("gone")
    ports = {name: settings[name] for name in ("KAFKA_PORT", "KAFKA_INTERNAL_PORT", "KAFKA_CONTROLLER_PORT", "KAFKA_HEAP")}
    own = {"KAFKA_HOST_PORT": "29092", "KAFKA_ADMIN": ADMIN, "KAFKA_ADMIN_PASSWORD_FILE": "/tmp/password", "HOME": "/tmp"}
    command = [lab.PYTHON, f"{lab.REPO}/tests/images/lab/kafka_restart.py", removed, "ana", "bruno"]
    done = lab.run(command, seconds=200, environment=ports | own, mounts={ROOT / "compose/kafka": "/etc/kafka"})
    assert done.status == 0, str(done)
    before, after = json.loads(done.log.splitlines()[-1])
    assert before == after == ["ana", "bruno", ADMIN]
