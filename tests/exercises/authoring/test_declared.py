"""checks.py is read without being run, and students get the visible part of it only."""

import pytest

from exercises.errors import ChecksError
from exercises.form.declared import declared, visible

SOURCE = '''"""Hidden in the docstring: 4711."""

import decimal
import statistics

from exercises.checks import CheckFailed, check

CENT = decimal.Decimal("0.01")   # used by both
SECRET = 4711                    # used by the hidden one


def rows(result):
    return result.table("silver", "sales").rows()


def middle(found):
    return statistics.median(found) + SECRET


@check("as many rows", points=4, message="The number of rows is wrong.")
def count(result):
    # a comment that students may read
    if len(rows(result)) != result.facts["rows"]:
        raise CheckFailed(f"off by more than {CENT}")


@check("the money", points=6, visible=False, message="The sum is wrong.")
def money(result):
    assert middle(rows(result)) == result.facts["sum"]
'''


def test_what_is_declared():
    first, second = declared(SOURCE)
    assert (first.name, first.points, first.visible, first.function) == ("as many rows", 4.0, True, "count")
    assert (second.name, second.visible, second.message) == ("the money", False, "The sum is wrong.")


def test_students_get_the_visible_checks_and_what_they_use():
    part = visible(SOURCE)
    names = {}
    exec(compile(part.code, "checks.py", "exec"), names)
    assert {"decimal", "CheckFailed", "check", "CENT", "rows", "count"} <= set(names)
    assert part.facts == ("rows",)
    for hidden in ("4711", "statistics", "SECRET", "middle", "the money", "The sum", 'facts["sum"]'):
        assert hidden not in part.code
    assert "a comment that students may read" in part.code


SHARING = """
@check("a", points=1)
def f(r): g(r)
@check("b", points=1, visible=False, message="m")
def g(r): ...
"""


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("x = 1", "declares no check"),
        ("def f(:", "line 1: it is no Python"),
        ("@check()\ndef f(r): ...", "needs a name"),
        ("@check\ndef f(r): ...", "line 1: @check needs its name and points"),
        ("import exercises.checks as c\n@c.check('a', points=1)\ndef f(r): ...", "line 2: write @check"),
        ("from exercises.checks import check as c\n@c('a', points=1)\ndef f(r): ...", "line 1: import check by its own name"),
        ('A = 1; B = 2\n@check("a", points=1)\ndef f(r): return A', "line 1: a visible check uses a part of it only"),
        ("@check(NAME, points=1)\ndef f(r): ...", "needs a name"),
        ('@check("a")\ndef f(r): ...', r"needs points"),
        ('@check("a", points=0)\ndef f(r): ...', r"needs points"),
        ('@check("a", points=N)\ndef f(r): ...', "points must be a literal"),
        ('@check("a", points=1, visible=SHOW)\ndef f(r): ...', "visible must be a literal"),
        ('@check("a", points=1, visible=0)\ndef f(r): ...', "visible must be a literal"),
        ('@check("a", points=1, hidden=True)\ndef f(r): ...', "no argument 'hidden'"),
        ('@check("a", points=1, visible=False)\ndef f(r): ...', "needs a message"),
        ('@check("a", points=1)\ndef f(): ...', "exactly one argument"),
        ('@check("a", points=1)\nclass A: ...', "above a function"),
        ('if 1:\n    @check("a", points=1)\n    def f(r): ...', "at the top"),
        ('@check("a", points=1)\ndef f(r): ...\n@check("a", points=1)\ndef g(r): ...', "line 3: two checks"),
        ('@check("a", points=1)\ndef f(r): r.facts[r.x]', "literal keys"),
        ('@check("a", points=1)\ndef f(r): dict(r.facts)', "literal keys"),
        (SHARING, "g is a hidden check"),
    ],
)
def test_what_cannot_be_decided_from_the_text_is_refused(source, words):
    with pytest.raises(ChecksError, match=words):
        visible(source, exercise="silver")


def test_a_functions_own_variables_are_no_use_of_what_is_hidden():
    source = """
LIMIT = 3
def helper(x=LIMIT): return x
@check("a", points=1)
def f(r):
    g = [one for one in (lambda: helper)()]
    return g
@check("b", points=1, visible=False, message="m")
def g(r): ...
"""
    code = visible(source).code
    assert "def helper" in code and "LIMIT" in code and "def g(" not in code


def test_what_a_visible_check_uses_may_stand_in_a_condition():
    source = "try:\n    import lzma\nexcept ImportError:\n    lzma = None\n" + '@check("a", points=1)\ndef f(r): lzma.open(r)'
    assert visible(source).code.startswith("try:\n    import lzma")
    other = "if True:\n    def g(r): ...\n" + '@check("a", points=1)\ndef f(r): g(r)'
    assert "def g" in visible(other).code
