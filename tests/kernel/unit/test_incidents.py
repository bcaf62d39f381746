"""A number for the student, the same in the lab's log, once."""

import datetime
import logging

from lab_kernel import incidents
from lab_kernel.server import Watcher


def test_what_a_kernel_notes_the_server_logs_once(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    times: dict[str, datetime.datetime] = {}
    watcher = Watcher(tmp_path, times, logging.getLogger("lab"))
    incident = incidents.record(tmp_path, "kernel_killed", "kernel 12 was killed")
    watcher.look()
    watcher.look()
    assert caplog.text.count(f"incident {incident} [kernel_killed] kernel 12 was killed") == 1


def test_a_note_that_is_none_is_passed_over(tmp_path):
    folder = tmp_path / incidents.FOLDER
    folder.mkdir()
    (folder / "0a1b2c3d.json").write_text("no json")
    (folder / "longer-name.json").write_text("{}")
    (folder / "0a1b2c3e.json").write_text('{"kind": "x", "what": "two\\nlines"}')
    assert incidents.unread(tmp_path, set()) == ["incident 0a1b2c3d [?] ?", "incident 0a1b2c3e [x] twolines"]


def test_a_disk_that_is_full_costs_the_note_alone(tmp_path):
    (tmp_path / incidents.FOLDER).write_text("no folder")
    assert len(incidents.record(tmp_path, "kernel_killed", "x")) == 8
    assert incidents.unread(tmp_path, set()) == []
