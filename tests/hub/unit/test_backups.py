"""Copies of the databases: whole or not at all, none pushed out by a damaged file, and a way back that loses nothing."""

import sqlite3
import stat
from datetime import UTC, datetime, timedelta

import pytest

from lab_hub import backup_service, backups
from lab_hub.backups import BackupError, Database

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def found(tmp_path):
    """The service's settings, with a hub's database of a thousand accounts and nothing of the exercises."""
    (tmp_path / "copies").mkdir()
    environment = {name: str(tmp_path) for name in ("HUB_DATA", "EXERCISES_DATA")}
    more = {"BACKUPS": str(tmp_path / "copies"), "BACKUP_EVERY_SECONDS": "60", "BACKUP_KEEP": "2"}
    read = backup_service.read({**environment, **more})
    with sqlite3.connect(read.databases[0].path) as database:
        database.execute("create table users (name text)")
        database.executemany("insert into users values (?)", [(f"ana{number:04}" + "a" * 100,) for number in range(1000)])
    return backup_service.Settings(read.databases, read.folder, read.every_seconds, read.newest, tmp_path / "failures")


def users(path):
    with sqlite3.connect(path) as database:
        return database.execute("select count(*) from users").fetchone()[0]


def corrupt(path):
    with path.open("r+b") as file:
        file.seek(4096 * 5)
        file.write(b"\xff" * 4096 * 3)


def test_a_copy_is_whole_and_its_owners_alone_also_while_somebody_writes(found):
    hub = found.databases[0]
    writer = sqlite3.connect(hub.path)
    writer.execute("insert into users values ('half')")
    made = backups.copy(hub, found.folder, NOW)
    writer.rollback()
    assert made.name == "hub-20261126-090000.sqlite" and users(made) == 1000
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert backups.copies(found.folder) == [made] == list(found.folder.iterdir())


def test_a_damaged_database_is_not_copied_and_pushes_nothing_out(found):
    first = backup_service.copy_all(found)[0]
    assert [path.name.split("-")[0] for path in first] == ["hub"]
    corrupt(found.databases[0].path)
    for _ in range(3):
        made, wrong = backup_service.copy_all(found)
        assert made == [] and len(wrong) == 1 and "make restore" in wrong[0]
    assert list(found.folder.iterdir()) == first


def test_a_lock_is_no_damage_and_a_file_that_is_not_there_neither(found, monkeypatch):
    monkeypatch.setattr(backups, "_LOCK_SECONDS", 0.1)
    hub = found.databases[0]
    holder = sqlite3.connect(hub.path, isolation_level=None)
    holder.execute("begin exclusive")
    assert backups.damage(hub.path) is None
    with pytest.raises(BackupError, match="locked"):
        backups.copy(hub, found.folder)
    assert list(found.folder.iterdir()) == []
    holder.execute("rollback")
    assert backups.damage(hub.path.with_name("none.sqlite")) is None


def replace(path):
    path.write_bytes(b"no database at all" * 1000)


def cut(path):
    path.write_bytes(path.read_bytes()[: 4096 * 4])


@pytest.mark.parametrize("harm", [corrupt, replace, cut])
def test_a_hub_refuses_a_damaged_file_with_the_way_back(found, harm):
    path = found.databases[0].path
    backups.refuse_damaged(path)
    harm(path)
    with pytest.raises(SystemExit, match=r"damaged .*make restore COPY="):
        backups.refuse_damaged(path)


def test_a_restored_copy_is_the_database_and_what_was_there_is_kept(found):
    hub = found.databases[0]
    made = backups.copy(hub, found.folder, NOW)
    corrupt(hub.path)
    damaged = hub.path.read_bytes()
    beside = hub.path.with_name(hub.path.name + "-journal")
    beside.write_bytes(b"of the damaged one")
    database, aside = backups.restore(found.databases, made.name, found.folder, NOW)
    assert database == hub and users(hub.path) == 1000 and backups.damage(hub.path) is None
    assert aside.read_bytes() == damaged and not beside.exists()
    assert aside.with_name(aside.name + "-journal").read_bytes() == b"of the damaged one"


@pytest.mark.parametrize("name", ["", "hub-20260101-000000.sqlite", "../jupyterhub.sqlite", "exercises-x.sqlite"])
def test_what_is_no_copy_is_refused_and_those_that_are_there_are_named(found, name):
    made = backups.copy(found.databases[0], found.folder, NOW)
    before = found.databases[0].path.read_bytes()
    with pytest.raises(BackupError, match=made.name):
        backups.restore(found.databases, name, found.folder)
    assert found.databases[0].path.read_bytes() == before


def test_a_damaged_copy_is_not_restored(found):
    made = backups.copy(found.databases[0], found.folder, NOW)
    corrupt(made)
    before = found.databases[0].path.read_bytes()
    with pytest.raises(BackupError, match="nothing was changed"):
        backups.restore(found.databases, made.name, found.folder)
    assert found.databases[0].path.read_bytes() == before


def test_the_newest_stay_and_the_last_of_each_day(found):
    hub = Database("hub", found.databases[0].path)
    for days in range(20, -1, -1):
        for hour in (1, 2, 3):
            backups.copy(hub, found.folder, NOW - timedelta(days=days, hours=hour))
    backups.thin(found.folder, "hub", 2)
    stay = backups.copies(found.folder)
    assert len(stay) == backups.DAYS + 1
    assert [path.name for path in stay[-2:]] == ["hub-20261126-070000.sqlite", "hub-20261126-080000.sqlite"]
    assert all(path.name.endswith("-080000.sqlite") for path in stay[:-2])


def test_healthy_means_that_copies_are_made(found):
    assert backup_service.trouble(found, NOW.timestamp()) is None
    made = backup_service.copy_all(found)[0][0]
    at = made.stat().st_mtime
    assert backup_service.trouble(found, at + 179) is None
    assert "the last copy of hub is 181 s old" in backup_service.trouble(found, at + 181)
    found.failures.write_text("why")
    assert backup_service.trouble(found, at) == "why"


@pytest.mark.parametrize("wrong", [{"BACKUP_KEEP": "0"}, {"BACKUP_EVERY_SECONDS": "-1"}, {"BACKUP_KEEP": "many"}])
def test_an_impossible_setting_stops_the_start(wrong):
    with pytest.raises(ValueError):
        backup_service.read({"BACKUP_EVERY_SECONDS": "60", "BACKUP_KEEP": "2", **wrong})
