"""Who has fetched, which checks pass, who submitted, and who has got no further since when."""

import pytest

from exercises.service import progress
from exercises.service.desk import board


def rows(lesson, members=("ana", "bruno"), sort=board.BY_NAME):
    with lesson.database.read() as session:
        return board.rows(session, lesson.exercise, members, sort)


def row(lesson, user="ana"):
    return next(one for one in rows(lesson) if one.user == user)


def fetched(lesson, user, minute, version=1):
    with lesson.database.write() as session:
        progress.fetched(session, lesson.exercise, user, version, lesson.at(minute))


def checked(lesson, user, minute, **checks):
    with lesson.database.write() as session:
        progress.checked(session, lesson.exercise, user, checks, lesson.at(minute))


def test_everybody_of_the_course_is_on_it_and_who_left_with_work_too(lesson):
    lesson.submitted("carla", 1, 10.0)
    found = rows(lesson)
    assert [(one.user, one.member) for one in found] == [("ana", True), ("bruno", True), ("carla", False)]
    assert board.summary(found) == board.Summary(people=3, fetched=1, submitted=1, full=1, stuck=0, waiting=0)


def test_the_first_fetch_is_told_and_the_version_of_the_last(lesson):
    fetched(lesson, "ana", 1)
    fetched(lesson, "ana", 30, version=2)
    assert (row(lesson).fetched, row(lesson).fetched_at) == (2, lesson.at(1))


def test_whichever_was_later_says_which_visible_checks_pass(lesson):
    checked(lesson, "ana", 1, rows=True, totals=False)
    assert (row(lesson).passed, row(lesson).missing) == (("rows",), ("totals",))
    lesson.submitted("ana", 5, 4.0, checks={"rows": True, "totals": True})
    assert row(lesson).missing == ()
    checked(lesson, "ana", 9, rows=False, totals=False)
    assert row(lesson).missing == ("rows", "totals")


def test_stuck_is_who_tried_three_times_without_getting_further_since_they_last_did(lesson):
    checked(lesson, "ana", 1, rows=False, totals=False)
    checked(lesson, "ana", 4, rows=True, totals=False)
    for minute in (6, 8):
        checked(lesson, "ana", minute, rows=True, totals=False)
    assert row(lesson).stuck_since is None
    # Losing what passed before is no way further, and neither is getting it back.
    checked(lesson, "ana", 10, rows=False, totals=False)
    assert (row(lesson).stuck_since, row(lesson).tries) == (lesson.at(4), 3)
    checked(lesson, "ana", 12, rows=True, totals=False)
    assert row(lesson).tries == 4
    checked(lesson, "ana", 14, rows=True, totals=True)
    assert row(lesson).stuck_since is None


def test_submissions_that_gain_nothing_count_as_tries_and_full_marks_end_it(lesson):
    lesson.submitted("ana", 1, 4.0)
    for minute in (2, 3, 4):
        lesson.submitted("ana", minute, 4.0)
    assert (row(lesson).stuck_since, row(lesson).tries) == (lesson.at(1), 3)
    assert [one.user for one in rows(lesson, sort=board.BY_STUCK)] == ["ana", "bruno"]
    lesson.submitted("ana", 5, 10.0)
    assert row(lesson).stuck_since is None and row(lesson).best.number == 5


def test_the_best_counts_and_what_waits_has_no_points(lesson):
    lesson.submitted("bruno", 1, 7.0)
    lesson.submitted("bruno", 2, 3.0)
    lesson.submitted("bruno", 3, None)
    found = row(lesson, "bruno")
    assert (found.best.points, found.last.number, found.last.status, found.last.points) == (7.0, 3, "queued", None)


@pytest.mark.parametrize("sort", [board.BY_NAME, board.BY_STUCK, board.BY_POINTS, "nonsense"])
def test_a_board_of_nobody_is_empty(lesson, sort):
    assert rows(lesson, (), sort) == []


@pytest.mark.parametrize("told", [b"", b"{", b"[]", b'{"checks": []}', b'{"checks": {"rows": "yes"}}', b'{"rows": true}'])
def test_what_is_no_report_is_none(told):
    assert progress.read(told) is None
