"""A real `dataflow-spark` kernel, spoken to as JupyterLab does; runs inside a lab container.

Invariant: `run` returns only when the kernel is idle again, with everything that was shown for that
cell and nothing of any other; a kernel that does not answer in time is a failure with its last words.
"""

import os
import queue
import time
from dataclasses import dataclass, field

from jupyter_client.manager import KernelManager

CELL_SECONDS = 120


@dataclass
class Ran:
    """What one cell showed. `shown` has every message in order; `visible` what remained at the end."""

    status: str
    shown: list[tuple[str, dict]] = field(default_factory=list)
    visible: list[dict] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """All plain text that remained: streams, displays, the error."""
        parts = [part.get("text/plain") or part.get("text") or "" for part in self.visible]
        return "\n".join(parts)

    @property
    def html(self) -> str:
        return "\n".join(part.get("text/html", "") for part in self.visible)

    @property
    def error(self) -> dict:
        return next(content for kind, content in self.shown if kind == "error")

    @property
    def value(self) -> str:
        """The plain text of the cell's value."""
        return next(c["data"]["text/plain"] for kind, c in self.shown if kind == "execute_result")

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.shown]


class Notebook:
    """One kernel; use as a context manager."""

    def __init__(self, **environment: str) -> None:
        self.environment = {**os.environ, "DATAFLOW_PROGRESS": "off", **environment}
        self.manager = KernelManager(kernel_name="dataflow-spark")

    def __enter__(self) -> "Notebook":
        self.manager.start_kernel(env=self.environment)
        self._connect()
        return self

    def __exit__(self, *_: object) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=not self.manager.is_alive())
        self.manager.cleanup_resources()

    def _connect(self) -> None:
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=CELL_SECONDS)

    def start_again(self) -> None:
        """What the Jupyter server does when a kernel has died: a new one of the same id."""
        self.client.stop_channels()
        self.manager.restart_kernel(now=True)
        self._connect()

    def run(self, code: str, seconds: float = CELL_SECONDS) -> Ran:
        """Runs a cell to its end, well or not. Raises TimeoutError, also when the kernel dies."""
        began = time.monotonic()
        # A kernel drops what is asked in the moment after an error, unless it is told not to.
        message = self.client.execute(code, stop_on_error=False)
        ran, displays = Ran("?"), {}
        while True:
            if time.monotonic() - began > seconds or not self.manager.is_alive():
                raise TimeoutError(f"kernel gave no end: {code!r}; so far {ran.shown}")
            try:
                found = self.client.get_iopub_msg(timeout=1)
            except queue.Empty:
                continue
            if found["parent_header"].get("msg_id") != message:
                continue
            kind, content = found["msg_type"], found["content"]
            if kind == "status" and content["execution_state"] == "idle":
                break
            if kind in ("status", "execute_input"):
                continue
            ran.shown.append((kind, content))
            if kind == "clear_output":
                ran.visible.clear()
            elif kind == "update_display_data":
                displays[content["transient"]["display_id"]].clear()
                displays[content["transient"]["display_id"]].update(content["data"])
            elif kind == "stream":
                ran.visible.append(dict(content))
            elif kind == "error":
                ran.visible.append({"text": "\n".join(content["traceback"])})
            else:
                part = dict(content["data"])
                displays[content.get("transient", {}).get("display_id")] = part
                ran.visible.append(part)
        while True:
            reply = self.client.get_shell_msg(timeout=CELL_SECONDS)
            if reply["parent_header"].get("msg_id") == message:
                break
        ran.status, ran.seconds = reply["content"]["status"], time.monotonic() - began
        return ran

    def ok(self, code: str, seconds: float = CELL_SECONDS) -> Ran:
        """Runs a cell that must succeed."""
        ran = self.run(code, seconds)
        assert ran.status == "ok", ran.text
        return ran

    def fails(self, code: str, explained_as: str, seconds: float = CELL_SECONDS) -> Ran:
        """Runs a cell that must fail with this explanation above the original error."""
        ran = self.run(code, seconds)
        assert ran.status == "error", f"the cell passed: {ran.text}"
        head = ran.error["traceback"][0]
        assert f"[{explained_as}]" in head, f"{head}\n---\n{ran.text}"
        # The panel comes first, the original stays below it.
        kinds = [kind for kind in ran.kinds() if kind != "stream"]
        assert kinds.index("display_data") < kinds.index("error")
        assert "What to do:" in ran.text and ran.error["ename"] in "\n".join(ran.error["traceback"])
        return ran
