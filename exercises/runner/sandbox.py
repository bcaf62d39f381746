"""Throw-away containers: one for each thing that is run, nothing of it left afterwards.

Invariant: what runs in a `Box` has no network, no capability, no disk and no root; its memory, processes, processors
and time are limited; files enter and leave as archives only. When `close` has returned, the container, its volumes
and all its processes are gone.

`/in` (files of root, not writable inside) and `/out` are volumes in memory. A volume, unlike a tmpfs mount, can be
read by the engine itself, so nothing inside the container has a part in handing out the result; it is frozen while it
is read.
"""

import select
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import docker
from docker.errors import APIError, DockerException, NotFound
from docker.types import DriverConfig, LogConfig, Mount, Ulimit

from exercises.runner import archive
from exercises.runner.limits import EngineAway, Limits, Outcome, SandboxError

UID = 1000
IN, OUT, HOME = "/in", "/out", "/home/student"
LABEL = "dataflow.runner"
LOG_KEPT = 16 * 1024
POLL_SECONDS = 0.05
ASK_SECONDS = 0.1
GONE_SECONDS = 20.0
FREEZE_TRIES, FREEZE_SECONDS = 80, 0.25
KILLED = 137
# Seconds, between this process and the engine.
CLOCKS_DIFFER = 60
ENGINE_SECONDS = 60
ANSWER_SECONDS = 10

NO_ENGINE = "The Docker engine does not answer: {reason}. Is it running, and may this user open its socket?"
REFUSED = "The Docker engine refused: {reason}."
BROKE_OFF = "The Docker engine broke off: {reason}. It answers again."
NO_IMAGE = "The image {image} is not there: make build/lab."
NOT_TAKEN = "The engine did not hand out what a run left, although its container runs: {reason}."
ENDED_OUTSIDE = "The container {name} was ended from outside, by somebody or by the engine, while it ran."
STILL_THERE = "The container {name} could not be removed within {seconds:.0f} s; the engine says {reason}."


class Sandbox:
    """Opens boxes from one image. Thread-safe: each box has an engine connection of its own."""

    def __init__(self, image: str, *, owner: str, environment: Mapping[str, str] | None = None) -> None:
        """`owner` marks the containers, so that `sweep` finds those that an earlier, killed runner left."""
        self.image, self.owner = image, owner
        self.environment = dict(environment or {})

    def open(self, limits: Limits) -> "Box":
        """Return a started, empty box. Raises SandboxError."""
        return Box(self, limits)

    def run(self, command: Sequence[str], inputs: Mapping[str, bytes], limits: Limits) -> Outcome:
        """Run one command on the inputs (by their names under /in) in a box of its own. Raises SandboxError."""
        box = self.open(limits)
        try:
            box.put(inputs)
            box.start(command)
            return box.finish()
        finally:
            box.close()

    def sweep(self) -> int:
        """Remove every container of this owner; return how many. For the start of a runner. Raises SandboxError."""
        api = engine()
        with _said():
            found = api.containers(all=True, filters={"label": f"{LABEL}={self.owner}"})
            for container in found:
                _remove(api, container["Id"])
        return len(found)


class Box:
    """One container, from its start to its end. Not thread-safe."""

    def __init__(self, sandbox: Sandbox, limits: Limits) -> None:
        self.limits = limits
        self.id: str | None = None
        self._api = engine()
        self._exec: str | None = None
        self._socket: Any = None
        self._log = _Log()
        self._began, self._created = 0.0, time.time()
        try:
            with _said(sandbox.image):
                self.id = self._api.create_container(**_container(self._api, sandbox, limits))["Id"]
                self._api.start(self.id)
        except BaseException:
            self.close()
            raise

    def put(self, files: Mapping[str, bytes]) -> None:
        """Place files under /in, owned by root and readable inside. Raises SandboxError, also when they do not fit."""
        with _said():
            self._api.put_archive(self.id, IN, archive.pack(files))

    def start(self, command: Sequence[str]) -> None:
        """Start the command; its time begins now. Raises SandboxError."""
        with _said():
            self._exec = self._api.exec_create(self.id, list(command), user=f"{UID}:{UID}", workdir=HOME)["Id"]
            self._began = time.monotonic()
            self._socket = self._api.exec_start(self._exec, socket=True, tty=False)

    def restart_clock(self, seconds: float) -> None:
        """The command was started ahead of its work, to be warm; its time begins now, and is this long."""
        self._began = time.monotonic()
        self.limits = replace(self.limits, seconds=seconds)

    def printed(self) -> str:
        """The end of what was printed so far. Raises SandboxError."""
        self._drain(0)
        return self._log.text()

    def said(self, word: str) -> bool:
        """Whether the command printed this line. Raises SandboxError."""
        return word in self.printed().split("\n")

    def running(self) -> bool:
        """Whether the command still runs. Raises SandboxError."""
        self._drain(0)
        with _said():
            return bool(self._api.exec_inspect(self._exec)["Running"])

    def finish(self) -> Outcome:
        """Wait for the command's end or its time, then take what it left and end the box. Raises SandboxError."""
        with _said():
            exit_code, timed_out = self._wait()
            seconds = time.monotonic() - self._began
            try:
                files, refused = ({}, None) if timed_out else self._take()
            except _Ended:
                if self._ended_from_outside():
                    raise SandboxError(ENDED_OUTSIDE.format(name=(self.id or "")[:12])) from None
                # What ran killed its first process, and what the container held in memory went with it.
                files, refused, exit_code = {}, None, exit_code or KILLED
            memory = self._end()
        return Outcome(exit_code, seconds, timed_out, memory, files, refused, self._log.text())

    def close(self) -> None:
        """Remove the container and everything in it; does nothing the second time. Raises SandboxError if it cannot."""
        self._hang_up()
        identity, self.id = self.id, None
        try:
            if identity is not None:
                with _said():
                    _remove(self._api, identity)
        finally:
            self._api.close()

    # --- the parts of finish ---------------------------------------------------------------------------------------------------

    def _wait(self) -> tuple[int | None, bool]:
        deadline = self._began + self.limits.seconds
        asked = 0.0
        while True:
            open_ended = self._drain(POLL_SECONDS)
            now = time.monotonic()
            # A process that outlives the command may hold its output open: only the engine knows of the end.
            if not open_ended or now - asked >= ASK_SECONDS:
                asked = now
                state = self._api.exec_inspect(self._exec)
                if not state["Running"]:
                    return state["ExitCode"], False
                if not open_ended:
                    time.sleep(POLL_SECONDS)
            if now >= deadline:
                return None, True

    def _drain(self, seconds: float) -> bool:
        """Read what was printed, keeping its end; return whether there may be more. Raises SandboxError."""
        raw = getattr(self._socket, "_sock", self._socket)
        if raw is None:
            return False
        until = time.monotonic() + seconds
        # A command that never stops printing must not keep this loop from looking at the clock.
        while select.select([raw], [], [], max(0.0, until - time.monotonic()))[0]:
            with _said():
                piece = raw.recv(64 * 1024)
            if not piece:
                self._hang_up()
                return False
            self._log.add(piece)
            if time.monotonic() >= until:
                break
        return True

    def _hang_up(self) -> None:
        """Stop listening to the command."""
        listening, self._socket = self._socket, None
        if listening is not None:
            raw = getattr(listening, "_sock", listening)
            with suppress(OSError):
                raw.shutdown(socket.SHUT_RDWR)
            # The response shares its file with the socket, and minds that.
            with suppress(OSError, ValueError, AttributeError):
                listening._response.close()
            with suppress(OSError):
                listening.close()

    def _take(self) -> tuple[dict[str, bytes], str | None]:
        most = self.limits
        limits = archive.Limits(bytes=most.outputs, files=most.output_files, name_length=400, part_length=255, depth=24)
        self._freeze()
        try:
            stream, _ = self._api.get_archive(self.id, OUT, chunk_size=archive.CHUNK)
        except APIError as error:
            raise self._refused(error) from error
        try:
            return archive.read_tar(_whole(stream), limits, inside=OUT.strip("/")), None
        except archive.ArchiveRefused as refusal:
            refused = str(refusal)
        finally:
            close = getattr(stream, "close", None)
            if close is not None:
                close()
        # Not before the archive is closed: until then the engine says nothing of its container.
        if not self._state()["Running"]:
            # What was read may be half of what it left.
            raise _Ended()
        return {}, refused

    def _freeze(self) -> None:
        """Hold all processes inside still. Raises _Ended, SandboxError."""
        tries = 0
        while True:
            try:
                return self._api.pause(self.id)
            except APIError as error:
                tries += 1
                # The kernel of a busy machine now and then does not hold a process still in time; that says nothing of what ran.
                if tries == FREEZE_TRIES or not self._state()["Running"]:
                    raise self._refused(error) from error
                if self._state()["Paused"]:
                    return None
                if tries == 1:
                    self._forbid_new_processes()
            time.sleep(FREEZE_SECONDS)

    def _forbid_new_processes(self) -> None:
        """What makes processes faster than they are held still is never still; what is there goes on."""
        url = self._api._url("/containers/{0}/update", self.id)
        # docker-py has no word for this field. An engine that refuses it leaves things as they were.
        with suppress(APIError):
            self._api._raise_for_status(self._api._post_json(url, data={"PidsLimit": 1}))

    def _refused(self, error: APIError) -> Exception:
        """Whether what the engine refused is the fault of what ran, which has ended the container, or ours."""
        if self._state()["Running"]:
            return SandboxError(NOT_TAKEN.format(reason=error.explanation or error))
        return _Ended()

    def _ended_from_outside(self) -> bool:
        """Whether somebody had the engine end the container, which nothing inside can: an operator, or an engine that goes down."""
        kills = {"container": [self.id], "event": ["kill", "stop"]}
        since, until = int(self._created) - CLOCKS_DIFFER, int(time.time()) + 1
        return any(self._api.events(since=since, until=until, filters=kills, decode=True))

    def _state(self) -> dict[str, Any]:
        try:
            return self._api.inspect_container(self.id)["State"]
        except NotFound:
            return {"Running": False, "Paused": False}

    def _end(self) -> bool:
        """Kill everything inside; return whether the kernel had killed something for memory. The engine says so only at the end."""
        # The engine waits for whoever listens to a command before it believes that the container has ended.
        self._hang_up()
        with suppress(APIError):
            self._api.unpause(self.id)
        with suppress(APIError):
            self._api.kill(self.id)
        self._api.wait(self.id, timeout=GONE_SECONDS)
        return bool(self._api.inspect_container(self.id)["State"]["OOMKilled"])


class _Ended(Exception):
    """The container ended before its result was taken."""


class _Log:
    """The end of what was printed, out of the engine's frames: stream, three zeros, the length in four bytes, the text."""

    def __init__(self) -> None:
        self._frames, self._text = bytearray(), bytearray()

    def add(self, piece: bytes) -> None:
        self._frames += piece
        while len(self._frames) >= 8:
            length = int.from_bytes(self._frames[4:8], "big")
            if len(self._frames) < 8 + length:
                break
            self._text += self._frames[8 : 8 + length]
            del self._frames[: 8 + length]
        if len(self._text) > 4 * LOG_KEPT:
            del self._text[:-LOG_KEPT]

    def text(self) -> str:
        return bytes(self._text[-LOG_KEPT:]).decode(errors="replace")


def engine() -> docker.APIClient:
    """A connection to the engine. Raises SandboxError."""
    with _said():
        return docker.APIClient(**docker.utils.kwargs_from_env(), timeout=ENGINE_SECONDS, version="auto")


def in_memory(target: str, size: int, *, uid: int, mode: str, files: int) -> Mount:
    """An anonymous volume that is a tmpfs of its own: sized, charged to the container that fills it, gone with it."""
    options = f"size={size},uid={uid},gid={uid},mode={mode},nr_inodes={files},nosuid,nodev"
    driver = DriverConfig("local", {"type": "tmpfs", "device": "tmpfs", "o": options})
    return Mount(target, None, type="volume", driver_config=driver)


def _container(api: docker.APIClient, sandbox: Sandbox, limits: Limits) -> dict[str, Any]:
    host = api.create_host_config(
        # Reaps what the command leaves; as the first process it cannot be killed from inside.
        init=True,
        network_mode="none",
        read_only=True,
        cap_drop=["ALL"],
        security_opt=["no-new-privileges:true"],
        mem_limit=limits.memory,
        memswap_limit=limits.memory,
        pids_limit=limits.pids,
        nano_cpus=int(limits.cpus * 1e9),
        ipc_mode="private",
        ulimits=[Ulimit(name="core", soft=0, hard=0), Ulimit(name="nofile", soft=4096, hard=4096)],
        # Libraries of the JVM unpack themselves into /tmp and are loaded from there.
        tmpfs={
            "/tmp": f"rw,exec,nosuid,nodev,mode=1777,size={limits.temporary}",
            HOME: f"rw,nosuid,nodev,mode=0700,uid={UID},gid={UID},size={limits.home}",
        },
        mounts=[
            in_memory(IN, limits.inputs, uid=0, mode="0755", files=20_000),
            in_memory(OUT, limits.outputs, uid=UID, mode="0700", files=limits.output_files + 100),
        ],
        log_config=LogConfig(type="none"),
    )
    return {
        "image": sandbox.image,
        "command": ["sleep", "infinity"],
        "entrypoint": [],
        "user": f"{UID}:{UID}",
        "working_dir": HOME,
        "environment": {"HOME": HOME, "MEM_LIMIT": str(limits.memory), **sandbox.environment},
        "labels": {LABEL: sandbox.owner},
        "host_config": host,
    }


def _remove(api: docker.APIClient, identity: str) -> None:
    deadline = time.monotonic() + GONE_SECONDS
    while True:
        try:
            with suppress(APIError):
                api.unpause(identity)
            api.remove_container(identity, v=True, force=True)
            return
        except NotFound:
            return
        except APIError as error:
            # Being removed already, or busy: the engine is asked again.
            if time.monotonic() > deadline:
                reason = error.explanation or error
                raise SandboxError(
                    STILL_THERE.format(name=identity[:12], seconds=GONE_SECONDS, reason=reason)
                ) from error
            time.sleep(0.2)


def _whole(stream: Iterator[bytes]) -> Iterator[bytes]:
    """The engine's stream. One that breaks off is no archive that somebody has damaged. Raises SandboxError."""
    with _said():
        yield from stream


@contextmanager
def _said(image: str = ""):
    """The engine's errors in this module's words."""
    try:
        yield
    except NotFound as error:
        if image and "image" in str(error).lower():
            raise SandboxError(NO_IMAGE.format(image=image)) from error
        raise SandboxError(str(error)) from error
    except APIError as error:
        raise SandboxError(REFUSED.format(reason=error.explanation or error)) from error
    except (DockerException, OSError) as error:
        if _answers():
            raise SandboxError(BROKE_OFF.format(reason=error)) from error
        raise EngineAway(NO_ENGINE.format(reason=error)) from error


def _answers() -> bool:
    """Whether there is an engine at this moment."""
    try:
        docker.APIClient(**docker.utils.kwargs_from_env(), timeout=ANSWER_SECONDS, version="auto").close()
    except (DockerException, OSError):
        return False
    return True
