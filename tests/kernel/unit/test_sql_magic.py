"""Splitting statements, and the magic's own line."""

import pytest

from lab_kernel.sql_magic import SqlUsageError, parse, run, split


@pytest.mark.parametrize(
    "text, statements",
    [
        ("select 1", ["select 1"]),
        ("select 1;", ["select 1"]),
        ("select 1; select 2 ;\n", ["select 1", "select 2"]),
        ("select ';'; select 2", ["select ';'", "select 2"]),
        ("select 'it''s; fine'; select 2", ["select 'it''s; fine'", "select 2"]),
        (r"select 'a\';b'; select 2", [r"select 'a\';b'", "select 2"]),
        ('select ";" as `a;b`; select 2', ['select ";" as `a;b`', "select 2"]),
        ("select 1 -- no; not here\n; select 2", ["select 1 -- no; not here", "select 2"]),
        ("select /* ; */ 1; select 2", ["select /* ; */ 1", "select 2"]),
        ("-- only a comment;", []),
        ("/* never ended ;", []),
        ("select 'never ended ;", ["select 'never ended ;"]),
        (";;  ;", []),
        ("", []),
        ("select 1; -- the end", ["select 1"]),
    ],
)
def test_split(text, statements):
    assert split(text) == statements


@pytest.mark.parametrize(
    "line, cell, output, rows, sql",
    [
        ("", "select 1", None, None, "select 1"),
        ("-o x -n 5", "select 1", "x", 5, "select 1"),
        ("select -1 as a", None, None, None, "select -1 as a"),
        ("-n 3 select 'it''s'", None, None, 3, "select 'it''s'"),
        ("-o x select * from t where a = \"b", None, "x", None, 'select * from t where a = "b'),
        ("-- a comment", "select 1", None, None, "-- a comment\nselect 1"),
    ],
)
def test_parse(line, cell, output, rows, sql):
    options, text = parse(line, cell)
    assert (options.output, options.rows, text.strip()) == (output, rows, sql)


@pytest.mark.parametrize("line", ["-x 1", "-n many", "-o", "-o two-words"])
def test_a_bad_line_is_refused(line):
    with pytest.raises(SqlUsageError):
        parse(line, "select 1")


def test_statements_run_in_order_until_one_fails():
    class Spark:
        ran = []

        def sql(self, statement):
            self.ran.append(statement)
            if "bad" in statement:
                raise ValueError("no")
            return statement

    spark = Spark()
    assert run(spark, ["a", "b"]) == "b"
    with pytest.raises(ValueError) as caught:
        run(spark, ["c", "bad", "d"])
    assert spark.ran == ["a", "b", "c", "bad"]
    assert caught.value.__notes__ == ["In statement 2 of 3: bad"]
