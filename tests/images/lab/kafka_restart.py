"""In a lab container: the class's broker on an empty volume, a user who is removed, a restart.

Prints who had a password before and after it, as JSON.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.admin import UserScramCredentialDeletion, UserScramCredentialUpsertion
from kafka.errors import KafkaError

MECHANISM = "SCRAM-SHA-512"
SECONDS = 90


def start() -> subprocess.Popen:
    broker = subprocess.Popen([sys.executable, "-I", "/etc/kafka/start.py"])
    until = time.monotonic() + SECONDS
    while True:
        try:
            asked().close()
            return broker
        except KafkaError:
            assert broker.poll() is None and time.monotonic() < until, "the broker did not start"
            time.sleep(0.3)


def asked() -> KafkaAdminClient:
    port = os.environ["KAFKA_INTERNAL_PORT"]
    return KafkaAdminClient(bootstrap_servers=f"127.0.0.1:{port}", bootstrap_timeout_ms=5_000, request_timeout_ms=10_000)


def told(answer: dict) -> None:
    assert not any(answer.values()), answer


def main(removed: str, *kept: str) -> None:
    Path(os.environ["KAFKA_ADMIN_PASSWORD_FILE"]).write_text("of-this-run-only")
    broker = start()
    admin = asked()
    for name in (*kept, removed):
        told(admin.alter_user_scram_credentials([UserScramCredentialUpsertion(name, MECHANISM, f"password of {name}")]))
    told(admin.alter_user_scram_credentials([UserScramCredentialDeletion(removed, MECHANISM)]))
    found = [sorted(admin.describe_user_scram_credentials())]
    admin.close()
    broker.send_signal(signal.SIGTERM)
    broker.wait(SECONDS)
    broker = start()
    found.append(sorted(asked().describe_user_scram_credentials()))
    broker.kill()
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
