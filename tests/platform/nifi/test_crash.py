"""NiFi is killed while many send to it: what was answered with 200 is there afterwards, whatever happens to the rest."""

import http.client
import subprocess
import threading
import time

import pytest

from tests.helpers.waiting import wait_until
from tests.platform.nifi.conftest import Nifi

pytestmark = [pytest.mark.docker, pytest.mark.timeout(400)]

SENDERS = 40


class Sender(threading.Thread):
    """Sends one number after the other, and remembers which were acknowledged."""

    def __init__(self, nifi: Nifi, number: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.number, self.stop, self.acknowledged, self.refused = number, stop, [], 0
        self.where = (nifi.address("labs"), int(nifi.settings["NIFI_LISTEN_PORT"]))

    def run(self) -> None:
        place = 0
        while not self.stop.is_set():
            body = f'{{"sender": {self.number}, "place": {place}}}'
            try:
                connection = http.client.HTTPConnection(*self.where, timeout=20)
                connection.request("POST", "/landing", body)
                status = connection.getresponse().status
                connection.close()
            except OSError:
                return
            if status == 200:
                self.acknowledged.append(body)
                place += 1
            else:
                self.refused += 1
                time.sleep(0.1)


def test_kill_loses_nothing_that_was_acknowledged(nifi: Nifi):
    stop = threading.Event()
    senders = [Sender(nifi, number, stop) for number in range(SENDERS)]
    try:
        for sender in senders:
            sender.start()
        # More senders than the listener has threads: they wait for each other, and NiFi goes on.
        wait_until(lambda: all(one.acknowledged for one in senders), what="an answer to each sender", seconds=90, log=nifi.log)
        subprocess.run(["docker", "kill", nifi.name], check=True, stdout=subprocess.DEVNULL)
    finally:
        stop.set()
        for sender in senders:
            sender.join(timeout=30)
    nifi.start()

    acknowledged = {body for sender in senders for body in sender.acknowledged}
    assert len(acknowledged) >= SENDERS

    def all_landed() -> bool:
        return acknowledged <= set(nifi.landed("http").values())

    assert wait_until(all_landed, what=f"{len(acknowledged)} acknowledged bodies", seconds=60, log=nifi.log)
    # What had been written just before the kill, and not been noted, is not tried for ever.
    assert wait_until(lambda: queued(nifi) == 0, what="empty queues", seconds=60, log=nifi.log)


def queued(nifi: Nifi) -> int:
    return nifi.api("/flow/status")["controllerStatus"]["flowFilesQueued"]
