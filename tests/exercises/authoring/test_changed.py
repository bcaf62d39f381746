"""Which checks of two versions differ."""

import pytest

from exercises.form.changed import Difference, between

CHECKS = '''
"""What is looked at."""
import json
from decimal import Decimal

from exercises.checks import CheckFailed, check

LIMIT = 3
SHOPS = {"Centre": 1}
SHOPS["Harbour"] = 2


def near(one, other):
    return abs(one - other) < LIMIT


@check("rows", points=4)
def rows(result):
    assert near(len(result.table("gold", "a").rows()), result.facts["rows"])


@check("total", points=6, visible=False, message="No.")
def total(result):
    # A comment.
    assert sum(result.facts["all"]) == Decimal(1)
'''
FILES = {"checks.py": CHECKS.encode(), "data.py": b"1", "exercise.toml": b"a", "notebook.ipynb": b"{}", "wrong/a.ipynb": b"{}"}


def after(old: str = "", new: str = "", **files: bytes) -> Difference:
    made = {**FILES, "checks.py": CHECKS.replace(old, new, 1).encode() if old else FILES["checks.py"]}
    assert not old or old in CHECKS
    return between(FILES, {**made, **{name.replace("_", "."): content for name, content in files.items()}})


@pytest.mark.parametrize(
    ("old", "new", "differ"),
    [
        ("# A comment.", "# Another one.\n", set()),
        ('"""What is looked at."""', '"""Something else."""', set()),
        ("result.facts[\"rows\"]", "result.facts[\"count\"]", {"rows"}),
        ("points=6", "points=5", {"total"}),
        ('message="No."', 'message="Not yet."', {"total"}),
        # What it reaches by something that it calls.
        ("LIMIT = 3", "LIMIT = 4", {"rows"}),
        ("import Decimal", "import Decimal, localcontext", set()),
        ("from decimal import Decimal", "from fractions import Fraction as Decimal", {"total"}),
        # What defines nothing may change anything.
        ('SHOPS["Harbour"] = 2', 'SHOPS["Harbour"] = 3', {"rows", "total"}),
        ("import json", "import json\nimport re", set()),
        ("def rows(result)", "def lines(result)", {"rows"}),
    ],
)
def test_a_check_differs_with_what_it_reaches(old, new, differ):
    found = after(old, new)
    assert (found.checks, found.dropped, found.all, bool(found)) == (differ, frozenset(), False, bool(differ))


def test_a_renamed_check_is_a_new_one_and_the_old_is_gone():
    found = after('@check("rows"', '@check("lines"')
    assert (found.checks, found.dropped) == ({"lines"}, {"rows"})


def test_other_data_or_another_module_beside_it_makes_every_check_another():
    for found in (after(data_py=b"2"), after(**{"helper_py": b""}), after(**{"notebook_ipynb_csv": b""})):
        assert found.all and found.checks == {"rows", "total"}


def test_texts_for_students_and_rules_and_wrong_answers_are_no_difference():
    assert not after(**{"exercise_toml": b"b", "notebook_ipynb": b"[]", "wrong/a_ipynb": b"[]"})
