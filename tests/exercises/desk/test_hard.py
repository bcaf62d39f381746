"""What was hard for a class, and whose answers are alike."""

import json
import time

from exercises.service.desk import board, similar, statistics

WRONG = {
    "forgets-to-group": ("Writes every sale.", frozenset({"rows", "totals"})),
    "adds-twice": ("Adds twice.", frozenset({"totals"})),
}


def found(lesson):
    with lesson.database.read() as session:
        return statistics.of(board.rows(session, lesson.exercise, []), WRONG)


def test_each_student_counts_once_by_their_last_grade(lesson):
    lesson.submitted("ana", 1, 0.0, checks={"rows": False, "totals": False})
    lesson.submitted("ana", 2, 10.0, checks={"rows": True, "totals": True})
    lesson.submitted("bruno", 3, 4.0, checks={"rows": True, "totals": False})
    lesson.submitted("carla", 4, 4.0, checks={"rows": True, "totals": False})
    lesson.submitted("dinis", 5, None)
    told = found(lesson)
    assert told.students == 3
    assert [(one.name, one.failed, one.students) for one in told.checks] == [("totals", 2, 3), ("rows", 0, 3)]


def test_a_mistake_is_named_where_exactly_its_checks_failed(lesson):
    lesson.submitted("ana", 1, 0.0, checks={"rows": False, "totals": False})
    lesson.submitted("bruno", 2, 4.0, checks={"rows": True, "totals": False})
    lesson.submitted("carla", 3, 4.0, checks={"rows": True, "totals": False})
    lesson.submitted("dinis", 4, 6.0, checks={"rows": False, "totals": True})
    assert [(one.failed, one.students, one.foreseen) for one in found(lesson).mistakes] == [
        (("totals",), ("bruno", "carla"), ("Adds twice.",)),
        (("rows", "totals"), ("ana",), ("Writes every sale.",)),
        (("rows",), ("dinis",), ()),
    ]


def test_the_wrong_answers_are_read_from_what_was_pushed():
    book = {"metadata": {"dataflow": {"mistake": "Adds twice.", "caught_by": ["totals"]}}, "cells": []}
    files = {"wrong/adds-twice.ipynb": json.dumps(book).encode(), "wrong/notes.txt": b"", "notebook.ipynb": b"{}"}
    assert statistics.wrong_answers(files) == {"adds-twice": WRONG["adds-twice"]}


ONE = """
# mine
totals = sales.groupBy("shop").agg(F.sum("amount").alias("total"))
totals.write.format("delta").mode("overwrite").save(lakehouse.gold("totals"))
"""
COPIED = ONE.replace("# mine", "# my very own words\n\n").replace("totals = ", "totals   =   ").replace("(", "( ")
OTHER = """
spark.sql('''CREATE OR REPLACE TABLE gold.totals USING delta AS
SELECT shop, sum(amount) AS total FROM sales GROUP BY shop HAVING count(*) > 0''')
check_that(spark.table("gold.totals").count() == len(shops))
"""


def test_a_copy_with_other_comments_and_layout_is_found_and_another_way_is_not():
    (pair,) = similar.pairs({"ana": ONE, "bruno": COPIED, "carla": OTHER, "dinis": "x = 1", "eva": "x = 1"}, ONE)
    assert (pair.one, pair.other, pair.alike, pair.solution) == ("ana", "bruno", 1.0, 1.0)


def test_only_answer_cells_are_compared_and_odd_notebooks_are_nobodys():
    answer = {"cell_type": "code", "metadata": {"nbgrader": {"solution": True}}, "source": ["a = 1\n", "b = 2"]}
    given = {"cell_type": "code", "metadata": {}, "source": "c = 3"}
    assert similar.answers(json.dumps({"cells": [given, answer]}).encode()) == "a = 1\nb = 2"
    for odd in (b"", b"[]", b'{"cells": [1]}', b'{"cells": [{"metadata": []}]}', b'{"cells": [{"metadata": {"nbgrader": 1}}]}'):
        assert similar.answers(odd) == ""


def test_three_hundred_students_are_compared_while_somebody_waits():
    answers = {f"s{number}": ONE + "\n".join(f"v{number}_{line} = {line * number}" for line in range(60)) for number in range(300)}
    began = time.monotonic()
    similar.pairs(answers, ONE)
    assert time.monotonic() - began < 20
