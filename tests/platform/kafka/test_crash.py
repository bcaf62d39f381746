"""The broker is killed while somebody writes: what was acknowledged is there afterwards, and the writer need not be restarted."""

import threading
import time

import pytest

pytestmark = pytest.mark.docker

RECORDS = 4000
KILLS = 3

# Sends numbered records, waits for every one to be acknowledged or to fail, and says which were acknowledged.
WRITE = """
import os, time
from kafka import KafkaProducer
from lab_kernel.kafka import login, settings
broker = kafka.start()
topic = broker.create_topic("numbers", partitions=2)
producer = KafkaProducer(bootstrap_servers=os.environ["KAFKA_BOOTSTRAP"], acks="all", linger_ms=5, max_block_ms=120000,
                         delivery_timeout_ms=120000, **login.for_python(settings.read()))
acknowledged = []
futures = []
for number in range({records}):
    future = producer.send(topic, str(number).encode(), key=str(number % 7).encode())
    future.add_callback(lambda _, number=number: acknowledged.append(number))
    futures.append(future)
    time.sleep(0.01)
producer.flush(timeout=120)
failed = sum(1 for future in futures if future.failed())
print(json.dumps([sorted(acknowledged), failed]))
"""
READ = """
broker = kafka.start()
print(json.dumps([int(record.value) for record in broker.read("numbers")]))
"""


@pytest.fixture(scope="module")
def crash(broker, lab):
    """Write while the broker is killed several times; return what was acknowledged, what failed, and what is stored."""
    writer = lab("gina")
    answers = []
    thread = threading.Thread(target=lambda: answers.append(writer.answer(WRITE.format(records=RECORDS), seconds=400)))
    thread.start()
    recovered = []
    time.sleep(8)
    for _ in range(KILLS):
        restarts = int(broker.inspect("{{.RestartCount}}"))
        broker.kill()
        began = time.monotonic()
        while int(broker.inspect("{{.RestartCount}}")) == restarts:
            assert time.monotonic() - began < 60, broker.log()
            time.sleep(0.1)
        broker.wait_until_healthy()
        recovered.append(time.monotonic() - began)
        time.sleep(3)
    assert thread.is_alive(), "the writer was done before the last kill"
    thread.join(400)
    assert answers, broker.log()
    acknowledged, failed = answers[0]
    return acknowledged, failed, writer.answer(READ), recovered


def test_no_acknowledged_record_is_lost(crash):
    acknowledged, _, stored, _ = crash
    assert set(acknowledged) - set(stored) == set()


def test_the_writer_went_on_and_got_every_record_in(crash):
    acknowledged, failed, _, _ = crash
    assert (len(acknowledged), failed) == (RECORDS, 0)


def test_a_repeated_attempt_is_not_a_second_record(crash):
    """The client numbers what it sends, and the broker remembers the numbers over its death."""
    _, _, stored, _ = crash
    assert len(stored) == len(set(stored)) == RECORDS


def test_it_is_back_within_a_minute(crash):
    *_, recovered = crash
    assert len(recovered) == KILLS and max(recovered) < 60


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
