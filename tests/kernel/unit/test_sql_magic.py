"""Splitting statements, what could be a parameter in them, and the magic's own line."""

import pytest

from lab_kernel import sql_parameters
from lab_kernel.sql_magic import SqlUsageError, parse, run
from lab_kernel.sql_text import names_after_colons, split


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
        (r"select r'a\'; select 2", [r"select r'a\'", "select 2"]),
    ],
)
def test_split(text, statements):
    assert split(text) == statements


@pytest.mark.parametrize(
    "text, names",
    [
        ("select :month, :_x1 where :ação", {"month", "_x1", "ação"}),
        ("limit : rows", {"rows"}),
        ("select '1'::int, x :: date, :a::int", {"a"}),
        ("select ':a', \":b\", `:c`, r':d' -- :e\n/* :f */", set()),
        ("map('a:b', 1) ; select 10:30", set()),
        # Only Spark can tell that these are none.
        ("payload:city.name", {"city"}),
        ("cast(x as struct<a:int>)", {"int"}),
    ],
)
def test_what_could_be_a_parameter(text, names):
    assert names_after_colons(text) == names


@pytest.mark.parametrize(
    "line, cell, output, rows, limit, sql",
    [
        ("", "select 1", None, None, None, "select 1"),
        ("-o x -n 5", "select 1", "x", 5, None, "select 1"),
        ("-l 7", "select 1", None, None, 7, "select 1"),
        ("--limit 7 --output=x", "select 1", "x", None, 7, "select 1"),
        ("--limit=7 select 1", None, None, None, 7, "select 1"),
        ("-n 2 -l 7 select 1", None, None, 2, 7, "select 1"),
        ("select -1 as a", None, None, None, None, "select -1 as a"),
        ("-n 3 select 'it''s'", None, None, 3, None, "select 'it''s'"),
        ("-o x select * from t where a = \"b", None, "x", None, None, 'select * from t where a = "b'),
        ("-- a comment", "select 1", None, None, None, "-- a comment\nselect 1"),
        ("--limits of this", "select 1", None, None, None, "--limits of this\nselect 1"),
    ],
)
def test_parse(line, cell, output, rows, limit, sql):
    options, text = parse(line, cell)
    assert (options.output, options.rows, options.limit) == (output, rows, limit)
    assert text.strip() == sql


@pytest.mark.parametrize("line", ["-x 1", "-n many", "-o", "-o two-words", "-l 0", "-n -1", "--limit"])
def test_a_bad_line_is_refused(line):
    with pytest.raises(SqlUsageError):
        parse(line, "select 1")


class Conf(dict):
    def set(self, name, value):
        self[name] = value


class Spark:
    """Notes what it is asked, and whether parameters would have been bound."""

    def __init__(self):
        self.ran, self.conf = [], Conf()

    def sql(self, statement, args=None):
        self.ran.append((statement, args) if args is not None else statement)
        if "bad" in statement:
            raise ValueError("no")
        return statement


def test_statements_run_in_order_until_one_fails():
    spark = Spark()
    assert run(spark, ["a", "b"], {}) == "b"
    with pytest.raises(ValueError) as caught:
        run(spark, ["c", "bad", "d"], {})
    assert spark.ran == ["a", "b", "c", "bad"]
    assert caught.value.__notes__ == ["In statement 2 of 3: bad"]


def test_only_variables_that_are_named_are_passed_and_the_text_stays(monkeypatch):
    def literals(names, variables):
        return {name: variables[name] for name in names}, {}

    monkeypatch.setattr(sql_parameters, "_literals", literals)
    spark = Spark()
    run(spark, ["select :month", "select 1::int"], {"month": "3; drop", "int": 4})
    assert spark.ran == [("select :month", {"month": "3; drop"}), "select 1::int"]
    # Nothing of the session has changed for what comes after.
    assert set(spark.conf.values()) == {"false"}
