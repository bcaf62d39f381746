"""A registered model behind HTTP, for this lab only: MLflow's own scoring server in one child process.

Invariant: a server listens on the loopback address, on a port that the system gave it, and ends with the kernel that started it,
however that kernel ends; `start` returns only after the server has answered.

It is what `mlflow models serve --env-manager local` starts, without the waiting parent, which would cost its memory twice.

    from lab_kernel import serving
    server = serving.start("models:/delays@champion")
    server.url          # POST to <url>/invocations
    server.stop()

As a program (`python -m lab_kernel.serving MODEL SOCKET PARENT`) it becomes that server.
"""

import atexit
import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from lab_kernel import memory

LOOPBACK = "127.0.0.1"
START_SECONDS = 90
GRACE_SECONDS = 10
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
# Memory for an answer can be had again by asking again; a student's notebook cannot.
_VICTIM = 500

DIED = "The scoring server ended before it answered (exit code {code}).\nmodel: {model}\nlast lines of {log}:\n{tail}\nNext: {hint}"
TOO_SLOW = "The scoring server did not answer within {seconds} s.\nmodel: {model}\nlast lines of {log}:\n{tail}\nNext: {hint}"
HINT_MEMORY = "give memory back (stop streams and other notebooks) and start it again; the lab has {usage} of {limit} in use."
HINT_MODEL = "load the model in this notebook, with mlflow.pyfunc.load_model; it says why that fails."


class ServingError(RuntimeError):
    """The server could not be started; the message has the end of its log."""


class Server:
    """A running scoring server. `url` is where it answers, `log` the file it writes to."""

    def __init__(self, model: str, url: str, process: subprocess.Popen, log: Path) -> None:
        self.model, self.url, self.log = model, url, log
        self._process = process

    def __repr__(self) -> str:
        return f"Server({self.model}, {'running' if self.running else 'stopped'})"

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    @property
    def memory_mb(self) -> float | None:
        """Resident memory in MB; None once it has stopped."""
        try:
            lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        except OSError:
            return None
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), None)

    def stop(self) -> bool:
        """Ends the server, by force if it does not listen; returns whether it was running."""
        was_running = self.running
        if was_running:
            self._process.terminate()
        try:
            self._process.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        _running.discard(self)
        return was_running


_running: set[Server] = set()


def start(model: str, seconds: float = START_SECONDS) -> Server:
    """Serves a model (such as models:/name@alias) and returns the server once it answers.

    Raises ServingError, with the log's tail, if it ends before or is silent for `seconds`.
    """
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.set_inheritable(True)
        url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
        log = Path(tempfile.mkstemp(prefix="scoring-server-", suffix=".log")[1])
        with log.open("w") as output:
            # An own process group: Ctrl-C in the notebook interrupts the cell, not the server.
            process = subprocess.Popen(
                [sys.executable, "-m", __name__, model, str(listener.fileno()), str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[listener.fileno()],
                process_group=0,
            )
    memory.prefer_as_victim(process.pid, _VICTIM)
    server = Server(model, url, process, log)
    _running.add(server)
    try:
        _wait_until_ready(server, seconds)
    except BaseException:
        # Also an interrupted cell must not leave half a server.
        server.stop()
        raise
    return server


def stop_all() -> int:
    """Ends the servers that this kernel has started; returns how many were running."""
    return sum(server.stop() for server in list(_running))


def _wait_until_ready(server: Server, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not server.running:
            raise ServingError(_failed(DIED, server, code=server._process.returncode))
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{server.url}/ping", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise ServingError(_failed(TOO_SLOW, server, seconds=seconds))


def _failed(text: str, server: Server, **facts: object) -> str:
    tail = "\n".join(server.log.read_text(errors="replace").splitlines()[-8:]) or "(empty)"
    lab = memory.read()
    killed = facts.get("code") == -signal.SIGKILL or "MemoryError" in tail
    hint = HINT_MEMORY.format(usage=memory.human(lab.usage), limit=memory.human(lab.limit)) if killed else HINT_MODEL
    return text.format(model=server.model, log=server.log, tail=tail, hint=hint, **facts)


def main(model: str, descriptor: int, parent: int) -> None:
    """Becomes the server, on a socket that the parent has bound; returns when it is told to end."""
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit("the kernel that wanted this server has ended")

    import uvicorn
    from mlflow.pyfunc import load_model, scoring_server

    application = scoring_server.init(load_model(model))
    # Each answer is a line in the log; only problems are worth the space.
    server = uvicorn.Server(uvicorn.Config(application, log_level="warning"))
    server.run(sockets=[socket.socket(fileno=descriptor)])


atexit.register(stop_all)

if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
