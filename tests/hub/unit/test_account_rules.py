"""Names and passwords: what is refused, and that the refusal says what to do."""

import pytest

from lab_hub import account_rules as rules

COMMON = {"1234567890", "qwertyuiop"}


@pytest.mark.parametrize("name", ["ana", "a", "j.silva", "ana-maria", "ana_2", "x" * 32])
def test_good_names(name):
    assert rules.name_problem(name) is None


@pytest.mark.parametrize(
    "name", ["", "Ana", "2ana", "a b", "a/b", "a,b", "-a", "a-", "a..b", "joão", "../x", "a\n", "x" * 33, "{username}"]
)
def test_bad_names_are_refused_with_an_example(name):
    assert "ana, j.silva" in rules.name_problem(name)


@pytest.mark.parametrize("password", ["correct horse", "pão de queijo!", "x7-x7-aa-99", "0123456789abc"])
def test_good_passwords(password):
    assert rules.password_problem(password, password, "ana", COMMON.__contains__) is None


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("short", "5 characters"),
        ("é" * 37, "72 bytes"),
        ("1234567890", "most common"),
        ("QwertyUiop", "most common"),
        ("aaaaaaaaaaaa", "most common"),
        ("i-am-Ana-really", "your name"),
    ],
)
def test_bad_passwords_say_why(password, word):
    assert word in rules.password_problem(password, password, "ana", COMMON.__contains__)


def test_both_must_be_the_same():
    assert "different" in rules.password_problem("correct horse", "correct house", "ana", COMMON.__contains__)


def test_one_time_passwords_are_fresh_readable_and_good_enough():
    made = {rules.one_time_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        assert not set(password) & set("l1o0IO aeiouy") and password == password.lower()
        assert rules.password_problem(password, password, "ana", COMMON.__contains__) is None
