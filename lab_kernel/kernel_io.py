"""Sends messages to the cell that they belong to, from whatever thread.

Invariant: a message is addressed to the cell that ran when the `Cell` was made, even if another cell
runs by the time it is sent; outside a Jupyter kernel everything here does nothing.
"""

import os
import uuid
from pathlib import Path
from typing import Any


def kernel_id(shell: Any) -> str:
    """The id under which the Jupyter server knows this kernel; a restarted kernel keeps it."""
    if getattr(shell, "kernel", None) is not None:
        from ipykernel.connect import get_connection_file

        return Path(get_connection_file()).stem.removeprefix("kernel-")
    return f"process-{os.getpid()}"


class Cell:
    """The cell that runs now."""

    def __init__(self, shell: Any) -> None:
        kernel = getattr(shell, "kernel", None)
        self._session = getattr(kernel, "session", None)
        self._socket = getattr(kernel, "iopub_socket", None)
        self._parent = kernel.get_parent("shell") if kernel is not None else None

    def show(self, bundle: dict[str, str], display_id: str | None = None) -> str:
        """Shows a bundle below the cell; returns the id under which it can be updated."""
        display_id = display_id or uuid.uuid4().hex
        self._send("display_data", _content(bundle, display_id))
        return display_id

    def update(self, display_id: str, bundle: dict[str, str]) -> None:
        """Replaces what was shown under this id."""
        self._send("update_display_data", _content(bundle, display_id))

    def clear(self) -> None:
        """Removes all that the cell has shown so far."""
        self._send("clear_output", {"wait": False})

    def _send(self, kind: str, content: dict[str, Any]) -> None:
        if self._session is not None and self._socket is not None:
            self._session.send(self._socket, kind, content, parent=self._parent)


def _content(bundle: dict[str, str], display_id: str) -> dict[str, Any]:
    return {"data": bundle, "metadata": {}, "transient": {"display_id": display_id}}
