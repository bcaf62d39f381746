"""The laws: each of them holds for the small exercise, and each is broken by what it is there for."""

import json
import threading

import pytest

from exercises.errors import ExerciseError
from exercises.laws import Exam, Law, seeds, table
from exercises.runner.limits import EngineAway, SandboxError
from tests.exercises.authoring import cells, samples
from tests.exercises.authoring.samples import PlayedGrader, wrong


def tried(changed=None, grader=None, **how):
    found = samples.files()
    for name, content in (changed or {}).items():
        found.pop(name, None)
        if content is not None:
            found[name] = content if isinstance(content, bytes) else content.encode()
    return Exam("sums", found, grader or PlayedGrader(), **how).run()


def broken(laws):
    return [law for law in laws if not law.held]


def test_every_law_holds_for_the_small_exercise():
    told = []
    found = Exam("sums", samples.files(), PlayedGrader(), workers=2).run(told.append)
    assert told == found and broken(found) == []
    visible, hidden, third = seeds("sums", 3, 5)
    assert [(law.law, law.subject) for law in found] == [
        ("form", ""),
        ("leaks", ""),
        ("points", ""),
        ("deterministic", ""),
        ("data", ""),
        ("solution", f"seed {visible}"),
        ("solution", f"seed {hidden}"),
        ("solution", f"seed {third}"),
        ("untouched", f"seed {hidden}"),
        ("wrong", "counts-one-more"),
        ("wrong", "forgets-the-sum"),
    ]


def test_one_seed_is_the_graders():
    found = tried(count=1)
    assert broken(found) == []
    assert [law.subject for law in found if law.law == "solution"] == [f"seed {seeds('sums', 2, 5)[1]}"]


def test_seeds_depend_on_the_name_only():
    assert seeds("sums", 3, 5) == seeds("sums", 3, 5) != seeds("other", 3, 5)
    assert len(set(seeds("sums", 50, 5))) == 50 and seeds("sums", 2, 5)[0] == 5


TWICE = samples.files()["notebook.ipynb"].replace(b"found = numbers", b"# left['sum'] = sum(found)\\nfound = numbers")
IMPORTS = samples.CHECKS.replace(b"def count(result):", b"def count(result):\n    import helper")
PASSES_NOTHING = samples.CHECKS.replace(b"!=", b"not in (None,) and 2 !=")
EDITED = json.loads(samples.files()["wrong/forgets-the-sum.ipynb"])


def edited(**metadata):
    return json.dumps({**EDITED, "metadata": {**EDITED["metadata"], "dataflow": metadata}}).encode()


@pytest.mark.parametrize(
    ("law", "words", "changed"),
    [
        ("form", "notebook.ipynb is missing", {"notebook.ipynb": None}),
        ("form", "title is missing", {"exercise.toml": b"points = 3"}),
        ("form", "no answer cell", {"notebook.ipynb": samples.notebooks.dump(cells.notebook(cells.given("x")))}),
        ("form", "There is no wrong answer", {"wrong/forgets-the-sum.ipynb": None, "wrong/counts-one-more.ipynb": None}),
        ("form", "No wrong answer is caught by the count", {"wrong/counts-one-more.ipynb": None}),
        ("form", "does not say which check catches it", {"wrong/forgets-the-sum.ipynb": edited(mistake="m")}),
        ("form", "does not say which check catches it", {"wrong/forgets-the-sum.ipynb": edited(mistake="m", caught_by=[["x"]])}),
        ("form", "does not say what is wrong", {"wrong/forgets-the-sum.ipynb": edited(caught_by=["the sum"])}),
        ("form", "names the check 'x', which", {"wrong/forgets-the-sum.ipynb": edited(caught_by=["x"], mistake="m")}),
        ("form", "does not say which", {"wrong/forgets-the-sum.ipynb": json.dumps({**EDITED, "metadata": {"dataflow": 1}})}),
        ("form", "answers 'other'; the notebook's answer cells are answer", {"wrong/a.ipynb": wrong("x", "the sum", cell="other")}),
        ("form", "is no different from the solution", {"wrong/a.ipynb": wrong(samples.SOLUTION, "the sum")}),
        ("form", "data.py", {"data.py": b"def make(directory, seed): raise ValueError('data.py is broken')"}),
        ("form", "reads the fact 'count', which", {"data.py": samples.DATA.replace(b'"count"', b'"other"')}),
        ("form", "imports helper.py, which students do not get", {"helper.py": b"", "checks.py": IMPORTS}),
        ("leaks", "a line of a solution is in the student version", {"notebook.ipynb": TWICE}),
        ("points", "exercise.toml says 4 points, the checks add up to 3", {"exercise.toml": samples.TOML.replace(b"3", b"4")}),
        ("deterministic", "other data every time", {"data.py": samples.DATA.replace(b"[seed,", b"[__import__('time').time_ns(),")}),
        ("data", "the same data", {"data.py": samples.DATA.replace(b"2 * seed", b"3").replace(b"[seed", b"[1")}),
        ("solution", "It got 1 of 3 points", {"data.py": samples.DATA.replace(b"3 * seed", b"4 * seed")}),
        ("untouched", "It got 1 points without an answer: the count", {"checks.py": PASSES_NOTHING}),
        ("wrong", "It got full marks; the sum should", {"wrong/a.ipynb": wrong(samples.SOLUTION + "\nx = 1", "the sum")}),
        ("wrong", "It lost the count, the sum; it should lose the sum", {"wrong/a.ipynb": wrong("left['sum'] = 0", "the sum")}),
    ],
)
def test_what_breaks_a_law(law, words, changed):
    found = broken(tried(changed, count=1))
    assert found and (found[0].law, words in found[0].detail) == (law, True), found


def test_a_sandbox_that_fails_is_told_and_the_rest_is_tried():
    class Fails(PlayedGrader):
        def grade(self, exercise, submitted):
            if self.graded == 1:
                self.graded += 1
                raise SandboxError("the engine is gone")
            return super().grade(exercise, submitted)

    found = tried(grader=Fails(), count=1)
    assert [law.detail for law in broken(found)] == ["It could not be run: the engine is gone"]
    assert len(found) == 9


@pytest.mark.parametrize("what", ["prepare", "grade"])
def test_an_engine_that_is_away_breaks_no_law(what):
    """Whoever runs them tries again later; a push is not refused for it."""

    def away(*given):
        raise EngineAway("the engine does not answer")

    grader = PlayedGrader()
    setattr(grader, what, away)
    with pytest.raises(EngineAway):
        tried(grader=grader, count=1)


def test_only_some_laws_are_run():
    found = Exam("sums", samples.files(), PlayedGrader()).run(only=("untouched",))
    assert [law.law for law in found][5:] == ["untouched"]


def test_another_seed_can_be_tried():
    exam = Exam("sums", samples.files(), PlayedGrader(), count=1)
    exam.run(only=("nothing",))
    law = exam.solution(77, "a seed of its own")
    assert (law.law, law.subject, law.held) == ("solution", "a seed of its own", True)


def test_an_interruption_does_not_wait_for_what_was_not_begun():
    grader = PlayedGrader()
    exam = Exam("sums", samples.files(), grader)
    seen = []

    def told(law: Law) -> None:
        seen.append(law)
        if law.law == "solution":
            raise KeyboardInterrupt

    held = threading.Semaphore(1)
    original = grader.grade

    def slow(*given):
        with held:
            threading.Event().wait(0.05)
            return original(*given)

    grader.grade = slow
    with pytest.raises(KeyboardInterrupt):
        exam.run(told)
    assert grader.graded <= 2


def test_the_table_says_what_broke():
    text = table("sums", [Law("form", "", True, "", 0.2), Law("wrong", "a", False, "It got full marks.", 3.4)])
    assert text.split("\n") == ["sums", "", "  form      holds   0.2 s", "  wrong  a  BROKEN  3.4 s", "      It got full marks."]


def test_errors_are_exercise_errors():
    assert issubclass(ExerciseError, ValueError)
