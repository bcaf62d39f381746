"""What is done for one person, over a real database and a hub that is played: the order keeps people and homes safe."""

import gzip
import re

import pytest

from lab_hub import archives as archives_module
from lab_hub import people as people_module
from lab_hub import person
from lab_hub.account_store import AccountStore, hash_password, matches
from lab_hub.archives import ArchiveError, Archives
from lab_hub.members import Refused
from lab_hub.people import People

FAST = 4


class Homes(Archives):
    """Archives without an engine: a set of homes, and a failure that can be asked for."""

    def has_home(self, name):
        return name in HOMES

    def keep(self, name, said):
        EVENTS.append(f"keep {name}")
        if FAILS:
            raise ArchiveError("No space left on device")
        return self.folder / f"{name}.tar.gz"

    def remove_home(self, name):
        EVENTS.append(f"remove {name}")
        HOMES.discard(name)


HOMES: set[str] = set()
EVENTS: list[str] = []
FAILS: list[bool] = []


def hub(method, path, body):
    EVENTS.append(f"{method} {path.partition('?')[0]}")
    if path.startswith("/groups"):
        return 200, [{"name": "course-c-student", "users": ["ana"]}]
    return HUB.get((method, path), 204), None


HUB: dict[tuple[str, str], int] = {}


@pytest.fixture(autouse=True)
def nothing_left():
    for one in (HOMES, EVENTS, FAILS, HUB):
        one.clear()


@pytest.fixture
def store():
    made = AccountStore("sqlite:///:memory:")
    made.add("ana", hash_password("her first words", FAST))
    made.set_password("ana", hash_password("her own words", FAST), one_time=False)
    return made


@pytest.fixture
def people(store, tmp_path):
    return People(store, hub, Homes(tmp_path, "p", "image"), lambda password: hash_password(password, FAST))


def test_a_reset_replaces_the_password_and_ends_what_is_open(people, store):
    password = people.reset("ana")
    account = store.find("ana")
    assert account.one_time and matches(password, account.password_hash)
    assert EVENTS == ["DELETE /people/ana/sessions"], "and the lab goes on"


def test_a_lock_is_stored_before_the_lab_stops_and_tokens_end_after_it(people, store):
    said = people.lock("ana")
    assert store.find("ana").locked and "UNLOCK=1" in said
    assert EVENTS == ["DELETE /users/ana/server", "DELETE /people/ana/sessions"]
    assert "already" in people.lock("ana") and len(EVENTS) == 4, "the hub's part is done again"
    assert "can log in again" in people.unlock("ana") and not store.find("ana").locked
    assert "was not locked" in people.unlock("ana")


def test_a_hub_that_fails_leaves_somebody_locked_out(people, store):
    HUB["DELETE", "/people/ana/sessions"] = 500
    with pytest.raises(Refused, match="Run the same command again"):
        people.lock("ana")
    assert store.find("ana").locked


def test_a_lab_that_does_not_stop_is_said(people, monkeypatch):
    monkeypatch.setattr(people_module, "STOP_SECONDS", 0)
    HUB["DELETE", "/users/ana/server"] = 202
    with pytest.raises(Refused, match="could not be stopped"):
        people.lock("ana")


def test_a_removal_archives_first(people, store):
    HOMES.add("ana")
    said = people.remove("ana", print)
    assert "ana.tar.gz" in said and "c (student)" in said
    order = [
        "DELETE /users/ana/server",
        "DELETE /people/ana/sessions",
        "keep ana",
        "GET /groups",
        "DELETE /users/ana",
        "remove ana",
    ]
    assert EVENTS == order and store.find("ana") is None


def test_nothing_is_removed_when_the_archive_fails(people, store):
    HOMES.add("ana")
    FAILS.append(True)
    with pytest.raises(Refused, match="No space left"):
        people.remove("ana", print)
    assert HOMES == {"ana"} and not store.find("ana").locked and "DELETE /users/ana" not in EVENTS
    people.lock("ana")
    with pytest.raises(Refused):
        people.remove("ana", print)
    assert store.find("ana").locked, "whoever was locked before stays locked"


def test_nothing_is_removed_when_the_hub_refuses_and_again_finishes_it(people, store):
    HOMES.add("ana")
    HUB["DELETE", "/users/ana"] = 500
    with pytest.raises(Refused, match="is archived, but"):
        people.remove("ana", print)
    assert HOMES == {"ana"} and store.find("ana").locked
    HUB.clear()
    people.remove("ana", print)
    assert HOMES == set() and store.find("ana") is None


def test_a_home_that_was_left_over_is_archived_without_an_account(people):
    HOMES.add("bia")
    assert "bia.tar.gz" in people.remove("bia", print)


def test_somebody_who_never_had_a_lab_is_removed(people, store):
    assert "no lab was ever started" in people.remove("ana", print) and store.find("ana") is None


@pytest.mark.parametrize("job", ["reset", "lock", "unlock", "remove"])
def test_nobody_is_refused(capsys, people, job):
    assert person.main([job, "nobody"], people) == 2
    assert "nobody has no account" in capsys.readouterr().err


def test_the_command_line_prints_a_password_on_a_line_of_its_own(capsys, people):
    assert person.main(["reset", " Ana "], people) == 0
    assert re.search(r"^    [a-z2-9-]{14}$", capsys.readouterr().out, re.MULTILINE)


def test_an_account_that_is_there_gets_no_archive(people):
    with pytest.raises(Refused, match="has an account already"):
        people.restore("ana", "x.tar.gz", print)


# The archive itself


def test_what_was_cut_off_is_no_archive(tmp_path):
    path = tmp_path / "x.part"
    with pytest.raises(ArchiveError, match="in the middle"):
        archives_module._write(path, iter([b"half a tar"]), print)


def test_what_is_read_back_must_be_what_was_written(tmp_path):
    path = tmp_path / "x.part"
    written = archives_module._write(path, iter([bytes(10240)]), print)
    assert path.stat().st_mode & 0o777 == 0o600
    archives_module._read_back(path, written)
    path.write_bytes(gzip.compress(bytes(20480)))
    with pytest.raises(ArchiveError, match="not what was written"):
        archives_module._read_back(path, written)


def test_what_a_killed_hub_left_of_an_archive_goes_and_nothing_else(tmp_path):
    names = ["ana-20261126-090000.tar.gz.part", "ana-20261126-090000.tar.gz", "ana-b-20261126-090000.tar.gz.part"]
    for name in names:
        (tmp_path / name).touch()
    Archives(tmp_path, "p", "image")._forget_halves("ana")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])


@pytest.mark.parametrize("wanted", ["nothing.tar.gz", "../../etc/passwd", "x.zip", ""])
def test_an_archive_that_is_not_there_is_refused(tmp_path, wanted):
    with pytest.raises(ArchiveError, match="There is no archive"):
        Archives(tmp_path, "p", "image").find(wanted)
