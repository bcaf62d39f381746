"""The operator's command line, on a database in memory and on a file that two processes share."""

import re

import pytest
from jupyterhub import orm

from lab_hub import account_store, accounts
from lab_hub.account_store import AccountStore, matches

FAST = 4
PASSWORD = re.compile(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b")


@pytest.fixture(autouse=True)
def fast_hashes(monkeypatch):
    slow = account_store.hash_password
    monkeypatch.setattr(accounts, "hash_password", lambda password: slow(password, FAST))


@pytest.fixture
def store():
    return AccountStore("sqlite:///:memory:")


def run(capsys, store, *arguments):
    status = accounts.main(arguments, store)
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_add_prints_the_password_once_and_keeps_a_hash(capsys, store):
    status, out, _ = run(capsys, store, "add", "ana")
    (password,) = PASSWORD.findall(out)
    account = store.find("ana")
    assert status == 0 and "(student)" in out
    assert account.one_time and matches(password, account.password_hash)
    assert password.encode() not in account.password_hash


def test_add_makes_the_hubs_user_too(capsys, store):
    run(capsys, store, "add", "ana")
    run(capsys, store, "add", "boss", "--admin")
    with store._sessions() as db:
        assert {user.name: user.admin for user in db.query(orm.User)} == {"ana": False, "boss": True}
    assert store.find("boss").make_admin and not store.find("ana").make_admin


def test_a_name_is_lower_case(capsys, store):
    run(capsys, store, "add", "Ana")
    assert store.find("ana") is not None


@pytest.mark.parametrize("name", ["a b", "../x", "joão", "", "-x."])
def test_an_impossible_name_is_refused(capsys, store, name):
    status, out, err = run(capsys, store, "add", "--", name)
    assert (status, out) == (2, "") and "cannot be a user's name" in err


def test_a_second_account_of_a_name_is_refused_and_nothing_changes(capsys, store):
    run(capsys, store, "add", "ana")
    before = store.find("ana")
    status, out, err = run(capsys, store, "add", "ana", "--admin")
    assert (status, out) == (2, "") and "already has an account" in err and "make user NAME=ana RESET=1" in err
    assert store.find("ana") == before


def test_the_first_administrator_is_made_once(capsys, store, tmp_path):
    file = tmp_path / "password"
    file.write_text("abcde-fghjk-mnpqr\n")
    assert run(capsys, store, "ensure-admin", "admin", "--password-file", str(file))[0] == 0
    made = store.find("admin")
    assert made.one_time and made.make_admin and matches("abcde-fghjk-mnpqr", made.password_hash)
    file.write_text("another-one-entirely")
    status, out, _ = run(capsys, store, "ensure-admin", "admin", "--password-file", str(file))
    assert status == 0 and "nothing changed" in out and store.find("admin") == made


@pytest.mark.parametrize("content", [None, "", "short"])
def test_a_bad_password_file_is_refused(capsys, store, tmp_path, content):
    file = tmp_path / "password"
    if content is not None:
        file.write_text(content)
    status, out, err = run(capsys, store, "ensure-admin", "admin", "--password-file", str(file))
    assert (status, out) == (2, "") and str(file) in err
    assert store.find("admin") is None


def test_a_removed_name_can_be_used_again(capsys, store):
    run(capsys, store, "add", "ana")
    store.remove("ana")
    assert store.find("ana") is None
    assert run(capsys, store, "add", "ana")[0] == 0


def test_a_choice_for_an_older_password_does_not_count(store):
    store.add("ana", account_store.hash_password("one time only", FAST))
    seen = store.find("ana").issued_at
    assert store.set_password("ana", b"reset meanwhile", one_time=True)
    assert not store.set_password("ana", b"too late", one_time=False, issued_at=seen)
    assert store.find("ana").password_hash == b"reset meanwhile"


def test_a_hash_of_unknown_origin_counts_as_one_time(store):
    with store._sessions.begin() as db:
        db.add(account_store.UserInfo(username="old", password=b"x", is_authorized=True))
    assert store.find("old").one_time


def test_two_processes_share_the_file(tmp_path):
    url = f"sqlite:///{tmp_path / 'hub.sqlite'}"
    one, other = AccountStore(url), AccountStore(url)
    one.add("ana", b"x")
    assert other.find("ana").one_time
    with other._sessions() as db:
        assert db.connection().exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
