"""Whether the broker does its job: it lets the administrator in by password and every partition of its topics has a leader."""

import os
import sys
from pathlib import Path

from kafka import KafkaAdminClient

TIMEOUT_MS = 6_000
LEADERLESS = "partitions without a leader: {places}"


def main() -> None:
    admin = KafkaAdminClient(
        bootstrap_servers=f"kafka:{os.environ['KAFKA_PORT']}",
        client_id="health",
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=os.environ["KAFKA_ADMIN"],
        sasl_plain_password=Path(os.environ["KAFKA_ADMIN_PASSWORD_FILE"]).read_text().strip(),
        bootstrap_timeout_ms=TIMEOUT_MS,
        request_timeout_ms=TIMEOUT_MS,
    )
    leaderless = [
        f"{topic['name']}-{partition['partition_index']}"
        for topic in admin.describe_topics()
        for partition in topic["partitions"]
        if partition["leader_id"] < 0
    ]
    admin.close()
    if leaderless:
        sys.exit(LEADERLESS.format(places=", ".join(leaderless[:5])))


if __name__ == "__main__":
    main()
