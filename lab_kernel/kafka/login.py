"""How a lab logs in at a shared broker, in the words of Python's client and of Spark's, so that a notebook need not know.

Invariant: a password goes to the broker that it is for and to no other; without one nothing here changes anything.
"""

import functools
import socket
from typing import Any

from lab_kernel.kafka.settings import KafkaSettings

PROTOCOL, MECHANISM = "SASL_PLAINTEXT", "SCRAM-SHA-512"
ANSWER_SECONDS = 2
ADDRESS_OPTION = "kafka.bootstrap.servers"
_MARK = "_dataflow_login"
_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule"
_settings: KafkaSettings | None = None


def for_python(settings: KafkaSettings) -> dict[str, Any]:
    """What kafka-python's clients are made with, beside the address."""
    if settings.user is None:
        return {}
    return {
        "security_protocol": PROTOCOL,
        "sasl_mechanism": MECHANISM,
        "sasl_plain_username": settings.user,
        "sasl_plain_password": settings.password,
    }


def answers(address: str) -> bool:
    """Whether something listens at the address, even if it lets nobody in."""
    host, _, port = address.split(",")[0].rpartition(":")
    try:
        socket.create_connection((host, int(port)), ANSWER_SECONDS).close()
    except (OSError, ValueError):
        return False
    return True


def options(settings: KafkaSettings) -> dict[str, str]:
    """Options of Spark's Kafka source and sink. They travel with a query, so workers of a cluster log in, too."""
    jaas = f'{_MODULE} required username="{settings.user}" password="{settings.password}";'
    return {
        "kafka.security.protocol": PROTOCOL,
        "kafka.sasl.mechanism": MECHANISM,
        "kafka.sasl.jaas.config": jaas,
        # A consumer group of the student's own; Spark's own name for it is nobody's, and refused.
        "groupIdPrefix": f"{settings.owner}.spark",
    }


def for_spark(settings: KafkaSettings) -> None:
    """From now on a reader or writer that is given the shared broker's address is given the login, too."""
    global _settings
    _settings = settings
    if settings.user is None:
        return
    from pyspark.sql.readwriter import DataFrameReader, DataFrameWriter
    from pyspark.sql.streaming.readwriter import DataStreamReader, DataStreamWriter

    for kind in (DataFrameReader, DataFrameWriter, DataStreamReader, DataStreamWriter):
        if not hasattr(kind.option, _MARK):
            kind.option, kind.options = _one(kind.option), _many(kind.options)


def _one(original):
    @functools.wraps(original)
    def option(self, key, value):
        found = original(self, key, value)
        if _is_ours(key, value):
            for name, secret in options(_settings).items():
                found = original(found, name, secret)
        return found

    setattr(option, _MARK, True)
    return option


def _many(original):
    @functools.wraps(original)
    def many(self, **given):
        login = next((options(_settings) for key, value in given.items() if _is_ours(key, value)), {})
        # What the notebook itself says comes last, and counts.
        return original(self, **{**login, **given})

    return many


def _is_ours(key: str, value: Any) -> bool:
    return _settings is not None and _settings.user is not None and key.lower() == ADDRESS_OPTION and value == _settings.shared
