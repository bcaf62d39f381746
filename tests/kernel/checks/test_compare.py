"""An answer is right in any form that means the same; a wrong one gives nothing away."""

import datetime
from decimal import Decimal

import pytest

from lab_kernel.checks import compare


class Row(tuple):
    """As a Spark Row looks: a tuple that knows its names."""

    __fields__ = ("region", "total")

    def asDict(self):  # noqa: N802 (Spark's name)
        return dict(zip(self.__fields__, self, strict=True))


WANTED = [Row(("Norte", 10.5)), Row(("Sul", 3.25)), Row(("Sul", 3.25))]

SAME = {
    "int": (7, 7),
    "int_as_float": (7, 7.0),
    "int_as_decimal": (7, Decimal("7.00")),
    "float": (0.1 + 0.2, 0.3),
    "decimal": (Decimal("12.50"), 12.5),
    "text": ("Norte", " norte "),
    "date": (datetime.date(2013, 5, 12), "2013-05-12"),
    "bool": (True, True),
    "list_in_any_order": ([1, 2, 2], [2, 1, 2]),
    "set": ({"a", "b"}, ["b", "a"]),
    "dict": ({"a": 1.0}, {"a": 1}),
    "one_cell": (7, [7]),
    "rows_in_any_order": (WANTED, [WANTED[1], WANTED[0], WANTED[2]]),
    "rows_nearly": (WANTED, [Row(("Norte", 10.5000001)), *WANTED[1:]]),
    "dict_as_table": ({"Norte": 10.5, "Sul": 3.25}, WANTED[:2]),
}

# wrong answer: expected, found, and a part of what is said about it
DIFFERENT = {
    "low": (100, 60, "too low"),
    "high": (100, 160, "too high"),
    "close": (1000, 1001, "Very close"),
    "percent": (0.028, 2.8, "share between 0 and 1"),
    "sign": (12.5, -12.5, "sign"),
    "bool_is_no_number": (1, True, "a whole number is asked for"),
    "text_is_no_number": (1, "1", "a whole number is asked for"),
    "other_text": ("Norte", "Sul", "another one"),
    "value_missing": ([1, 2, 3], [1, 2], "1 of the expected values"),
    "value_extra": ([1, 2], [1, 2, 9], "Not among the expected ones: 9"),
    "counted_once": ([1, 1, 2], [1, 2, 2], "Not among the expected ones: 2"),
    "row_missing": (WANTED, WANTED[:2], "1 row is missing"),
    "rows_too_many": (WANTED, [*WANTED, *WANTED[:2]], "2 rows too many"),
    "row_differs": (WANTED, [Row(("Norte", 11.0)), *WANTED[1:]], "region Norte, total 11"),
    "beyond_tolerance": (WANTED, [Row(("Norte", 10.50005)), *WANTED[1:]], "1 of 3 rows"),
    "no_table": (WANTED, 3, "a table with 3 rows"),
}


@pytest.mark.parametrize("case", SAME)
def test_the_same(case):
    expected, found = SAME[case]
    verdict = compare(expected, found)
    assert verdict.right, verdict


@pytest.mark.parametrize("case", DIFFERENT)
def test_different(case):
    expected, found, said = DIFFERENT[case]
    verdict = compare(expected, found)
    assert not verdict.right
    assert said in " ".join(verdict.difference)


@pytest.mark.parametrize("case", [name for name in DIFFERENT if name not in ("no_table",)])
def test_a_wrong_answer_does_not_learn_the_right_one(case):
    expected, found, _ = DIFFERENT[case]
    verdict = compare(expected, found)
    told = f"{verdict.expected} {' '.join(verdict.difference)}"
    if isinstance(expected, (int, float)) and expected > 9:
        assert str(expected) not in told
    if isinstance(expected, str):
        assert expected not in told


def test_order_counts_if_asked():
    assert compare([3, 1, 2], [3, 1, 2], ordered=True).right
    assert not compare([3, 1, 2], [1, 2, 3], ordered=True).right


def test_columns_are_named():
    class Other(Row):
        __fields__ = ("Region", "sum")

    said = " ".join(compare(WANTED, [Other(row) for row in WANTED]).difference)
    assert "Missing columns: total" in said and "nobody asked for: sum" in said


def test_the_tolerance_is_relative():
    assert compare(1_000_000.0, 1_000_000.9).right
    assert not compare(1.0, 1.9).right
    assert compare(0.333333, 0.33, tolerance=0.02).right
