"""What a lesson does with a broker: topics, records, offsets.

Invariant: a method returns only after Kafka has confirmed what it did; `produce` counts acknowledged records only.
"""

import contextlib
import json
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lab_kernel.kafka import login, messages
from lab_kernel.kafka.errors import KafkaError, NotAcknowledged, UnknownTopic
from lab_kernel.kafka.process import BrokerProcess
from lab_kernel.kafka.settings import KafkaSettings

# On a busy machine the client warns of each of its own steps that took a tenth of a second: nothing that a student could act on.
logging.getLogger("kafka.net.selector").setLevel(logging.ERROR)

DELETE_SECONDS = 20
CONNECT_MILLISECONDS = 10_000


@dataclass(frozen=True)
class Record:
    """One stored record; `timestamp_ms` is in milliseconds since 1970 (UTC), key and value are bytes or None."""

    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None


class Broker:
    """A running Kafka. `bootstrap` is what a client connects to; `start_seconds` is how long the start took (0 if it ran)."""

    def __init__(self, settings: KafkaSettings, process: BrokerProcess | None, start_seconds: float = 0.0) -> None:
        self._settings = settings
        self._process = process
        self.bootstrap = settings.address
        self.start_seconds = start_seconds

    def __repr__(self) -> str:
        kind = "of this lab" if self._process else "shared"
        return f"Broker({self.bootstrap}, {kind})"

    @property
    def shared(self) -> bool:
        return self._process is None

    @property
    def memory_mb(self) -> float | None:
        """Resident memory in this lab in MB: none (0.0) of a shared broker's; None if the lab's own is stopped."""
        return self._process.memory_mb() if self._process else 0.0

    @property
    def log_file(self) -> str | None:
        return str(self._process.log) if self._process else None

    def topic(self, name: str) -> str:
        """The topic's real name: as given on the lab's own broker, prefixed with the student's name on a shared one."""
        prefix = f"{self._settings.owner}."
        return name if not self.shared or name.startswith(prefix) else prefix + name

    def topics(self) -> list[str]:
        """Names of the topics (Kafka's own left out)."""
        with self._admin() as admin:
            return sorted(name for name in admin.list_topics() if not name.startswith("__"))

    def create_topic(self, name: str, partitions: int = 1) -> str:
        """Makes the topic if it does not exist and returns its real name.

        Raises KafkaError if it exists with another number of partitions.
        """
        from kafka.errors import TopicAlreadyExistsError

        topic = self.topic(name)
        with self._admin() as admin:
            with contextlib.suppress(TopicAlreadyExistsError):
                admin.create_topics(
                    {topic: {"num_partitions": partitions, "replication_factor": 1}}, wait_for_metadata=True)
            found = len(admin.describe_topics([topic])[0]["partitions"])
        if found != partitions:
            raise KafkaError(messages.OTHER_PARTITIONS.format(topic=topic, found=found, wanted=partitions))
        return topic

    def delete_topic(self, name: str) -> bool:
        """Deletes the topic with its records, waits until it is gone; returns whether it existed."""
        from kafka.errors import UnknownTopicOrPartitionError

        topic = self.topic(name)
        with self._admin() as admin:
            try:
                admin.delete_topics([topic])
            except UnknownTopicOrPartitionError:
                return False
            deadline = time.monotonic() + DELETE_SECONDS
            while topic in admin.list_topics():
                if time.monotonic() > deadline:
                    raise KafkaError(messages.NOT_DELETED.format(topic=topic, seconds=DELETE_SECONDS))
                time.sleep(0.1)
        return True

    def produce(self, topic: str, records: Iterable[Any]) -> int:
        """Sends records and waits for their acknowledgements; returns how many were acknowledged (all of them).

        A record is a (key, value) pair or a mapping with `value` and, if wanted, `key`, `timestamp_ms` (event time, milliseconds
        since 1970 UTC), `partition`. Text is sent as UTF-8, a dict or list as JSON. Equal keys go to one partition, in order.
        Raises UnknownTopic, NotAcknowledged.
        """
        from kafka import KafkaProducer

        topic = self.topic(topic)
        self._partitions(topic)
        outcome: dict[str, Any] = {"acknowledged": 0, "failed": 0, "reason": None}

        def acknowledged(_metadata: Any) -> None:
            outcome["acknowledged"] += 1

        def failed(error: BaseException) -> None:
            outcome["failed"] += 1
            outcome["reason"] = outcome["reason"] or error

        sent = 0
        with self._client_errors():
            producer = KafkaProducer(**self._client(), acks="all", linger_ms=20)
            try:
                for record in records:
                    future = producer.send(topic, **_arguments(record))
                    future.add_callback(acknowledged)
                    future.add_errback(failed)
                    sent += 1
                producer.flush()
            finally:
                producer.close(timeout=10)
        missing = sent - outcome["acknowledged"]
        if missing:
            text = messages.NOT_ACKNOWLEDGED.format(
                failed=missing, total=sent, reason=outcome["reason"], acknowledged=outcome["acknowledged"])
            raise NotAcknowledged(text, outcome["acknowledged"], missing)
        return sent

    def end_offsets(self, topic: str) -> dict[int, int]:
        """For each partition the offset that the next record will get. Raises UnknownTopic."""
        with self._consumer() as consumer:
            ends = consumer.end_offsets(self._partitions(self.topic(topic)))
        return {place.partition: offset for place, offset in sorted(ends.items())}

    def read(self, topic: str, limit: int | None = None) -> list[Record]:
        """The stored records, partition by partition in offset order; at most `limit` of each partition. Raises UnknownTopic."""
        places = self._partitions(self.topic(topic))
        found: list[Record] = []
        with self._consumer() as consumer:
            starts, ends = consumer.beginning_offsets(places), consumer.end_offsets(places)
            for place in places:
                wanted = ends[place] - starts[place] if limit is None else min(limit, ends[place] - starts[place])
                consumer.assign([place])
                consumer.seek(place, starts[place])
                got = 0
                while got < wanted:
                    for row in consumer.poll(timeout_ms=1000).get(place, [])[: wanted - got]:
                        found.append(Record(place.partition, row.offset, row.timestamp, row.key, row.value))
                        got += 1
        return found

    def stop(self, *, force: bool = False) -> bool:
        """Ends the broker unless another notebook in this lab uses it (or `force`); returns whether it has ended."""
        if self._process is None:
            print(messages.SHARED_NOT_STOPPED.format(address=self.bootstrap))
            return False
        with self._process.locked():
            self._process.leave()
            others = self._process.other_users()
            if others and not force and self._process.pid() is not None:
                print(messages.STILL_USED.format(users=", ".join(map(str, others))))
                return False
            print(messages.STOPPED if self._process.end() else messages.NOT_RUNNING)
        return True

    def _partitions(self, topic: str) -> list[Any]:
        from kafka import TopicPartition

        with self._admin() as admin:
            known = admin.list_topics()
            if topic not in known:
                names = ", ".join(sorted(name for name in known if not name.startswith("__"))) or "none"
                raise UnknownTopic(messages.UNKNOWN_TOPIC.format(topic=topic, known=names))
            described = admin.describe_topics([topic])[0]["partitions"]
        return [TopicPartition(topic, number) for number in range(len(described))]

    def _client(self) -> dict[str, Any]:
        return {
            "bootstrap_servers": self.bootstrap,
            "client_id": "lesson",
            "bootstrap_timeout_ms": CONNECT_MILLISECONDS,
            **login.for_python(self._settings),
        }

    @contextlib.contextmanager
    def _admin(self):
        from kafka import KafkaAdminClient

        with self._client_errors():
            admin = KafkaAdminClient(**self._client())
            try:
                yield admin
            finally:
                admin.close()

    @contextlib.contextmanager
    def _consumer(self):
        from kafka import KafkaConsumer

        with self._client_errors():
            consumer = KafkaConsumer(**self._client(), enable_auto_commit=False)
            try:
                yield consumer
            finally:
                consumer.close()

    @contextlib.contextmanager
    def _client_errors(self):
        """Turns the client's way of saying that nobody answers, or that it may not, into ours."""
        from kafka.errors import AuthorizationError, KafkaConnectionError, KafkaTimeoutError, SaslAuthenticationFailedError

        unreachable = messages.UNREACHABLE.format(address=self.bootstrap, log=self.log_file or messages.ELSEWHERE)
        if self._process is not None and self._process.pid() is None:
            raise KafkaError(unreachable)
        try:
            yield
        except SaslAuthenticationFailedError as error:
            raise KafkaError(self._not_known()) from error
        except AuthorizationError as error:
            raise KafkaError(messages.NOT_ALLOWED.format(address=self.bootstrap, prefix=self.topic(""))) from error
        except (KafkaConnectionError, KafkaTimeoutError) as error:
            # The client often misses the refusal, because the broker hangs up right after it.
            refused = self._settings.user is not None and login.answers(self.bootstrap)
            raise KafkaError(self._not_known() if refused else unreachable) from error

    def _not_known(self) -> str:
        return messages.NOT_KNOWN.format(address=self.bootstrap, user=self._settings.user)


def _arguments(record: Any) -> dict[str, Any]:
    """A record in the words of the client's `send`."""
    if isinstance(record, Mapping) and "value" in record:
        extra = {name: record[name] for name in ("timestamp_ms", "partition") if record.get(name) is not None}
        return {"key": _bytes(record.get("key")), "value": _bytes(record["value"]), **extra}
    if isinstance(record, tuple) and len(record) == 2:
        return {"key": _bytes(record[0]), "value": _bytes(record[1])}
    raise TypeError(messages.BAD_RECORD.format(found=repr(record)[:80]))


def _bytes(value: Any) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    return json.dumps(value, separators=(",", ":"), default=str).encode()
