"""What checks.py is written with: tables and streams of a real lakehouse's form, and the judge over them."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pyarrow
import pyarrow.parquet as parquet
import pytest

from exercises.checks import CheckFailed, Result, collect, repeated, some
from exercises.runner.judge import judge

SCHEMA = [
    {"name": "id", "type": "string", "nullable": True, "metadata": {}},
    {"name": "amount", "type": "decimal(12,2)", "nullable": True, "metadata": {}},
    {"name": "tags", "type": {"type": "array", "elementType": "string", "containsNull": True}, "nullable": True, "metadata": {}},
]


def delta(root, layer, name, *commits, configuration=None, schema=SCHEMA):
    """Write a table: each commit is a list of files to add, rows each, or names to remove."""
    folder = root / layer / name
    (folder / "_delta_log").mkdir(parents=True)
    for number, commit in enumerate(commits):
        actions = [{"commitInfo": {"operation": "WRITE"}}]
        if number == 0:
            text = json.dumps({"type": "struct", "fields": schema})
            actions.append({"metaData": {"schemaString": text, "partitionColumns": [], "configuration": configuration or {}}})
        for place, one in enumerate(commit):
            if isinstance(one, str):
                actions.append({"remove": {"path": one}})
                continue
            path = f"part-{number}-{place}.parquet"
            parquet.write_table(pyarrow.Table.from_pylist(one), folder / path)
            actions.append({"add": {"path": path, "partitionValues": {}}})
        (folder / "_delta_log" / f"{number:020d}.json").write_text("\n".join(map(json.dumps, actions)))


def row(identity, amount="1.00"):
    return {"id": identity, "amount": Decimal(amount), "tags": ["a"]}


def test_a_table_is_what_its_log_says(tmp_path):
    delta(tmp_path, "silver", "sales", [[row("a"), row("b")]], ["part-0-0.parquet", [row("c", "2.50")]])
    table = Result(tmp_path, {}).table("silver", "sales")
    assert (table.version, table.columns, table.values("id")) == (1, ["id", "amount", "tags"], ["c"])
    assert table.rows() == [{"id": "c", "amount": Decimal("2.50"), "tags": ["a"]}]
    assert table.types == {"id": "string", "amount": "decimal(12,2)", "tags": "array<string>"}
    assert [one["operation"] for one in table.history()] == ["WRITE", "WRITE"]
    table.must_have(id="string", amount="decimal(12,2)|double")


def test_files_are_what_they_hold_and_what_the_log_says_of_them(tmp_path):
    delta(tmp_path, "silver", "sales", [[row("a"), row("c")], [row("x")]], ["part-0-1.parquet", [row("d", "9.50"), row("f")]])
    log = tmp_path / "silver" / "sales" / "_delta_log" / f"{1:020d}.json"
    actions = [json.loads(line) for line in log.read_text().splitlines()]
    told = {"minValues": {"id": "d", "amount": 1.0}, "maxValues": {"id": "f", "amount": 9.5}}
    actions[-1]["add"] |= {"stats": json.dumps(told), "dataChange": False}
    log.write_text("\n".join(map(json.dumps, actions)))

    table = Result(tmp_path, {}).table("silver", "sales")
    first, second = table.files
    assert (first.name, second.name, len(second.rows)) == ("part-0-0.parquet", "part-1-1.parquet", 2)
    assert second.size == (tmp_path / "silver" / "sales" / second.name).stat().st_size
    assert [second.may_hold("id", value) for value in "cdefg"] == [False, True, True, True, False]
    assert [second.may_hold("amount", Decimal(value)) for value in ("0.99", "9.50", "9.51")] == [False, True, False]
    # Without statistics a reader has to open it.
    assert first.may_hold("id", "z")
    assert (table.replaced, table.resent, table.gone) == (["part-0-1.parquet"], [2, 0], [])
    (tmp_path / "silver" / "sales" / "part-0-1.parquet").unlink()
    assert table.gone == ["part-0-1.parquet"]


def test_statistics_that_lie_are_no_statistics(tmp_path):
    delta(tmp_path, "silver", "sales", [[row("a"), row("c")]])
    log = tmp_path / "silver" / "sales" / "_delta_log" / f"{0:020d}.json"
    actions = [json.loads(line) for line in log.read_text().splitlines()]
    for told in ({"minValues": {"id": "x"}, "maxValues": {"id": "z"}}, {"minValues": {"id": "a"}, "maxValues": {"id": "b"}}):
        actions[-1]["add"]["stats"] = json.dumps(told)
        log.write_text("\n".join(map(json.dumps, actions)))
        file = Result(tmp_path, {}).table("silver", "sales").files[0]
        with pytest.raises(AssertionError, match="has no id c, and it has"):
            file.may_hold("id", "c")
    for odd in ("no json", "[]", '{"minValues": [1]}', '{"minValues": {"id": 1}, "maxValues": {"id": [2]}}', None):
        actions[-1]["add"]["stats"] = odd
        log.write_text("\n".join(map(json.dumps, actions)))
        assert Result(tmp_path, {}).table("silver", "sales").files[0].may_hold("id", "z")


def test_what_is_not_there_is_said(tmp_path):
    delta(tmp_path, "silver", "sales", [[row("a")]])
    result = Result(tmp_path, {})
    for wrong, words in [
        (lambda: result.table("gold", "sales"), "There is no Delta table gold.sales."),
        (lambda: result.table("silver", "sales").values("date"), "has no column date; it has id, amount, tags"),
        (lambda: result.table("silver", "sales").rows()[0]["date"], "has no column date; it has id, amount, tags"),
        (lambda: result.table("silver", "sales").files[0].may_hold("date", 1), "has no column date; it has id, amount, tags"),
        (lambda: result.table("silver", "sales").must_have(amount="double|long"), "should be double or long, and is decimal"),
        (lambda: result.stream("sales"), r"no streaming checkpoint at lakehouse.checkpoint\('sales'\)"),
        (lambda: result.stream("sales", "gold"), r"lakehouse.checkpoint\('sales', 'gold'\)"),
    ]:
        with pytest.raises(CheckFailed, match=words):
            wrong()


def test_a_table_with_renamed_columns_is_not_read_as_an_empty_one(tmp_path):
    delta(tmp_path, "silver", "sales", [[row("a")]], configuration={"delta.columnMapping.mode": "name"})
    with pytest.raises(CheckFailed, match="column mapping"):
        Result(tmp_path, {}).table("silver", "sales").rows()


def test_a_stream_is_what_its_checkpoint_says(tmp_path):
    folder = tmp_path / "checkpoints" / "sales" / "gold"
    for part, numbers in (("offsets", (0, 1, 2)), ("commits", (0, 1))):
        (folder / part).mkdir(parents=True)
        for number in numbers:
            (folder / part / str(number)).write_text(f'v1\n{{"batchWatermarkMs":0}}\n{{"logOffset":{number}}}')
    (folder / "offsets" / ".1.crc").write_text("x")
    stream = Result(tmp_path, {}).stream("sales", "gold")
    assert (stream.planned, stream.committed, stream.offsets(1)) == ([0, 1, 2], [0, 1], [{"logOffset": 1}])
    with pytest.raises(CheckFailed, match="cannot be read"):
        stream.offsets(7)


CHECKS = '''
from beside import wanted
from exercises.checks import CheckFailed, check


@check("passes", points=2)
def one(result):
    assert result.table("silver", "sales").values("id") == wanted(result)


@check("says why", points=1.5)
def two(result):
    raise CheckFailed("No.\\nAnd more.")


@check("a bare assert", points=1, visible=False, message="Only this is read.")
def three(result):
    assert result.notebook_status == "cell_failed"


@check("breaks", points=1, message="The table has another shape.")
def four(result):
    result.table("silver", "sales").rows()[0]["id"] + 1


@check("breaks without a message", points=1)
def five(result):
    {}["x"]
'''


def test_the_verdict_has_every_check(tmp_path):
    exercise, left = tmp_path / "exercise", tmp_path / "left"
    exercise.mkdir()
    delta(left / "lakehouse", "silver", "sales", [[row("a")]])
    (exercise / "checks.py").write_text(CHECKS)
    (exercise / "beside.py").write_text("def wanted(result):\n    return result.facts['ids']\n")
    (exercise / "facts.json").write_text('{"ids": ["a"]}')
    (exercise / "status.json").write_text('"ok"')
    found = judge(exercise, left)["checks"]
    assert [(one["name"], one["earned"], one["message"]) for one in found] == [
        ("passes", 2.0, ""),
        ("says why", 0.0, "No."),
        ("a bare assert", 0.0, "Only this is read."),
        ("breaks", 0.0, "The table has another shape."),
        ("breaks without a message", 0.0, "This check could not be completed on what your notebook left (KeyError)."),
    ]


def test_checks_are_collected_by_their_file(tmp_path):
    (tmp_path / "checks.py").write_text("from exercises.checks import check\n@check('a', points=1)\ndef f(result): ...\n")
    assert [one.name for one in collect(tmp_path / "checks.py")] == ["a"]
    (tmp_path / "checks.py").write_text("from exercises.checks import check\n@check\ndef f(result): ...\n")
    with pytest.raises((TypeError, ValueError)):
        collect(tmp_path / "checks.py")


def test_small_helpers():
    assert repeated(["a", "b", "a"]) == {"a": 2}
    assert (some([3, 1, 2]), some([4, 3, 1, 2])) == ("1, 2, 3", "1, 2, 3, …")


def test_times_have_a_zone(tmp_path):
    schema = [{"name": "at", "type": "timestamp"}]
    at = datetime(2013, 3, 1, 12, tzinfo=UTC)
    delta(tmp_path, "silver", "t", [[{"at": at}]], schema=schema)
    assert Result(tmp_path, {}).table("silver", "t").values("at") == [at]
