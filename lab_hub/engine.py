"""The hub's way to the Docker engine.

Invariant: calls run beside each other, each thread with a client of its own, so one container that is slow to stop holds up nobody
else (DockerSpawner's single thread would), and neither do many: calls that wait for a container's end have threads of their own. An
engine that cannot answer is told apart from a container that is gone.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import docker
import requests
from docker.errors import APIError, DockerException
from docker.utils import kwargs_from_env

# Calls that the engine answers at once. A client (requests) is not safe between threads: each thread has its own.
THREADS = 16
# Calls that end with a container: one that ignores SIGTERM takes ten seconds, and a class that goes home does thirty at once.
ENDING_THREADS = 16
ENDING = frozenset({"stop", "remove_container", "kill", "wait"})

# What a call raises when the engine itself is in trouble, whatever the container does.
UNREACHABLE = (requests.exceptions.RequestException, DockerException)

_local = threading.local()
# Threads are made as they are needed, not here.
_quick = ThreadPoolExecutor(THREADS, thread_name_prefix="engine")
_ending = ThreadPoolExecutor(ENDING_THREADS, thread_name_prefix="engine-ending")


def executor(method: str = "") -> ThreadPoolExecutor:
    """Return the threads in which this method of the client runs."""
    return _ending if method in ENDING else _quick


def client() -> docker.APIClient:
    """Return this thread's client, made at its first call."""
    found = getattr(_local, "client", None)
    if found is None:
        found = _local.client = docker.APIClient(version="auto", **kwargs_from_env())
    return found


def cannot_tell(error: Exception) -> bool:
    """Return whether this error says nothing about the container: the engine is down, hangs or reports its own fault."""
    if isinstance(error, APIError):
        return error.status_code is None or error.status_code >= 500
    return isinstance(error, UNREACHABLE)


class ContainerEvents:
    """The engine's events of the container of one name, from the moment `open` returns until `close`.

    ``on_event`` is called with the event's word (create, start, die, oom) in a thread of its own.
    """

    WORDS = ("create", "start", "die", "oom")

    def __init__(self, name: str, on_event: Callable[[str], None]) -> None:
        self._name = name
        self._on_event = on_event
        self._stream = None

    def open(self) -> None:
        """Subscribe; blocks until the engine has accepted. Raises what the client raises."""
        filters = {"type": "container", "container": self._name, "event": list(self.WORDS)}
        # A client of its own: this one stays busy until it is closed.
        self._client = docker.APIClient(version="auto", **kwargs_from_env())
        self._stream = self._client.events(filters=filters, decode=True)
        threading.Thread(target=self._follow, name=f"events-{self._name}", daemon=True).start()

    def close(self) -> None:
        """End the stream and its thread."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
            self._client.close()

    def _follow(self) -> None:
        stream = self._stream
        try:
            for event in stream:
                # The filter also matches names that only begin like this one.
                if event.get("Actor", {}).get("Attributes", {}).get("name") == self._name:
                    self._on_event(event.get("Action", event.get("status", "")))
        except (*UNREACHABLE, OSError, ValueError, AttributeError):
            # Closed, or the engine went away: the start itself notices that.
            return
