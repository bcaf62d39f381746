"""The front door's configuration, as text: no way in without the question, and no path that means two things."""

import re

import pytest

from lab_platform.gate.services import SERVICES
from tests.helpers.versions import ROOT

CONFIG = (ROOT / "images/gateway/nginx.conf").read_text()
LOCATIONS = dict(re.findall(r"^    location (\S+(?: \S+)?) \{\n(.*?)^    \}$", CONFIG, re.MULTILINE | re.DOTALL))
LEADING = {place: body for place, body in LOCATIONS.items() if "proxy_pass" in body and not place.startswith("@")}
# The way back from the hub's login, and the question itself.
UNASKED = {"= /services/platform/oauth_callback", r"~ ^/door/check/(?<door_asked>[a-z-]+)$"}


def test_every_service_has_a_way_in():
    assert set(LEADING) - UNASKED == {f"/services/{name}/" for name in [*SERVICES, "platform"]}


@pytest.mark.parametrize("place", sorted(set(LEADING) - UNASKED))
def test_each_asks_for_itself_and_says_who_is_there(place):
    name, body = place.split("/")[2], LEADING[place]
    assert re.findall(r"auth_request (\S+);", body) == [f"/door/check/{name}"]
    assert re.findall(r"set \$door_service (\S+);", body) == [name]
    assert "include /tmp/gateway/asked.conf;" in body and "include /tmp/gateway/handed-on.conf;" in body


@pytest.mark.parametrize("place", sorted(set(LEADING) - UNASKED))
def test_only_the_platform_learns_the_doors_secret(place):
    body = LEADING[place]
    own = "proxy_pass http://$door_gate;" in body
    assert re.findall(r"X-Dataflow-Door (\S+);", body) == ["@DOOR@" if own else '""']


def test_the_question_is_asked_by_the_door_alone():
    assert "internal;" in LOCATIONS[r"~ ^/door/check/(?<door_asked>[a-z-]+)$"]


def test_what_a_person_is_told_by_is_always_the_gates():
    handed = (ROOT / "images/gateway/handed-on.conf").read_text()
    headers = dict(re.findall(r"^proxy_set_header (\S+) (\S+);", handed, re.MULTILINE))
    assert (headers["X-Dataflow-User"], headers["X-Dataflow-Role"]) == ("$door_user", "$door_role")
    assert headers["Cookie"] == headers["Authorization"] == '""'


def plain(path: str) -> bool:
    """What the map says of a path, its patterns read as nginx reads them."""
    rules = re.findall(r'^    "(~\*?)(.*?)" ([01]);$', CONFIG, re.MULTILINE)
    assert len(rules) >= 2
    for kind, pattern, answer in rules:
        if re.search(pattern.replace("\\\\", "\\"), path, re.IGNORECASE if kind == "~*" else 0):
            return answer == "1"
    return False


@pytest.mark.parametrize(
    "path",
    ["/services/storage/", "/services/spark-history", "/services/spark/app/?id=a//b&x=%2e%2e;", "/services/kafka/topics/a.b"],
)
def test_what_people_open_is_plain(path):
    assert plain(path)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/gate/check/storage",
        "/door/check/storage",
        "//services/consul/",
        "/services//consul/",
        "/services/storage/../consul/",
        "/services/storage/..",
        "/services/storage/./x",
        "/services/storage/..;/consul/",
        "/services/storage/%2e%2e/consul/",
        "/services/storage/%2E./consul/",
        "/services/storage/..%2fconsul/",
        "/services/storage/%252e%252e/consul/",
        "/services/storage/..%5cconsul/",
        "/services/storage/..\\consul/",
        "/services/storage/%0d%0aX-Dataflow-User:root",
        "/services/storage/%00",
        "/services/Consul/",
        "/services/consul./",
        "/services/consul;a=b/",
    ],
)
def test_a_path_that_means_two_things_is_none(path):
    assert not plain(path)
