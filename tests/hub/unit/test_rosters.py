"""An import, on a real database: all accounts or none, memberships that can be repeated, and passwords that open."""

import pytest
from sqlalchemy import create_engine

from lab_hub import roster_file, rosters, sealed
from lab_hub.account_store import AccountExists, AccountStore, NoAccount
from lab_hub.members import Refused
from lab_hub.rosters import Importer

KEY = "a key that is in no database"
CLASS = b"name,full name,e-mail,course,role\nana,Ana,ana@x.org,c,student\nbia,Bia,bia@x.org,c,grader\n"


class Groups:
    """The hub's groups as its API gives them; `stop_at` makes it fail there, as a hub that goes away does."""

    def __init__(self):
        self.groups, self.stop_at = {}, ""

    def __call__(self, method, path, body):
        path = path.partition("?")[0]
        if self.stop_at and self.stop_at in path:
            raise Refused("the hub is gone")
        if path == "/groups":
            return 200, [{"name": name, "users": sorted(users)} for name, users in self.groups.items()]
        name, _, users = path.removeprefix("/groups/").partition("/")
        members = self.groups.setdefault(name, set())
        if not users:
            return 201, {}
        change = members.update if method == "POST" else members.difference_update
        change(body["users"])
        return 200, {}


@pytest.fixture
def groups():
    return Groups()


@pytest.fixture
def store():
    return AccountStore("sqlite:///:memory:")


@pytest.fixture
def importer(store, groups):
    return Importer(store, groups, KEY)


def bring(importer, content=CLASS, **options):
    roster = roster_file.read(content)
    return importer.apply(roster, importer.plan(roster, **options))


def test_accounts_details_memberships_and_slips(importer, store, groups):
    done = bring(importer)
    assert [(slip.name, slip.full_name, slip.courses) for slip in done.slips] == [
        ("ana", "Ana", ("c (student)",)),
        ("bia", "Bia", ("c (grader)",)),
    ]
    assert groups.groups == {"course-c-student": {"ana"}, "course-c-grader": {"bia"}}
    ana = store.known()["ana"]
    assert (ana.full_name, ana.email, ana.never, ana.locked) == ("Ana", "ana@x.org", True, False)
    assert sealed.opens(done.slips[0].password, store.find("ana").password_hash, KEY)


def test_a_second_time_changes_nothing(importer, store):
    bring(importer)
    before = store.find("ana")
    done = bring(importer)
    assert done.plan.empty and done.slips == () and store.find("ana") == before


def test_a_hub_that_stops_half_way_leaves_slips_and_the_rest_to_the_next_run(importer, groups, store):
    groups.stop_at = "course-c-student/users"
    done = bring(importer)
    assert len(done.slips) == 2 and "c as student" in done.partly and "the hub is gone" in done.partly
    groups.stop_at = ""
    again = bring(importer)
    assert again.slips == () and again.partly == ""
    assert groups.groups["course-c-student"] == {"ana"}


def test_one_account_that_cannot_be_made_keeps_all_from_being_made(importer, store):
    roster = roster_file.read(CLASS)
    plan = importer.plan(roster)
    # Somebody is faster.
    store.add("bia", b"x")
    with pytest.raises(rosters.Refused, match="bia"):
        importer.apply(roster, plan)
    assert store.find("ana") is None and store.find("bia").password_hash == b"x"


def test_a_database_that_is_locked_is_said(tmp_path, groups):
    url = f"sqlite:///{tmp_path / 'hub.sqlite'}"
    store = AccountStore(url)
    store._sessions.kw["bind"].dispose()
    with store._sessions.kw["bind"].connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        store._sessions.configure(bind=create_engine(url, connect_args={"timeout": 0.1}))
        with pytest.raises(rosters.Refused, match="database is locked.*Nothing was changed"):
            bring(Importer(store, groups, KEY))
        other.exec_driver_sql("ROLLBACK")
    assert len(bring(Importer(store, groups, KEY)).slips) == 2


def test_new_slips_replace_the_old_ones(importer, store):
    old = bring(importer).slips[0]
    store.set_password("bia", b"her own", one_time=False)
    (new,) = bring(importer, slips=True).slips
    stored = store.find("ana").password_hash
    assert new.name == "ana" and sealed.opens(new.password, stored, KEY) and not sealed.opens(old.password, stored, KEY)


def test_many_accounts_are_one_transaction(store):
    store.add("ana", b"x")
    with pytest.raises(AccountExists):
        store.enrol({"new": b"x", "ana": b"y"}, {}, {})
    with pytest.raises(NoAccount):
        store.enrol({"new": b"x"}, {"nobody": b"y"}, {})
    assert list(store.known()) == ["ana"]


def test_whoever_was_there_before_the_table_of_people_is_known(store):
    store.add("ana", b"x")
    assert store.known()["ana"].never
    store.set_password("ana", b"own", one_time=False)
    store.set_password("ana", b"reset", one_time=True)
    known = store.known()["ana"]
    assert known.one_time and not known.never


def test_a_sealed_password_tells_nothing_without_the_key():
    stored = sealed.seal("abcd-efgh-2345", KEY)
    assert sealed.is_sealed(stored) and not sealed.is_sealed(b"$2b$12$whatever")
    assert sealed.opens("abcd-efgh-2345", stored, KEY)
    assert not sealed.opens("abcd-efgh-2346", stored, KEY)
    assert not sealed.opens("abcd-efgh-2345", stored, "another key") and not sealed.opens("abcd-efgh-2345", stored, "")
    assert sealed.seal("abcd-efgh-2345", KEY) != stored
