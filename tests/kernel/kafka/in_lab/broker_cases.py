"""The broker as lessons use it; runs inside a lab container (see ../test_broker.py)."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lab_kernel import kafka

HOME = Path.home() / ".local/share/dataflow/kafka"


def brokers() -> list[int]:
    """Process ids of every living Kafka in the container, however it was started."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if b"kafka.Kafka" in command.split(b"\0") or b"kafka-watch" in command:
                found.append(int(entry.name))
    return sorted(found)


def broker_pid() -> int:
    return int((HOME / "broker.pid").read_text())


def wait_until(condition, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.1)


def other_kernel(code: str) -> subprocess.Popen:
    """A second Python, as a second notebook would be; speaks with us over its pipes."""
    return subprocess.Popen(
        [sys.executable, "-c", "from lab_kernel import kafka\n" + code],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )


@pytest.fixture
def broker():
    started = kafka.start()
    yield started
    kafka.stop(force=True)
    assert brokers() == []


def test_starts_says_so_and_stays_small(capsys):
    broker = kafka.start()
    said = capsys.readouterr().out
    assert f"Kafka {broker.bootstrap} is ready after " in said
    assert 0 < broker.start_seconds < 60
    assert 50 < broker.memory_mb < 300
    assert broker.stop() is True
    assert capsys.readouterr().out == "Kafka stopped.\n"
    assert brokers() == []


def test_listens_on_loopback_only(broker):
    listening = [line.split()[1] for table in ("tcp", "tcp6")
                 for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:] if line.split()[3] == "0A"]
    port = f"{int(broker.bootstrap.split(':')[1]):04X}"
    mine = [address for address in listening if address.endswith(":" + port)]
    assert mine
    # 127.0.0.1, also in its form as an IPv6 address.
    assert {address.split(":")[0] for address in mine} <= {"0100007F", "0000000000000000FFFF00000100007F"}


def test_a_thousand_records_come_back_in_order_for_each_key(broker):
    broker.delete_topic("thousand")
    broker.create_topic("thousand", partitions=2)
    assert broker.produce("thousand", ((f"key-{i % 5}", {"number": i}) for i in range(1000))) == 1000
    assert sum(broker.end_offsets("thousand").values()) == 1000
    records = broker.read("thousand")
    assert len({(record.partition, record.offset) for record in records}) == 1000
    for key in range(5):
        mine = [record for record in records if record.key == f"key-{key}".encode()]
        assert len({record.partition for record in mine}) == 1
        assert [record.value for record in mine] == [b'{"number":%d}' % i for i in range(key, 1000, 5)]


def test_keeps_an_old_event_time(broker):
    broker.delete_topic("old")
    broker.create_topic("old")
    broker.produce("old", [{"key": "a", "value": "x", "timestamp_ms": 1_357_000_000_000}])
    assert broker.read("old")[0].timestamp_ms == 1_357_000_000_000


def test_create_topic_again_is_fine_but_not_with_another_shape(broker):
    broker.delete_topic("shape")
    assert broker.create_topic("shape", partitions=2) == "shape"
    assert broker.create_topic("shape", partitions=2) == "shape"
    with pytest.raises(kafka.KafkaError, match=r"exists with 2 partition\(s\); 3 were asked for"):
        broker.create_topic("shape", partitions=3)
    assert broker.delete_topic("shape") is True
    assert broker.delete_topic("shape") is False
    assert broker.create_topic("shape", partitions=3) == "shape"


def test_a_mistyped_topic_is_an_error_that_names_the_topics(broker):
    broker.create_topic("flights")
    for use in (lambda: broker.produce("fligths", [("a", "b")]), lambda: broker.end_offsets("fligths"),
                lambda: broker.read("fligths")):
        with pytest.raises(kafka.UnknownTopic, match="no topic 'fligths'.*flights"):
            use()
    assert "fligths" not in broker.topics()


def test_start_again_is_the_same_broker(broker, capsys):
    before = broker_pid()
    again = kafka.start()
    assert broker_pid() == before
    assert again.start_seconds == 0
    assert "already running" in capsys.readouterr().out


def test_second_kernel_attaches_and_the_last_one_ends_it(broker, capsys):
    broker.delete_topic("shared")
    broker.create_topic("shared")
    broker.produce("shared", [("a", "from the first")])
    second = other_kernel(
        "broker = kafka.start(); print(broker.read('shared')[0].value.decode(), flush=True); input()")
    assert "already running" in second.stdout.readline()
    assert second.stdout.readline() == "from the first\n"
    assert broker.stop() is False
    assert f"another notebook in this lab uses it (process {second.pid})" in capsys.readouterr().out
    assert brokers() != []
    second.communicate("\n", timeout=60)
    wait_until(lambda: brokers() == [], 30, "the broker ends with the last kernel")


def test_ends_when_its_only_kernel_is_killed():
    lonely = other_kernel("kafka.start(); print('up', flush=True); input()")
    lonely.stdout.readline()
    assert lonely.stdout.readline() == "up\n"
    lonely.kill()
    lonely.wait()
    wait_until(lambda: brokers() == [], 40, "the broker of a killed kernel ends")


def test_interrupting_a_cell_does_not_reach_the_broker(broker):
    assert os.getpgid(broker_pid()) != os.getpgid(os.getpid())


def test_killed_broker_loses_no_acknowledged_record(broker):
    broker.delete_topic("durable")
    broker.create_topic("durable", partitions=2)
    assert broker.produce("durable", ((str(i % 10), f"record {i}") for i in range(5000))) == 5000
    os.kill(broker_pid(), signal.SIGKILL)
    wait_until(lambda: kafka.running() is None, 10, "the kill is noticed")
    with pytest.raises(kafka.KafkaError, match="No Kafka answers at .*\nNext: start"):
        broker.end_offsets("durable")
    again = kafka.start()
    assert again.start_seconds > 0
    assert sorted(record.value for record in again.read("durable")) == sorted(b"record %d" % i for i in range(5000))


def test_forgotten_topic_is_gone_whether_or_not_the_broker_runs(broker):
    broker.create_topic("gone-now")
    broker.create_topic("gone-later")
    assert kafka.forget_topic("gone-now") is True
    kafka.stop(force=True)
    assert kafka.forget_topic("gone-later") is False
    assert not {"gone-now", "gone-later"} & set(kafka.start().topics())


def test_taken_port_is_named():
    import socket

    from lab_kernel.kafka import settings
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", settings.read().port))
        squatter.listen()
        with pytest.raises(kafka.KafkaError, match="something else already listens on 127.0.0.1:"):
            kafka.start()
    assert brokers() == []


def test_a_start_that_fails_shows_the_logs_tail_and_leaves_nothing(monkeypatch):
    monkeypatch.setenv("DATAFLOW_KAFKA_HEAP", "4m")
    monkeypatch.setenv("DATAFLOW_KAFKA_HOME", str(Path.home() / "starved"))
    with pytest.raises(kafka.KafkaError, match="(?s)Kafka .*OutOfMemory.*Next: the lab is out of memory"):
        kafka.start()
    assert brokers() == []


def test_missing_jars_say_where_to_run(monkeypatch):
    monkeypatch.setenv("DATAFLOW_KAFKA_LIBS", "/nowhere")
    with pytest.raises(kafka.KafkaError, match="not in /nowhere"):
        kafka.start()


def test_shared_broker_is_used_and_names_carry_the_student(broker, monkeypatch, capsys):
    monkeypatch.setenv("KAFKA_BOOTSTRAP", broker.bootstrap)
    monkeypatch.setenv("JUPYTERHUB_USER", "ana")
    shared = kafka.start()
    assert shared.shared
    topic = shared.create_topic("flights")
    assert topic == "ana.flights" == shared.topic(topic)
    assert shared.produce("flights", [("a", "b")]) == 1
    assert topic in broker.topics()
    capsys.readouterr()
    assert shared.stop() is False
    assert "is shared and stays up" in capsys.readouterr().out
    assert kafka.forget_topic("flights") is True
