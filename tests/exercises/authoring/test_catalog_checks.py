"""Checks of the catalog over small tables: what the text allows passes, and what is told of a mistake is the mistake."""

import json
from datetime import date, datetime

import pytest

from exercises import folder
from exercises.checks import CheckFailed, Result, collect
from tests.exercises.authoring.test_checks import delta

STRING, DAY, MOMENT, WHOLE = "string", "date", "timestamp", "long"


def ask(root, exercise: str, name: str, facts: dict) -> str:
    """What the check says of the tables; nothing if it passes."""
    (check,) = [one for one in collect(folder.CATALOG / exercise / "checks.py") if one.name == name]
    try:
        check.run(Result(root, facts))
    except CheckFailed as failed:
        return str(failed)
    return ""


def schema(**types: str) -> list[dict]:
    return [{"name": name, "type": kind} for name, kind in types.items()]


def note(root, layer: str, name: str, number: int, **told) -> None:
    """Put more into a commit's note."""
    log = root / layer / name / "_delta_log" / f"{number:020d}.json"
    actions = [json.loads(line) for line in log.read_text().splitlines()]
    actions[0]["commitInfo"] |= told
    log.write_text("\n".join(map(json.dumps, actions)))


@pytest.mark.parametrize("since", [None, datetime(1900, 1, 1)])
def test_since_when_an_unknown_member_is_valid_is_up_to_the_student(tmp_path, since):
    kinds = schema(product_key=WHOLE, product=STRING, valid_from=MOMENT, valid_to=MOMENT)
    rows = [{"product_key": 7, "product": "P1", "valid_from": datetime(2012, 1, 1), "valid_to": None}]
    rows += [{"product_key": key, "product": "(none)", "valid_from": since, "valid_to": None} for key in (-1, -2)]
    delta(tmp_path, "gold", "dim_product", [rows], schema=kinds)
    wanted = {"P1 2012-01-01 00:00:00": None}
    assert ask(tmp_path, "gold-star", "a row for each version of a product", {"versions": wanted}) == ""
    more = {**wanted, "P2 2012-01-01 00:00:00": None}
    assert "has 1 versions" in ask(tmp_path, "gold-star", "a row for each version of a product", {"versions": more})


def test_a_row_without_an_end_is_named_as_one(tmp_path):
    kinds = schema(driver=STRING, depot=STRING, valid_from=DAY, valid_to=DAY, is_current="boolean")
    rows = [
        {"driver": "D1", "depot": "Natal", "valid_from": date(2013, 1, 1), "valid_to": date(9999, 12, 31), "is_current": True},
        {"driver": "D2", "depot": "Natal", "valid_from": date(2013, 1, 1), "valid_to": None, "is_current": True},
    ]
    delta(tmp_path, "silver", "drivers_history", [rows], schema=kinds)
    told = ask(tmp_path, "history-scd2", "no gap and no overlap", {"new": ["D1"], "back": []})
    assert told == "1 drivers have a row without valid_from or valid_to, such as D2."


def test_no_good_message_at_all_is_not_told_as_some_that_were_set_aside(tmp_path):
    kinds = schema(partition="integer", offset=WHOLE)
    delta(tmp_path, "silver", "orders", [[{"partition": 0, "offset": 9}]], schema=kinds)
    delta(tmp_path, "bronze", "orders_dead", [[{"partition": 0, "offset": 8}]], schema=kinds)
    asked = ("kafka-dead-letter", "good ones as they were sent")
    assert ask(tmp_path, *asked, {"good": {"1/1": {}}}) == "silver.orders has none of the good messages."
    assert ask(tmp_path, *asked, {"good": {"0/8": {}}}).startswith("1 good messages were set aside, such as partition/offset 0/8")


def test_every_version_with_new_rows_is_named_whichever_of_them_was_no_load(tmp_path):
    row = {"station": "S1", "day": date(2013, 1, 1), "sensor": 1}
    # Loaded, tidied in a way that sends all again, loaded.
    files = [f"part-{number}-0.parquet" for number in range(3)]
    kinds = schema(station=STRING, day=DAY, sensor="integer")
    delta(tmp_path, "silver", "readings", [[row]], [files[0], [row]], [[row]], schema=kinds)
    told = ask(tmp_path, "optimise-by-numbers", "no stream is sent a row again", {})
    assert "There were 2 loads, and 3 versions of silver.readings have files with new rows" in told and ": 0, 1, 2." in told


@pytest.mark.parametrize(
    ("how", "whole"),
    [
        ({"mode": "Overwrite"}, True),
        ({"mode": "Overwrite", "predicate": ""}, True),
        ({"mode": "Overwrite", "predicate": "shop IN ('shop 1')"}, False),
        ({"mode": "Append"}, False),
        ("none", False),
    ],
)
def test_rows_that_are_replaced_one_by_one_are_no_table_written_anew(tmp_path, how, whole):
    kinds = schema(shop=STRING)
    delta(tmp_path, "gold", "orders_by_shop", [[{"shop": "shop 1"}]], [[{"shop": "shop 2"}]], schema=kinds)
    note(tmp_path, "gold", "orders_by_shop", 1, operationParameters=how)
    assert bool(ask(tmp_path, "change-feed", "gold is not computed anew", {})) is whole


def test_a_plan_that_is_not_that_of_its_task_is_told_with_what_the_task_has(tmp_path):
    kinds = schema(step=STRING, shuffles="integer", broadcasts="integer", joins=STRING, skewed="boolean")
    rows = [
        {"step": "broadcast", "shuffles": 0, "broadcasts": 1, "joins": "broadcast", "skewed": False},
        {"step": "salted", "shuffles": 2, "broadcasts": 0, "joins": "sort merge", "skewed": False},
        {"step": "adaptive", "shuffles": 2, "broadcasts": 0, "joins": "sort merge", "skewed": False},
    ]
    delta(tmp_path, "gold", "plans", [rows], schema=kinds)
    told = ask(tmp_path, "skew-by-plan", "what the plans say", {})
    assert "'adaptive'" in told and told.endswith("its task, which has a join that AQE has found skewed, and no broadcast.")
