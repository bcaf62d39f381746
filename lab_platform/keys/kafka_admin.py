"""The platform's own way into the broker, as its administrator.

Invariant: a connection lives as long as one task; whatever the broker refuses is raised, in words that name what was refused.
"""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient
from kafka.protocol.admin import AlterClientQuotasRequest, DescribeClientQuotasRequest

from lab_platform.settings import Settings

MECHANISM = "SCRAM-SHA-512"
ANSWER_SECONDS = 10
TOUCH_SECONDS = 2
REFUSED = "Kafka did not do this: {what}: {reason}. Its log says more: make logs NAME=kafka"


class Refused(RuntimeError):
    """The broker answered, but with an error."""


@dataclass(frozen=True)
class Access:
    """Where the broker is, and who the platform is there."""

    bootstrap: str
    user: str
    password: str

    def running(self) -> bool:
        """Whether something listens there now."""
        host, _, port = self.bootstrap.rpartition(":")
        try:
            socket.create_connection((host, int(port)), TOUCH_SECONDS).close()
        except OSError:
            return False
        return True

    def client(self) -> dict[str, Any]:
        """What every client of the library is made with."""
        return {
            "bootstrap_servers": self.bootstrap,
            "client_id": "platform",
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": MECHANISM,
            "sasl_plain_username": self.user,
            "sasl_plain_password": self.password,
            "bootstrap_timeout_ms": ANSWER_SECONDS * 1000,
            "request_timeout_ms": ANSWER_SECONDS * 1000,
        }

    @contextmanager
    def admin(self) -> Iterator[KafkaAdminClient]:
        client = KafkaAdminClient(**self.client())
        try:
            yield client
        finally:
            client.close()


def access(settings: Settings) -> Access:
    """Return the access that the container was given. Raises SettingsError."""
    return Access(settings.text("KAFKA_BOOTSTRAP"), settings.text("KAFKA_ADMIN"), settings.secret("kafka_admin_password"))


def set_quotas(admin: KafkaAdminClient, user: str, quotas: Mapping[str, float | None]) -> None:
    """Set a user's quotas; None takes one away. The library knows the message, but has no method for it."""
    entry = AlterClientQuotasRequest.EntryData
    request = AlterClientQuotasRequest(
        entries=[
            entry(
                entity=[entry.EntityData(entity_type="user", entity_name=user)],
                ops=[entry.OpData(key=key, value=value or 0.0, remove=value is None) for key, value in quotas.items()],
            )
        ],
        validate_only=False,
    )
    answer = admin._manager.run(admin._manager.send, request)
    for one in answer.entries:
        if one.error_code:
            raise Refused(REFUSED.format(what=f"quotas of {user}", reason=one.error_message or one.error_code))


def quotas_of(admin: KafkaAdminClient, user: str) -> dict[str, float]:
    """Return a user's quotas by name."""
    component = DescribeClientQuotasRequest.ComponentData
    request = DescribeClientQuotasRequest(
        components=[component(entity_type="user", match_type=0, match=user)], strict=True
    )
    answer = admin._manager.run(admin._manager.send, request)
    if answer.error_code:
        raise Refused(REFUSED.format(what=f"reading the quotas of {user}", reason=answer.error_message or answer.error_code))
    return {value.key: value.value for entry in answer.entries or () for value in entry.values}
