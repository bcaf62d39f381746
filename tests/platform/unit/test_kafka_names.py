"""Names on the broker: as the person's where that is safe, and never two people's."""

import itertools
import re

import pytest

from lab_platform.keys.kafka_names import SHARED, login, prefix, user

NAMES = ["ana", "ana2", "ana.b", "ana_b", "ana-b", "ana@b", "ana-2eb", "ana.", "a.na", "shared", "shared2", "admin",
         "platform-admin", "b@school.org", "-73hared"]


@pytest.mark.parametrize(("user", "expected"), [
    ("ana", "ana"), ("bruno7", "bruno7"), ("ana.b", "ana-2Eb"), ("ana-b", "ana-2Db"), ("ana_b", "ana-5Fb"), ("a@b", "a-40b"),
    ("shared", "-73hared"),
])
def test_a_plain_name_stays_and_the_rest_is_escaped(user, expected):
    assert login(user) == expected
    assert prefix(user) == f"{expected}."


@pytest.mark.parametrize("name", NAMES)
def test_from_the_brokers_name_back_to_the_persons(name):
    assert user(login(name)) == name


NOBODYS = ["platform-admin", "ANONYMOUS", "*", "", "ana-", "ana-2", "ana-2e", "ana_b", "-61na", "shared", "-FF", "ana-2EB"]


@pytest.mark.parametrize("name", NOBODYS)
def test_a_name_that_nobody_is_given_is_nobodys(name):
    assert user(name) is None


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(NAMES, 2)))
def test_nobody_has_anothers_name_nor_owns_anothers_topics(one, other):
    assert login(one) != login(other)
    # Kafka takes a dot and an underscore for the same.
    topic = f"{prefix(other)}flights".replace("_", ".")
    assert not topic.startswith(prefix(one))


@pytest.mark.parametrize("user", NAMES)
def test_a_name_is_one_that_a_topic_may_begin_with(user):
    assert re.fullmatch(r"[a-zA-Z0-9-]+\.", prefix(user))
    assert prefix(user) != SHARED
    assert login(user) not in ("platform-admin", "ANONYMOUS")
