"""Gives the administrator the password of the secret again: after the secret was changed, or made anew beside an old volume.

Invariant: works from inside the broker's container only, over the listener on which the broker talks to itself.
"""

import os
import sys
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.admin import UserScramCredentialUpsertion

DONE = "Kafka's administrator has the password of the secret."


def main() -> None:
    user = os.environ["KAFKA_ADMIN"]
    password = Path(os.environ["KAFKA_ADMIN_PASSWORD_FILE"]).read_text().strip()
    with KafkaAdminClient(bootstrap_servers=f"127.0.0.1:{os.environ['KAFKA_INTERNAL_PORT']}", client_id="password") as admin:
        told = admin.alter_user_scram_credentials([UserScramCredentialUpsertion(user, "SCRAM-SHA-512", password)])
    sys.exit(told[user]) if told[user] else print(DONE)


if __name__ == "__main__":
    main()
