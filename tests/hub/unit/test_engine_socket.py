"""The hub ends when its way to the engine is cut for good, and never because the engine is silent."""

import os
import socket
import threading
from pathlib import Path

import pytest

from lab_hub.engine_socket import cut_off, watch


@pytest.fixture
def way(tmp_path):
    """The engine's socket, and the same file as a container has it: held, whatever becomes of the name."""
    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        held = os.open(path, os.O_PATH)
        yield path, Path(f"/proc/self/fd/{held}")
        os.close(held)


def test_a_silent_engine_is_waited_for(way):
    name, mounted = way
    assert name.exists() and not cut_off(mounted)


def test_no_socket_is_no_reason(tmp_path):
    assert not cut_off(tmp_path / "none")


def test_a_socket_that_was_made_anew_is_noticed(way):
    name, mounted = way
    ended = threading.Event()
    thread = watch(mounted, ended.set, every=0.01)
    assert not ended.wait(0.2)
    name.unlink()
    with socket.socket(socket.AF_UNIX) as anew:
        anew.bind(str(name))
        assert ended.wait(10) and cut_off(mounted) and not cut_off(name)
    thread.join(10)
