"""`make member`, as far as it is Python: against a real hub, with the scopes that it has in a class."""

import secrets

import pytest

from lab_hub import members


@pytest.fixture
def ask(hub):
    return members.asker(hub.api, hub.operator_token)


@pytest.fixture
def course():
    return "c" + secrets.token_hex(4)


def test_a_member_is_in_with_the_service_and_out_again(hub, service, ask, course):
    token = hub.token(f"ana-{course}")
    assert members.add(ask, course, "student", [f"ana-{course}"]) == f"ana-{course} is student of {course}."
    path = f"/api/courses/{course}/exercises"
    assert service.ask("GET", path, token).status_code == 200
    assert f"{course:<20} student      ana-{course}" in members.listed(ask).splitlines()
    assert "no longer student" in members.remove(ask, course, "student", [f"ana-{course}"])
    assert "nothing changed" in members.remove(ask, course, "student", [f"ana-{course}"])
    assert f"ana-{course}" not in members.listed(ask)


def test_a_list_with_somebody_unknown_is_refused_whole(hub, ask, course):
    hub.token(f"ana-{course}")
    with pytest.raises(members.Refused, match=f"nobody-{course} has no account. Make one: make user NAME=nobody-{course}"):
        members.add(ask, course, "student", [f"ana-{course}", f"nobody-{course}"])
    assert course not in members.listed(ask)


@pytest.mark.parametrize(("course", "role", "said"), [("Spark 1", "student", "course's name"), ("", "student", "course's name"),
                                                      ("spark1", "teacher", "no role"), ("a/../../users/x", "student", "name")])
def test_what_is_no_course_or_role_never_reaches_the_hub(course, role, said):
    def ask(*_):
        raise AssertionError("the hub was asked")

    for change in (members.add, members.remove):
        with pytest.raises(members.Refused, match=said):
            change(ask, course, role, ["ana"])


def test_a_hub_that_is_away_is_said_so():
    with pytest.raises(members.Refused, match="make status"):
        members.listed(members.asker("http://127.0.0.1:9/hub/api", "x"))
