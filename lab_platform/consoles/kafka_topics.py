"""What there is on the broker, as its pages show it: topics, how far groups have read them, the last messages.

Invariant: nothing here commits an offset or changes anything; Kafka's own topics are left out. Offsets are counted, not records: a
transaction's marks and compacted records count among them.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import OffsetSpec

from lab_platform.consoles import kafka_messages as messages
from lab_platform.keys.kafka_admin import Access

READ_SECONDS = 5
FETCH_BYTES = 256 * 1024
TEXT = 400
START = 24
REPLACED = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Partition:
    number: int
    first: int
    end: int
    size: int

    @property
    def messages(self) -> int:
        return self.end - self.first


@dataclass(frozen=True)
class Topic:
    name: str
    partitions: tuple[Partition, ...]

    @property
    def messages(self) -> int:
        return sum(one.messages for one in self.partitions)

    @property
    def size(self) -> int:
        return sum(one.size for one in self.partitions)


@dataclass(frozen=True)
class Progress:
    """How far a group has read a partition."""

    group: str
    topic: str
    partition: int
    committed: int
    end: int

    @property
    def lag(self) -> int:
        return max(0, self.end - self.committed)


@dataclass(frozen=True)
class Message:
    partition: int
    offset: int
    milliseconds: int
    key: str
    value: str

    @property
    def time(self) -> str:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(self.milliseconds / 1000)) if self.milliseconds >= 0 else ""


def topics(admin: KafkaAdminClient, wanted: Callable[[str], bool]) -> list[Topic]:
    """Return the topics whose names are wanted, in the order of their names."""
    places = [
        TopicPartition(topic["name"], one["partition_index"])
        for topic in admin.describe_topics()
        if not topic["is_internal"] and not topic["name"].startswith("__") and wanted(topic["name"])
        for one in topic["partitions"]
    ]
    if not places:
        return []
    first = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.EARLIEST))
    end = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
    sizes = _sizes(admin)
    found: dict[str, list[Partition]] = {}
    for place in sorted(places):
        partition = Partition(place.partition, first[place].offset, end[place].offset, sizes.get(place, 0))
        found.setdefault(place.topic, []).append(partition)
    return [Topic(name, tuple(partitions)) for name, partitions in found.items()]


def progress(admin: KafkaAdminClient, shown: list[Topic], wanted: Callable[[str], bool]) -> list[Progress]:
    """Return how far the wanted groups have read the topics that are shown."""
    ends = {TopicPartition(topic.name, one.number): one.end for topic in shown for one in topic.partitions}
    groups = sorted(one["group_id"] for one in admin.list_groups() if wanted(one["group_id"]))
    if not groups:
        return []
    committed = admin.list_group_offsets(groups)
    return [
        Progress(group, place.topic, place.partition, at.offset, ends[place])
        for group in groups
        for place, at in sorted(committed.get(group, {}).items())
        if place in ends and at.offset >= 0
    ]


def last_messages(broker: Access, topic: Topic, count: int) -> list[Message]:
    """Return the last messages of a topic, at most so many of each partition, the newest first."""
    starts = {
        TopicPartition(topic.name, one.number): max(one.first, one.end - count) for one in topic.partitions if one.messages
    }
    ends = {TopicPartition(topic.name, one.number): one.end for one in topic.partitions}
    if not starts:
        return []
    options = broker.client()
    consumer = KafkaConsumer(
        **options, group_id=None, enable_auto_commit=False, max_partition_fetch_bytes=FETCH_BYTES, max_poll_records=count
    )
    found = []
    try:
        consumer.assign(list(starts))
        for place, offset in starts.items():
            consumer.seek(place, offset)
        deadline = time.monotonic() + READ_SECONDS
        while any(consumer.position(place) < ends[place] for place in starts) and time.monotonic() < deadline:
            for rows in consumer.poll(timeout_ms=500).values():
                found += [Message(row.partition, row.offset, row.timestamp, as_text(row.key), as_text(row.value)) for row in rows]
    finally:
        consumer.close()
    return sorted(found, key=lambda one: (one.milliseconds, one.partition, one.offset), reverse=True)[: count * len(starts)]


def as_text(content: bytes | None) -> str:
    """Return what a person can read of a key or value: text, cut where it is long; of anything else the first bytes in hex."""
    if content is None:
        return messages.NOTHING
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return messages.BINARY.format(start=content[:START].hex(" ")) + _more(content, len(content) > START)
    # Control characters and those that turn the direction of writing would make a page say something else.
    readable = "".join(letter if letter.isprintable() or letter in "\n\t" else REPLACED for letter in text[:TEXT])
    return readable + _more(content, len(text) > TEXT)


def _more(content: bytes, cut: bool) -> str:
    return messages.MORE.format(bytes=f"{len(content):,}") if cut else ""


def _sizes(admin: KafkaAdminClient) -> dict[Any, int]:
    return {
        TopicPartition(topic["name"], one["partition_index"]): one["partition_size"]
        for broker in admin.describe_log_dirs()
        for folder in broker["log_dirs"]
        for topic in folder["topics"]
        for one in topic["partitions"]
    }
