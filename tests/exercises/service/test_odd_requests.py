"""No request is answered by a fault of the service: numbers that no database holds, times that no calendar has, texts, bodies."""

import json
from urllib.parse import quote

import pytest

from exercises.service import clock, decisions
from tests.exercises.service.classroom import form_word, signed_in
from tests.exercises.service.samples import EXERCISE, accept_all, exercise, submission

NUMBERS = ("0", "-1", "9" * 19, "9" * 30, "9" * 5000, "1e3", "²", "٣", "nan", "", "1 ")
LAST = "9999-12-31T23:59"
TIMES = (f"{LAST}-10:00", "0001-01-01T00:00+10:00", "0001-01-01", LAST, "2026-02-30T00:00", "²", "x" * 5000, "9" * 400)
TEXTS = ("", " ", "\0", "a\0b", "\ud7ff", "x" * 5000, "../..", "%00", "' or 1=1 --", "😀")
CHECKS = (b'{"checks": {"a": 1e999}}', b'{"checks": null}', b'{"checks": []}')
BODIES = (*CHECKS, b"", b"{", b"[" * 60_000, b"\xff", b"9" * 5000, b"\x1f\x8b")


@pytest.fixture
def ask(service):
    """`ask(method, path, …)` notes what was answered by a fault; a test ends with none noted."""
    faults = []

    def send(method, path, token="", *, by=None, **more):
        if by is not None:
            answer = by.request(method, service.url + path.lstrip("/"), timeout=30, **more)
        else:
            answer = service.ask(method, path, token, **more)
        if answer.status_code >= 500:
            faults.append(f"{method} {answer.request.url[:160]} {str(more)[:120]}: {answer.status_code} {answer.text[:200]}")
        return answer

    yield send
    assert not faults, "\n".join(faults)


def test_numbers_of_any_kind(ask, service, people, handed_out):
    for number in NUMBERS:
        for token in (people.teacher, people.ana):
            for end in ("", "/source"):
                ask("GET", f"{handed_out}/versions/{quote(number)}{end}", token)
        ask("POST", f"{handed_out}/submissions", people.ana, params={"version": number}, data=submission())
        ask("POST", handed_out, people.teacher, params={"attempts": number}, data=exercise(change=number))
        ask("GET", f"/submissions/{quote(number)}/desk", people.teacher)


def test_times_of_any_kind(ask, service, people, handed_out):
    for number, time in enumerate(TIMES):
        for field in ("due", "opens"):
            ask("POST", handed_out, people.teacher, params={field: time}, data=exercise(change=f"{number} {field}"))
            accept_all(service)
        # What was taken is shown, too.
        browser = signed_in(service, people.ana)
        for path in ("/", f"/courses/{people.course}/{EXERCISE}"):
            ask("GET", path, by=browser)
        ask("GET", handed_out, people.ana)
        ask("GET", f"/desk/{people.course}/exercises/{EXERCISE}", by=signed_in(service, people.teacher))
        ask("POST", f"{handed_out}/submissions", people.ana, data=submission())


def test_texts_of_any_kind(ask, service, people, handed_out):
    browser = signed_in(service, people.teacher)
    exercises = handed_out.rpartition("/")[0]
    for text in TEXTS:
        word = quote(text, safe="")
        for path in (f"/api/courses/{word}/exercises", f"{exercises}/{word}", f"/api/submissions/{word}"):
            for token in (people.teacher, people.ana):
                ask("GET", path, token)
        ask("POST", f"{handed_out}/submissions", people.ana, params={"key": text}, data=submission())
        ask("POST", f"{handed_out}/checks", people.ana, data=json.dumps({"checks": {text: True}}))
        desk = f"/desk/{people.course}"
        for path in (f"/desk/{word}", f"{desk}/grades.csv?form={word}", f"{desk}/exercises/{EXERCISE}?sort={word}"):
            ask("GET", path, by=browser)
        ask("GET", f"{desk}/exercises/{EXERCISE}/people/{word}", by=browser)
        for fields in ({"due": text}, {"attempts": text}, {"due": text, "attempts": "9" * 5000}):
            form = {"word": form_word(browser), **fields}
            ask("POST", f"{desk}/exercises/{EXERCISE}/people/ana-{people.course}/extension", by=browser, data=form)


def test_bodies_of_any_kind(ask, people, handed_out):
    for body in BODIES:
        for path in (f"{handed_out}/checks", f"{handed_out}/submissions", handed_out):
            for token in (people.teacher, people.ana):
                ask("POST", path, token, data=body)


@pytest.mark.parametrize("text", TIMES)
def test_a_time_can_be_counted_with_or_is_refused_in_a_sentence(text):
    try:
        found = clock.parse(text)
    except ValueError as refusal:
        assert len(str(refusal)) < 300
    else:
        assert clock.iso(found)


@pytest.mark.parametrize("attempts", ["9" * 5000, "²", "-1", "1.5", "x"])
def test_attempts_are_a_small_number_or_refused(attempts):
    with pytest.raises(decisions.Undecided):
        decisions.extend(None, None, None, "ana", "", attempts, "joao", clock.now())
