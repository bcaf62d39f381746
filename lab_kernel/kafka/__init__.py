"""A real, single-node Kafka inside the student's lab.

Invariant: at most one broker runs for a home folder; `start()` gives it to any kernel that asks and it ends with the last one.
With KAFKA_BOOTSTRAP set nothing is started: that broker is used, and each student's topics carry the student's name. If it asks for
one, KAFKA_USER and KAFKA_PASSWORD are who the student is; a notebook says nothing of it.

    from lab_kernel import kafka
    broker = kafka.start()
    topic = broker.create_topic("flights", partitions=2)
    broker.produce(topic, [("JFK", {"flight": 11})])
    broker.stop()
"""

import atexit
import contextlib
import os
import time

from lab_kernel.kafka import login, messages
from lab_kernel.kafka import settings as _settings
from lab_kernel.kafka.broker import Broker, Record
from lab_kernel.kafka.errors import KafkaError, NotAcknowledged, UnknownTopic
from lab_kernel.kafka.process import BrokerProcess

__all__ = ["Broker", "KafkaError", "NotAcknowledged", "Record", "UnknownTopic", "forget_topic", "running", "start", "stop"]

START_SECONDS = 90
_process: BrokerProcess | None = None


def start() -> Broker:
    """The lab's broker: started if none runs, attached to if one does, or the shared one that KAFKA_BOOTSTRAP names.

    Prints how long it took. Raises KafkaError, with the log's tail, if it does not come up within 90 s.
    """
    settings = _settings.read()
    if settings.shared:
        login.for_spark(settings)
        broker = Broker(settings, None)
        broker.topics()
        print(messages.SHARED.format(address=broker.bootstrap, prefix=broker.topic("")))
        return broker
    began = time.monotonic()
    process = _the_process(settings)
    with process.locked():
        fresh = process.pid() is None
        if fresh:
            process.launch()
        else:
            process.join()
        try:
            _wait_until_ready(process)
        except BaseException:
            # Also an interrupted cell must not leave half a broker; another kernel's is its own to end.
            process.leave()
            if fresh:
                process.end()
            raise
    seconds = time.monotonic() - began
    broker = Broker(settings, process, seconds if fresh else 0.0)
    _delete_forgotten(broker, process)
    text = messages.STARTED if fresh else messages.ATTACHED
    print(text.format(address=broker.bootstrap, seconds=seconds, heap=settings.heap))
    return broker


def running() -> Broker | None:
    """The broker, if one can be used without starting it (the shared one, or one that runs in this lab)."""
    settings = _settings.read()
    if settings.shared:
        login.for_spark(settings)
        return Broker(settings, None)
    process = _the_process(settings)
    if process.pid() is None or not process.answers_tcp():
        return None
    return Broker(settings, process)


def stop(*, force: bool = False) -> bool:
    """Ends the lab's broker (see Broker.stop); returns whether none runs afterwards."""
    settings = _settings.read()
    return Broker(settings, None if settings.shared else _the_process(settings)).stop(force=force)


def forget_topic(name: str) -> bool:
    """Deletes a topic now if a broker runs, else at the next start; returns whether it was there (False if not known yet).

    A checkpoint remembers offsets of a topic: whoever deletes one has to delete the other, also while the broker is down.
    """
    broker = running()
    if broker is not None:
        return broker.delete_topic(name)
    process = _the_process(_settings.read())
    if (process.home / "formatted").exists():
        with process.locked(), open(process.home / "forgotten", "a") as notes:
            notes.write(f"{name}\n")
    return False


def _delete_forgotten(broker: Broker, process: BrokerProcess) -> None:
    notes = process.home / "forgotten"
    if notes.exists():
        for name in sorted(set(notes.read_text().split())):
            broker.delete_topic(name)
        notes.unlink()


def _the_process(settings: _settings.KafkaSettings) -> BrokerProcess:
    """One object a kernel, because only it can reap the child that it started."""
    global _process
    if _process is None or _process.settings != settings:
        _process = BrokerProcess(settings)
    return _process


def _wait_until_ready(process: BrokerProcess) -> None:
    from kafka import KafkaAdminClient
    from kafka.errors import KafkaError as ClientError

    address = process.settings.address
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.pid() is None:
            tail = process.log_tail()
            raise KafkaError(messages.DIED.format(
                code=process.exit_code(), log=process.log, tail=tail, hint=process.hint(tail)))
        if process.answers_tcp():
            with contextlib.suppress(ClientError, OSError):
                admin = KafkaAdminClient(bootstrap_servers=address, client_id="start", bootstrap_timeout_ms=5000)
                try:
                    if admin.describe_cluster()["brokers"]:
                        return
                finally:
                    admin.close()
        time.sleep(0.1)
    raise KafkaError(messages.TOO_SLOW.format(
        address=address, seconds=START_SECONDS, log=process.log, tail=process.log_tail()))


def _at_exit() -> None:
    """The kernel ends: so does the broker, unless another kernel uses it."""
    if _process is not None and (_process.users / str(os.getpid())).exists():
        with open(os.devnull, "w") as quiet, contextlib.redirect_stdout(quiet):
            Broker(_process.settings, _process).stop()


atexit.register(_at_exit)
