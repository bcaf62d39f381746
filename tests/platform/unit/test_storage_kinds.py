"""The servers that the object storage can be: what is asked of each, and how one is told from another."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from lab_platform.keys.storage_kinds import KINDS, SeaweedFS, Versitygw
from lab_platform.keys.storage_server import Server, StorageError, _plain

ACCOUNT = "ana.b@school.org.6b084aa90a0b0c0d0e0f"


class Asked(list):
    """Notes what is asked, and gives one answer to everything."""

    def __init__(self, answer: str = "") -> None:
        self.answer = answer.encode()

    def __call__(self, question) -> bytes:
        self.append(question)
        return self.answer


def fields(question) -> dict[str, str]:
    return {name: value[0] for name, value in parse_qs(question.body).items()}


def test_seaweedfs_gets_a_user_and_then_its_key_and_either_may_be_there_already():
    ask = Asked()
    SeaweedFS().add(ask, ACCOUNT, "secret&more")
    user, key = map(fields, ask)
    assert (user["Action"], user["UserName"]) == ("CreateUser", ACCOUNT)
    assert (key["Action"], key["UserName"], key["SecretAccessKey"]) == ("CreateAccessKey", ACCOUNT, "secret&more")
    assert {one.known for one in ask} == {("EntityAlreadyExists",)} and {one.service for one in ask} == {"iam"}


def test_seaweedfs_loses_the_key_before_the_user():
    """What has no key can do nothing, should the second request fail."""
    ask = Asked()
    SeaweedFS().remove(ask, ACCOUNT)
    assert [fields(one)["Action"] for one in ask] == ["DeleteAccessKey", "DeleteUserPolicy", "DeleteUser"]
    assert fields(ask[0])["AccessKeyId"] == SeaweedFS().access_key(ACCOUNT)


def test_a_key_of_seaweedfs_has_only_the_characters_that_it_takes():
    names = [ACCOUNT, ACCOUNT + "1", "a" * 64 + ".0a", "shared.0a"]
    made = {SeaweedFS().access_key(name) for name in names}
    assert len(made) == len(names)
    assert all(re.fullmatch("[a-zA-Z0-9]{4,128}", key) for key in made)


def test_the_storages_own_account_is_nobodys():
    answer = "<R xmlns='x'><Users><m><UserName>{}</UserName></m><m><UserName>storage</UserName></m></Users></R>"
    assert SeaweedFS().accounts(Asked(answer.format(ACCOUNT))) == [ACCOUNT]


def test_versitygw_knows_an_account_by_its_name():
    ask = Asked()
    Versitygw().add(ask, "a<b.0a", "secret")
    assert "<Access>a&lt;b.0a</Access>" in ask[0].body and "<Role>user</Role>" in ask[0].body
    assert Versitygw().access_key(ACCOUNT) == ACCOUNT


def test_rights_are_the_accounts_or_the_buckets():
    ask = Asked()
    Versitygw().rights(ask, ACCOUNT, {"Statement": []})
    assert ask == [] and Versitygw().by_bucket
    SeaweedFS().rights(ask, ACCOUNT, {"Statement": ["x"]})
    assert (fields(ask[0])["Action"], fields(ask[0])["PolicyDocument"]) == ("PutUserPolicy", '{"Statement": ["x"]}')
    assert not SeaweedFS().by_bucket


def test_a_policy_that_came_back_shortened_is_the_same():
    long = {"Statement": [{"Action": ["a"], "Resource": ["x", "y"]}, {"Action": ["b"]}]}
    assert _plain(long) == _plain({"Statement": [{"Action": "a", "Resource": ["x", "y"]}, {"Action": "b"}]})
    assert _plain(long) != _plain({"Statement": [{"Action": "a", "Resource": ["x"]}, {"Action": "b"}]})
    assert _plain(None) is None


@pytest.fixture
def calling_itself():
    """A server that calls itself as one likes; gives (say, where it answers)."""
    said = {"name": ""}

    class Handler(BaseHTTPRequestHandler):
        def version_string(self) -> str:
            return said["name"]

        def do_GET(self) -> None:
            self.send_error(403)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    yield lambda name: said.update(name=name) or Server(address, address, "us-east-1", "key", "secret")
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("name", "kind"), [("VERSITYGW", "versitygw"), ("SeaweedFS 30GB 4.53", "seaweedfs")])
def test_a_server_says_itself_what_it_is(calling_itself, name, kind):
    assert calling_itself(name).kind() is KINDS[kind]


def test_a_server_that_nobody_knows_is_named(calling_itself):
    with pytest.raises(StorageError, match="calls itself 'Ceph'(.|\n)*versitygw, seaweedfs"):
        calling_itself("Ceph").kind()
