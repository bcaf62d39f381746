"""The desk over HTTP: what an instructor sees of a student's afternoon, and what no browser may do."""

import gzip
import json

import pytest

from exercises.runner import archive
from tests.exercises.service.classroom import signed_in
from tests.exercises.service.samples import EXERCISE, grade_all, notebook
from tests.exercises.service.samples import submission as handed_in
from tests.exercises.student.samples import hand_out, student_version


@pytest.fixture
def versioned(service, people):
    """An exercise of which the service knows the visible checks."""
    about = {"checks": [{"name": "there is a table", "points": 4, "message": ""}]}
    hand_out(service, people, {**student_version(), ".exercise/exercise.json": json.dumps(about).encode()})
    return f"/api/courses/{people.course}/exercises/{EXERCISE}"


def desk(service, people, path: str, who: str = "teacher"):
    return signed_in(service, getattr(people, who)).get(service.url + path.lstrip("/"), allow_redirects=False, timeout=20)


def test_a_students_afternoon_is_on_the_board(service, people, versioned, clock):
    board = f"desk/{people.course}/exercises/{EXERCISE}"
    assert "2 in the class: 0 fetched, 0 submitted, 0 with full marks, 0 stuck." in desk(service, people, board).text
    assert service.ask("GET", versioned + "/student", people.ana).status_code == 200
    for passed in (False, False, False, False):
        clock.pass_(minutes=1)
        told = json.dumps({"checks": {"there is a table": passed, "<b>made up</b>": True}})
        assert service.ask("POST", versioned + "/checks", people.ana, data=told).status_code == 204
    page = desk(service, people, board)
    assert "2 in the class: 1 fetched, 0 submitted, 0 with full marks, 1 stuck." in page.text
    assert "0 of 1 pass" in page.text and "not yet: there is a table" in page.text and "made up" not in page.text
    assert "Mon 02 Mar, 12:01 UTC" in page.text and "3 tries since" in page.text
    # A teacher who looks at it is no student.
    assert service.ask("GET", versioned + "/student", people.teacher).status_code == 200
    assert f"teacher-{people.course}" not in desk(service, people, board).text.partition("<main")[2]
    service.ask("POST", versioned + "/submissions", people.ana, data=handed_in())
    grade_all(service)
    assert "1 submitted, 1 with full marks, 0 stuck." in desk(service, people, board).text
    assert ">10</a>" in desk(service, people, f"desk/{people.course}").text


def test_a_report_that_is_none_is_refused_and_a_large_one_not_read(service, people, versioned):
    refused = service.ask("POST", versioned + "/checks", people.ana, data=b"[]")
    assert refused.status_code == 422 and '{"checks":' in refused.json()["detail"]
    assert service.ask("POST", versioned + "/checks", people.ana, data=bytes(70_000)).status_code == 413


def test_the_executed_notebook_is_shown_without_rights(service, people, handed_out):
    from exercises.service.models import Grade

    made = service.ask("POST", handed_out + "/submissions", people.ana, data=handed_in("mine = 1")).json()["id"]
    page = f"submissions/{made}/notebook"
    assert "has not been graded yet" in desk(service, people, page).text and "mine = 1" in desk(service, people, page).text
    grade_all(service)
    assert "This is what was handed in" in desk(service, people, page).text
    left = json.loads(notebook("answer = <i>1</i>"))
    html = "<table onclick='x()'><tr><td>Centre</td></tr></table><script>fetch('/')</script>"
    left["cells"][0]["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": {"text/html": html}}]
    with service.database.write() as session:
        (grade,) = session.query(Grade).filter_by(submission_id=made)
        grade.executed = service.store.put(gzip.compress(json.dumps(left).encode()))
    answer = desk(service, people, page)
    policy = {part.strip() for part in answer.headers["Content-Security-Policy"].split(";")}
    assert {"default-src 'none'", "sandbox", "form-action 'none'"} <= policy and "script-src" not in str(policy)
    assert "<table><tr><td>Centre</td></tr></table>" in answer.text and "answer = &lt;i&gt;1&lt;/i&gt;" in answer.text
    assert "fetch(" not in answer.text and "onclick" not in answer.text
    frame = desk(service, people, f"submissions/{made}/desk").text
    assert f'<iframe class="notebook" sandbox title="The executed notebook" src="/services/exercises/{page}">' in frame
    with service.database.read() as session:
        kept = session.query(Grade).filter_by(submission_id=made).one().executed
    (service.store.root / kept[:2] / kept).unlink()
    lost = desk(service, people, page)
    assert lost.status_code == 200 and "the run left is lost" in lost.text and "mine = 1" in lost.text
    # It was run on the graders' data: not even its student sees it.
    assert desk(service, people, page, "ana").status_code == 404


def test_grades_are_taken_away_in_each_form(service, people, handed_out):
    service.ask("POST", handed_out + "/submissions", people.ana, data=handed_in())
    grade_all(service, 10.0)
    for form, beginning in (("table", "\ufeffuser,"), ("moodle", "username,"), ("canvas", "Student,ID,")):
        answer = desk(service, people, f"desk/{people.course}/grades.csv?form={form}")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="grades-{people.course}-{form}.csv"'
        assert answer.content.decode().startswith(beginning)
        assert [line for line in answer.text.splitlines() if f"ana-{people.course}" in line and "10" in line]
    assert desk(service, people, f"desk/{people.course}/grades.csv?form=xml").status_code == 422


def test_only_the_desk_may_run_its_script_and_nobody_may_frame_it(service, people, handed_out):
    policy = desk(service, people, f"desk/{people.course}/exercises/{EXERCISE}").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert "script-src" not in desk(service, people, "").headers["Content-Security-Policy"]
    assert f'href="/services/exercises/desk/{people.course}"' in desk(service, people, "").text
    assert "Open the desk" not in desk(service, people, "", "ana").text


def test_what_was_handed_in_before_keeps_its_own_archive(service, people, handed_out):
    made = service.ask("POST", handed_out + "/submissions", people.ana, data=handed_in("mine = 1")).json()["id"]
    back = service.ask("GET", f"/api/submissions/{made}/files", people.teacher)
    assert b"mine = 1" in archive.unpack(back.content)["notebook.ipynb"]
