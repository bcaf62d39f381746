"""The broker is killed while somebody writes: what was acknowledged is there afterwards, and the writer need not be restarted."""

import threading
import time

import pytest

pytestmark = [pytest.mark.docker, pytest.mark.timeout(1500)]

KILLS = 3
RESTART_SECONDS = 120
WRITE_SECONDS = 900

# Sends numbered records until it is told to stop, waits until each is acknowledged or has failed, and says which were acknowledged.
WRITE = """
import os, time
from kafka import KafkaProducer
from lab_kernel.kafka import login, settings
broker = kafka.start()
topic = broker.create_topic("numbers", partitions=2)
producer = KafkaProducer(bootstrap_servers=os.environ["KAFKA_BOOTSTRAP"], acks="all", linger_ms=5, max_block_ms=600000,
                         delivery_timeout_ms=600000, **login.for_python(settings.read()))
acknowledged = []
futures = []
number = 0
while not os.path.exists("/tmp/stop"):
    future = producer.send(topic, str(number).encode(), key=str(number % 7).encode())
    future.add_callback(lambda _, number=number: acknowledged.append(number))
    futures.append(future)
    number += 1
    time.sleep(0.01)
producer.flush(timeout=600)
failed = sum(1 for future in futures if future.failed())
print(json.dumps([number, sorted(acknowledged), failed]))
"""
READ = """
broker = kafka.start()
print(json.dumps([int(record.value) for record in broker.read("numbers")]))
"""


@pytest.fixture(scope="module")
def crash(broker, lab):
    """Write while the broker is killed again and again: how many were sent, which acknowledged, how many failed, what is stored."""
    writer = lab("gina")
    answers = []
    thread = threading.Thread(daemon=True, target=lambda: answers.append(writer.answer(WRITE, seconds=WRITE_SECONDS)))
    thread.start()
    time.sleep(8)
    for _ in range(KILLS):
        restarts = int(broker.inspect("{{.RestartCount}}"))
        broker.kill()
        began = time.monotonic()
        while int(broker.inspect("{{.RestartCount}}")) == restarts:
            assert time.monotonic() - began < RESTART_SECONDS, broker.log()
            time.sleep(0.1)
        broker.wait_until_healthy()
        # Some records between two deaths.
        time.sleep(3)
    writer.answer("open('/tmp/stop', 'w').close(); print('null')")
    thread.join(WRITE_SECONDS)
    assert answers, broker.log()
    return *answers[0], writer.answer(READ)


def test_no_acknowledged_record_is_lost(crash):
    _, acknowledged, _, stored = crash
    assert set(acknowledged) - set(stored) == set()


def test_the_writer_went_on_and_got_every_record_in(crash):
    sent, acknowledged, failed, _ = crash
    assert sent > 1000
    assert (len(acknowledged), failed) == (sent, 0)


def test_a_repeated_attempt_is_not_a_second_record(crash):
    """The client numbers what it sends, and the broker remembers the numbers over its death."""
    sent, _, _, stored = crash
    assert len(stored) == len(set(stored)) == sent


def test_topics_users_and_records_survive_a_new_container(broker, lab, crash):
    """`down` and `start`: the container is another one, the volume the same."""
    writer = lab("hugo")
    assert writer.answer("""
broker = kafka.start()
broker.create_topic("kept")
print(json.dumps(broker.produce("kept", [("a", "b")] * 10)))
""") == 10
    before = broker.inspect("{{.Id}}")
    broker.compose("rm", "--stop", "--force", "kafka")
    broker.start()
    assert broker.inspect("{{.Id}}") != before
    assert writer.answer('print(json.dumps(len(kafka.start().read("kept"))))') == 10
