"""What those who teach decide, and what a student sees of it: over HTTP, as their browsers send it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from exercises.service.models import GRADE, Job, Mark
from tests.exercises.service.classroom import form_word, signed_in
from tests.exercises.service.samples import EXERCISE, SECRET, exercise, grade_all, pushed, submission


class Desk:
    """A teacher's browser."""

    def __init__(self, service, people) -> None:
        self.service, self.people = service, people
        self.browser = signed_in(service, people.teacher)
        self.board = f"desk/{people.course}/exercises/{EXERCISE}"
        self.extension = f"{self.board}/people/ana-{people.course}/extension"

    def send(self, path: str, **fields: str):
        data = {"word": form_word(self.browser), **fields}
        return self.browser.post(self.service.url + path, data=data, allow_redirects=False, timeout=20)

    def page(self, path: str) -> str:
        answer = self.browser.get(self.service.url + path, timeout=20)
        assert answer.ok, answer.text
        return answer.text

    def hand_in(self, who: str = "ana"):
        path = f"/api/courses/{self.people.course}/exercises/{EXERCISE}/submissions"
        return self.service.ask("POST", path, getattr(self.people, who), data=submission())

    def seen(self, who: str = "ana") -> dict:
        path = f"/api/courses/{self.people.course}/exercises/{EXERCISE}"
        return self.service.ask("GET", path, getattr(self.people, who)).json()


@pytest.fixture
def desk(service, people):
    pushed(service, people, EXERCISE, data=exercise(attempts=2), due="2026-03-02T13:00Z")
    return Desk(service, people)


def test_points_and_a_comment_by_hand_stand_beside_the_checks(desk, service, people):
    made = desk.hand_in().json()["id"]
    grade_all(service, 4.0)
    page = f"submissions/{made}/desk"
    answer = desk.send(f"submissions/{made}/mark", points="1,5", comment="Nicely\r\nwritten <b>")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/services/exercises/{page}")
    assert "5.5 of 10" in desk.page(page) and "4 by the checks, +1.5 by hand" in desk.page(page)
    assert "Nicely\nwritten &lt;b&gt;" in desk.page(page)
    told = service.ask("GET", f"/api/submissions/{made}/feedback", people.ana).json()
    assert (told["points"], told["by_checks"], told["by_hand"], told["comment"]) == (5.5, 4.0, 1.5, "Nicely\nwritten <b>")
    assert desk.seen()["grade"] == 5.5
    # The last one counts, what was given before is kept, and a regrade takes nothing away.
    desk.send(f"submissions/{made}/mark", points="-9", comment="")
    assert desk.seen()["grade"] == 0
    desk.send(f"submissions/{made}/mark", points="2")
    desk.send(f"submissions/{made}/regrade")
    grade_all(service, 10.0)
    assert desk.seen()["grade"] == 12
    with service.database.read() as session:
        assert [one.points for one in session.scalars(select(Mark))] == [1.5, -9, 2]


def test_a_grader_who_learns_here_too_gives_themselves_nothing(desk, service, people):
    made = desk.hand_in("grader").json()["id"]
    browser = signed_in(service, people.grader)
    data = {"word": form_word(browser), "points": "10"}
    answer = browser.post(service.url + f"submissions/{made}/mark", data=data, allow_redirects=False, timeout=20)
    assert answer.status_code == 422 and "your own work" in answer.text and desk.seen("grader")["grade"] is None


def test_what_is_no_number_of_points_changes_nothing(desk, service):
    made = desk.hand_in().json()["id"]
    for points in ("many", "nan", "1e99", "--1"):
        answer = desk.send(f"submissions/{made}/mark", points=points, comment="kept out")
        assert answer.status_code == 422 and "Nothing was changed" in answer.text
    assert "kept out" not in desk.page(f"submissions/{made}/desk")


def test_an_extension_is_one_students_own(desk, clock):
    clock.pass_(hours=2)
    assert desk.hand_in().status_code == desk.hand_in("bruno").status_code == 409
    assert desk.send(desk.extension, due="2026-03-02T15:00", attempts="1").status_code == 303
    assert "due Mon 02 Mar, 15:00 UTC, 1 added to the attempts" in desk.page(desk.extension.removesuffix("/extension"))
    assert (desk.seen()["due"], desk.seen()["attempts_left"]) == ("2026-03-02T15:00:00+00:00", 3)
    taken = [desk.hand_in() for _ in range(4)]
    assert [one.status_code for one in taken] == [201, 201, 201, 409]
    assert taken[0].json()["late_seconds"] == 0
    assert desk.hand_in("bruno").status_code == 409 and desk.seen("bruno")["attempts_left"] == 2
    # Taken back by empty fields.
    desk.send(desk.extension, due="", attempts="")
    assert desk.seen()["due"] == "2026-03-02T13:00:00+00:00"


def test_an_extension_that_is_none_is_refused(desk):
    late = {"due": "2026-03-02T13:00"}
    for fields, why in (({"due": "soon"}, "is no time"), (late, "not later than"), ({"attempts": "-1"}, "no number of attempts")):
        answer = desk.send(desk.extension, **fields)
        assert answer.status_code == 422 and why in answer.text
    assert desk.seen()["due"] == "2026-03-02T13:00:00+00:00"


def test_closed_takes_nothing_until_it_is_opened_and_lets_in_whom_it_is_opened_for(desk, clock):
    assert desk.send(desk.board + "/close").status_code == 303
    refused = desk.hand_in()
    assert refused.status_code == 409 and "is closed" in refused.json()["detail"]
    assert desk.seen()["closed"] is True and "closed since" in desk.page(desk.board)
    clock.pass_(minutes=1)
    desk.send(desk.extension, due="2026-03-02T14:00")
    assert (desk.hand_in().status_code, desk.hand_in("bruno").status_code) == (201, 409)
    clock.pass_(hours=3)
    assert desk.hand_in().status_code == 409
    clock.time -= timedelta(hours=3)
    desk.send(desk.board + "/reopen")
    assert desk.hand_in("bruno").status_code == 201


def test_checks_are_revealed_only_once_nothing_is_taken_and_hidden_again_when_it_is(desk, service, people):
    made = desk.hand_in().json()["id"]
    grade_all(service)

    def feedback() -> str:
        return signed_in(service, people.ana).get(service.url + f"submissions/{made}", timeout=20).text

    refused = desk.send(desk.board + "/reveal")
    assert refused.status_code == 422 and "close the exercise first" in refused.text and SECRET not in feedback()
    desk.send(desk.board + "/close")
    assert desk.send(desk.board + "/reveal").status_code == 303 and SECRET in feedback()
    desk.send(desk.board + "/reopen")
    assert SECRET not in feedback()


def test_everything_is_graded_again_against_its_own_version_or_the_newest(desk, service, people):
    for who in ("ana", "bruno"):
        desk.hand_in(who)
    grade_all(service, 4.0)
    pushed(service, people, EXERCISE, data=exercise(attempts=2))
    versions = []

    def queued() -> list[int]:
        with service.database.read() as session:
            return [one.version_id for one in session.scalars(select(Job).where(Job.kind == GRADE, Job.run == len(versions) + 2))]

    for against in ("own", "newest"):
        assert desk.send(desk.board + "/regrade", against=against).status_code == 303
        # Twice is once: what waits already is left alone.
        desk.send(desk.board + "/regrade", against=against)
        assert "2 submissions wait to be graded" in desk.page(desk.board)
        versions.append(queued())
        assert grade_all(service, 10.0) == 2
    own, newest = versions
    assert len(set(own)) == len(set(newest)) == 1 and own != newest and len(own) == len(newest) == 2
    assert desk.seen()["grade"] == 10


def test_a_form_counts_only_from_the_desks_own_page_in_the_same_browser(desk, service, people):
    def post(word: str, **headers: str) -> int:
        url = service.url + desk.board + "/close"
        return desk.browser.post(url, data={"word": word}, headers=headers, allow_redirects=False, timeout=20).status_code

    mine = form_word(desk.browser)
    assert f'name="word" value="{mine}"' in desk.page(desk.board)
    assert post("") == post("guess") == post(form_word(signed_in(service, people.teacher))) == 403
    assert post(mine, Origin="http://elsewhere.example") == post(mine, Origin="null") == 403
    assert post(mine, **{"Sec-Fetch-Site": "same-site"}) == post(mine, **{"Sec-Fetch-Site": "cross-site"}) == 403
    assert desk.browser.post(service.url + desk.board + "/close", data=b"\xff", timeout=20).status_code == 422
    assert desk.seen()["closed"] is False
    assert post(mine, Origin=f"http://127.0.0.1:{service.port}", **{"Sec-Fetch-Site": "same-origin"}) == 303
