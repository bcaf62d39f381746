"""A week of a class of thirty, as the instructor's page tells it: roster, push, work, extensions, grades to take away.

Invariant: every step goes the way that a person has: the operator's commands, the command line that the service hands out, the
desk's own forms, the students' client; and each grade that leaves the house on Friday is known beforehand.

The thirty have real accounts and tokens and real graders, but no labs. It takes about eight minutes on an idle machine, and runs
with DATAFLOW_TEST_FULL=1 only.
"""

import csv
import io
import os
import re
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exercises.client import Client, ClientError
from tests.exercises.answers import answered
from tests.exercises.whole.conftest import LAWS_SECONDS, SOLUTION
from tests.helpers import hub_client
from tests.helpers.hub_client import Person
from tests.hub.conftest import OWN_PASSWORD

pytestmark = [
    pytest.mark.docker,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(not os.environ.get("DATAFLOW_TEST_FULL"), reason="a week takes eight minutes: DATAFLOW_TEST_FULL=1"),
]

NAME, CLASS = "shops", 30
GRADED_SECONDS = 900
SAVE = '.write.format("delta").mode("overwrite").save(lakehouse.gold("totals"))'
# The mistake of the exercise's own wrong answer.
WRONG = f'sales.select("shop", F.col("amount").alias("total")){SAVE}'
# Has a row for each shop, so that only the hidden check can tell.
ROUNDED = SOLUTION.replace('F.sum("amount")', 'F.round(F.sum("amount"), -1).cast("long")')
BROKEN = "this is not Python"
FULL, SHOPS_ONLY, NOTHING = 10.0, 4.0, 0.0


@dataclass
class Student:
    """One of the thirty: what they hand in, day by day, and what that must be worth on Friday."""

    answers: list[str]
    worth: float | None
    extended: bool = False
    late: bool = False
    by_hand: float = 0.0
    person: Person | None = None
    sent: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.person.name


def thirty() -> list[Student]:
    """A class as classes are."""
    made = [Student([SOLUTION], FULL) for _ in range(13)]
    made += [Student([WRONG], NOTHING) for _ in range(4)]
    made += [Student([BROKEN], NOTHING) for _ in range(2)]
    made += [Student([WRONG, SOLUTION], FULL) for _ in range(3)]
    made += [Student([ROUNDED], SHOPS_ONLY) for _ in range(3)]
    # Half of what they earn, because the course says 50% for each day that has begun.
    made += [Student([SOLUTION], FULL / 2, late=True) for _ in range(2)]
    made += [Student([SOLUTION], FULL, late=True, extended=True)]
    made += [Student([SOLUTION], FULL + 1.5, by_hand=1.5)]
    made += [Student([], None)]
    return made


class Desk:
    """The desk in the instructor's browser."""

    def __init__(self, url: str, teacher: Person, course: str) -> None:
        self.root, self.browser = url, teacher.browser
        self.course, self.exercise = f"{url}desk/{course}", f"{url}desk/{course}/exercises/{NAME}"

    def page(self, address: str) -> str:
        answer = self.browser.get(address, timeout=60)
        assert answer.status_code == 200, f"{address}: {answer.status_code} {answer.text[:500]}"
        return answer.text

    def act(self, address: str, what: str, **fields: str) -> str:
        """Send the form of a page whose action ends so, as its button does; return the page that comes."""
        page = self.page(address)
        form = re.search(rf'<form[^>]*action="([^"]*/{what})".*?</form>', page, re.DOTALL)
        assert form, f"{address} has no form for {what}"
        word = re.search(r'name="word" value="([^"]*)"', form[0])[1]
        target = self.root.partition("/services/")[0] + form[1]
        answer = self.browser.post(target, data={"word": word, **fields}, timeout=60)
        assert answer.status_code == 200, f"{what}: {answer.status_code} {answer.text[:500]}"
        return answer.text

    def grades(self, form: str) -> list[dict[str, str]]:
        answer = self.browser.get(f"{self.course}/grades.csv", params={"form": form}, timeout=60)
        assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@dataclass
class Week:
    url: str
    course: str
    teacher: Person
    desk: Desk
    students: list[Student]
    home: Path

    def client(self, person: Person) -> Client:
        return Client(self.url, person.token)

    def type_(self, *arguments: str, code: int = 0) -> str:
        """What the one file prints on the instructor's own computer."""
        environment = {"PATH": os.environ["PATH"], "EXERCISES_URL": self.url, "EXERCISES_TOKEN": self.teacher.token}
        command = [sys.executable, "-I", "exercises.pyz", *arguments]
        done = subprocess.run(command, cwd=self.home, env=environment, capture_output=True, text=True, timeout=LAWS_SECONDS)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def push(self, due: datetime) -> str:
        return self.type_("push", NAME, "--course", self.course, "--due", due.isoformat(), "--late", "50%/day")

    def all_graded(self) -> list[dict]:
        """Wait until nothing is to be graded any more; return everybody's work."""
        deadline = time.monotonic() + GRADED_SECONDS
        teacher = self.client(self.teacher)
        while True:
            found = teacher.everybody(self.course, NAME)
            waiting = [one for one in found if one["status"] not in ("graded", "failed")]
            if not waiting:
                return found
            assert time.monotonic() < deadline, f"{len(waiting)} of {len(found)} still wait"
            time.sleep(2)


@pytest.fixture(scope="module")
def week(stack, enrol, tmp_path_factory) -> Week:
    """Monday: the operator makes the class from one file, everybody chooses a password, the instructor gets the command line."""
    course = "w" + uuid.uuid4().hex[:6]
    url = f"{stack.url}/services/exercises/"
    teacher = enrol("prof")
    stack.script("member", course, teacher.name, "instructor")
    home = tmp_path_factory.mktemp("prof")
    names = [f"{course}s{number:02d}" for number in range(CLASS)]
    (home / "class.csv").write_text("name,course\n" + "".join(f"{name},{course}\n" for name in names))
    printed = stack.script("roster", str(home / "class.csv"), "", "", "")
    slips = dict(re.findall(r"Name +(\S+)\n +Password +(\S+)", printed))
    students = thirty()
    assert len(students) == CLASS and sorted(slips) == names

    def arrive(name: str) -> Person:
        return hub_client.log_in(stack.url, name, slips[name], OWN_PASSWORD)

    with ThreadPoolExecutor(4) as pool:
        for student, person in zip(students, pool.map(arrive, names), strict=True):
            student.person = person
    (home / "exercises.pyz").write_bytes(teacher.browser.get(f"{url}exercises.pyz", timeout=60).content)
    return Week(url, course, teacher, Desk(url, teacher, course), students, home)


def hand_in(week: Week, student: Student, answer: str) -> dict:
    client = week.client(student.person)
    version, files = client.fetch(week.course, NAME)
    receipt = client.submit(week.course, NAME, {"notebook.ipynb": answered(files["notebook.ipynb"], answer)}, version=version)
    student.sent.append(receipt["id"])
    return receipt


def test_a_week(week):
    students, desk = week.students, week.desk
    on_time = datetime.now(UTC) + timedelta(days=1)

    # Monday: the instructor makes an exercise, pushes it, and sees an empty board with thirty names.
    assert "passes its laws" in week.type_("new", NAME)
    assert f"students of {week.course} get it" in week.push(on_time)
    board = desk.page(desk.exercise)
    assert all(student.name in board for student in students) and "not yet" in board.lower()

    # Tuesday: they work. What check() says in a lab is on the board, and whoever gets no further is stuck.
    slow = next(student for student in students if student.answers == [WRONG, SOLUTION])
    slow_client = week.client(slow.person)
    slow_client.fetch(week.course, NAME)
    for _ in range(4):
        slow_client.tell_checks(week.course, NAME, {"a row for each shop": False})
    row = re.search(rf'<tr class="stuck">(?:(?!</tr>).)*{slow.name}.*?</tr>', desk.page(desk.exercise), re.DOTALL)
    assert row and "0 of 1" in row[0], desk.page(desk.exercise)

    # Wednesday: most hand in; each is graded once and told why.
    for student in students:
        if not student.late:
            for answer in student.answers:
                receipt = hand_in(week, student, answer)
                assert receipt["late_seconds"] == 0 and receipt["share"] == 1.0
    graded = week.all_graded()
    assert len(graded) == sum(len(student.answers) for student in students if not student.late)
    assert {one["outcome"] for one in graded} == {"ok", "check_failed", "cell_failed"}
    hard = desk.page(f"{desk.exercise}/checks")
    assert "Writes every sale, not a total for each shop." in hard and "the totals" in hard
    alike = desk.page(f"{desk.exercise}/alike")
    assert students[0].name in alike

    # Points by hand, beside those of the checks.
    praised = next(student for student in students if student.by_hand)
    said = desk.act(f"{week.url}submissions/{praised.sent[0]}/desk", "mark", points="1,5", comment="Clear and short.")
    assert "11.5 of 10" in said

    # Thursday: the due time passes. One has an extension, two are late.
    extended = next(student for student in students if student.extended)
    person_page = f"{desk.exercise}/people/{extended.name}"
    desk.act(person_page, "extension", due=(on_time + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"), attempts="0")
    assert "is accepted" in week.push(datetime.now(UTC) - timedelta(hours=1))
    for student in students:
        if student.late:
            receipt = hand_in(week, student, student.answers[0])
            assert (receipt["share"] == 1.0) is student.extended, receipt
    week.all_graded()

    # Everything once more, against the version that counts now: nothing is lost by it, not even what was given by hand.
    desk.act(desk.exercise, "regrade", against="newest")
    again = week.all_graded()
    assert len(again) == sum(len(student.answers) for student in students)

    # Friday: closed, revealed, and the grades go out in three forms.
    desk.act(desk.exercise, "close")
    with pytest.raises(ClientError) as refused:
        hand_in(week, students[-1], SOLUTION)
    assert refused.value.status == 409 and "closed" in str(refused.value).lower(), refused.value
    desk.act(desk.exercise, "reveal")
    page = students[0].person.browser.get(f"{week.url}submissions/{students[0].sent[0]}", timeout=60)
    assert page.status_code == 200 and 'result.facts["totals"]' in page.text.replace("&#34;", '"'), page.text[:2000]

    expected = {student.name: student.worth for student in students}

    def points(rows: list[dict[str, str]], user: str, column: str) -> dict[str, float | None]:
        (title,) = [head for head in rows[0] if column in head]
        return {row[user]: float(row[title]) if row[title] else None for row in rows if row[user]}

    assert points(desk.grades("table"), "user", f"{NAME} points") == expected
    assert points(desk.grades("moodle"), "username", NAME) == expected
    assert points(desk.grades("canvas"), "SIS Login ID", NAME) == expected
    results = week.type_("results", NAME, "--course", week.course)
    assert all(student.name in results for student in students if student.answers)
