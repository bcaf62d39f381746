"""The lakehouse, %%sql and the way DataFrames are shown."""

from pathlib import Path

ROOT = Path.home() / "lakehouse"


def test_land_copies_files_and_says_where(notebook, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("id,name\n1,x\n")
    assert notebook.ok(f"lakehouse.land('people', {str(file)!r})").value == repr(
        [f"{ROOT}/landing/people/a.csv"]
    )
    assert (ROOT / "landing/people/a.csv").read_text() == "id,name\n1,x\n"
    assert notebook.ok("lakehouse.exists(lakehouse.landing('people'))").value == "True"


def test_a_written_table_is_known_to_sql_and_listed(notebook):
    notebook.ok("spark.range(3).write.format('delta').save(lakehouse.bronze('people'))")
    assert "showing" not in notebook.ok("%sql select * from bronze.people").text
    # Also to the session itself, from the next cell on.
    assert notebook.ok("spark.table('bronze.people').count()").value == "3"
    notebook.ok("spark.table('bronze.people').write.saveAsTable('silver.people')")
    assert (ROOT / "silver/people/_delta_log").is_dir()
    listed = notebook.ok("lakehouse.tables()")
    rows = [line.split(" | ") for line in listed.text.splitlines()[2:]]
    shown = [tuple(cell.strip() for cell in row[:4]) for row in rows]
    assert ("bronze", "people", "3", "0") in shown and ("silver", "people", "3", "0") in shown
    assert "<table" in listed.html


def test_several_statements_and_a_kept_result(notebook):
    ran = notebook.ok(
        "%%sql -o wide -n 2\n"
        "create or replace table gold.wide as\n"
        "  select id, 'a;b' as text from bronze.people; -- not the end; of it\n"
        "/* nor ; here */ select * from gold.wide order by id;\n"
    )
    assert ran.text.splitlines()[-1] == "showing 2 of many rows"
    assert "a;b" in ran.html and "bigint" in ran.html
    assert notebook.ok("wide.count(), [row.id for row in wide.collect()]").value == "(3, [0, 1, 2])"


def test_a_failing_statement_is_named(notebook):
    ran = notebook.fails("%%sql\nselect 1;\nselect * from silver.nothing", "table-not-found")
    assert "In statement 2 of 2: select * from silver.nothing" in ran.text


def test_a_changed_row_counts(notebook):
    ran = notebook.ok("%sql update gold.wide set text = 'c' where id = 1")
    assert "num_affected_rows" in ran.text and ran.text.splitlines()[-2].strip() == "1"


def test_a_dropped_table_stays_dropped_and_its_files_are_mentioned(notebook):
    notebook.ok("spark.range(2).write.format('delta').save(lakehouse.gold('dropped'))")
    notebook.ok("%sql select * from gold.dropped")
    assert 'lakehouse.reset("dropped")' in notebook.ok("%sql drop table gold.dropped").text
    notebook.fails("%sql select * from gold.dropped", "table-not-found")
    notebook.ok(
        "spark.range(1).write.format('delta').mode('append').save(lakehouse.gold('dropped'))"
    )
    assert (
        notebook.ok("%sql select count(*) as n from gold.dropped").text.splitlines()[-2].strip()
        == "3"
    )
    notebook.ok("lakehouse.reset('dropped')")


def test_html_is_escaped_and_null_is_no_text(notebook):
    ran = notebook.ok(
        "spark.sql(\"select '<b>x</b>' as a, null as b, 'null' as c, array(1, null) as d\")"
    )
    assert "&lt;b&gt;x&lt;/b&gt;" in ran.html and "<b>x" not in ran.html
    assert ran.html.count("<i ") == 1
    assert ran.text.splitlines()[-1] == "1 row"


def test_a_stream_shows_its_columns(notebook):
    ran = notebook.ok("spark.readStream.format('rate').load()")
    assert "A stream" in ran.text and "timestamp" in ran.text and "bigint" in ran.html


def test_a_query_that_fails_while_shown_fails_the_cell(notebook):
    ran = notebook.run("spark.range(1).selectExpr('assert_true(id > 5)')")
    assert ran.status == "error" and ran.kinds()[-1] == "error"


def test_reset_removes_all_of_a_name_and_a_new_start_is_version_0(notebook):
    notebook.ok(
        "query = (spark.readStream.format('rate').load().writeStream.format('delta').queryName('people')\n"
        " .option('checkpointLocation', lakehouse.checkpoint('people', 'ticks'))\n"
        " .start(lakehouse.gold('people')))\n"
        "import time\n"
        "while not query.recentProgress: time.sleep(0.2)"
    )
    said = notebook.ok("lakehouse.reset('people')").text
    assert "stopped the stream people" in said
    for part in ("landing files", "bronze table", "silver table", "gold table", "checkpoints"):
        assert part in said
    left = [str(path) for path in ROOT.glob("*/people")]
    assert left == []
    notebook.fails("%sql select * from silver.people", "table-not-found")
    notebook.ok("spark.range(7).write.saveAsTable('silver.people')")
    assert notebook.ok("lakehouse.tables()['silver.people'].version").value == "0"
    assert notebook.ok("lakehouse.tables()['silver.people'].rows").value == "7"
    assert "removed silver table" in notebook.ok("lakehouse.reset('people')").text
    assert "nothing to remove" in notebook.ok("lakehouse.reset('people')").text


def test_bad_names_are_refused_before_anything_is_touched(notebook):
    for name in ("../other", "a/b", "", "1a", "a-b"):
        ran = notebook.run(f"lakehouse.reset({name!r})")
        assert ran.error["ename"] == "LakehouseError"


def value(notebook, statement):
    """What a statement of one row and column gives, as Python shows it."""
    notebook.ok(f"%%sql -o found\n{statement}")
    return notebook.ok("found.first()[0]").value


def test_a_parameter_is_the_notebooks_variable_with_its_type(notebook):
    notebook.ok(
        "import datetime, decimal\n"
        "import numpy as np\n"
        "small, large, half, name, yes, nothing = 3, 2**40, decimal.Decimal('0.50'), \"it's; -- :x\", True, None\n"
        "day, ids, counted = datetime.date(2013, 1, 31), (1, 2), np.int64(4)"
    )
    kinds = {
        "small": "int",
        "large": "bigint",
        "half": "decimal(2,2)",
        "name": "string",
        "yes": "boolean",
        "nothing": "void",
        "day": "date",
        "ids": "array<int>",
        "counted": "int",
    }
    for variable, kind in kinds.items():
        assert value(notebook, f"select typeof(:{variable})") == repr(kind)
    assert value(notebook, "select :name") == '"it\'s; -- :x"'
    assert value(notebook, "select count(*) from range(10) where array_contains(:ids, id)") == "2"
    assert value(notebook, "select count(*) from (select * from range(10) limit :small)") == "3"
    # A changed variable counts from the next run on.
    notebook.ok("small = 5")
    assert value(notebook, "select :small + :counted") == "9"


def test_parameters_in_statements_that_change_a_table(notebook):
    notebook.ok("price, wanted = 2.5, 1")
    notebook.ok(
        "%%sql\n"
        "create or replace table gold.prices as select id, cast(:price as double) as price from range(3);\n"
        "update gold.prices set price = :price * 2 where id = :wanted;\n"
        "delete from gold.prices where id > :wanted"
    )
    assert value(notebook, "select sum(price) from gold.prices") == "7.5"
    notebook.ok("lakehouse.reset('prices')")


def test_a_colon_that_is_no_parameter(notebook):
    assert value(notebook, "select parse_json('{\"x\": 8}'):x::int") == "8"
    # Variables of all these names, one of which has a value that SQL does not know.
    notebook.ok("city, a, b, int = 1, object(), 2, 3")
    assert value(notebook, "select '7'::int + 1") == "8"
    assert value(notebook, "select ':city' || \":a\" -- :a\n/* :missing */") == "':city:a'"
    assert value(notebook, "select map('a:b', 1)['a:b']") == "1"
    assert value(notebook, "select cast(named_struct('a', 1) as struct<a:int>).a") == "1"
    path = "select parse_json('{\"a\": {\"city\": 5}}'):a.city::int + :b"
    assert value(notebook, path) == "7"
    assert value(notebook, "select get_json_object('{\"a\":6}', '$.a')") == "'6'"
    # The next cases use the same notebook, and need Python's own int.
    notebook.ok("del city, a, b, int")


def test_a_parameter_without_a_value_is_named(notebook):
    ran = notebook.run("%%sql\nselect 1;\nselect :no_such_month as month")
    assert ran.error["ename"] == "SqlParameterError"
    assert ":no_such_month" in ran.error["evalue"] and "no variable" in ran.error["evalue"]
    assert "In statement 2 of 2" in ran.text and "args" not in ran.text
    notebook.ok("thing = object()")
    ran = notebook.run("%sql select :thing")
    assert ran.error["ename"] == "SqlParameterError" and "of type object" in ran.error["evalue"]
    notebook.ok("version = 0")
    ran = notebook.run("%sql select * from gold.wide version as of :version")
    assert ran.status == "error" and "only in a query, where a value may stand" in ran.text
    # A text with SQL in it is a text.
    notebook.ok("name = \"x' or '1' = '1\"")
    assert value(notebook, "select count(*) from gold.wide where text = :name") == "0"


def test_a_limit_is_for_what_is_fetched_and_kept(notebook):
    ran = notebook.ok("%%sql -o few -n 2 --limit 4\nselect * from range(100)")
    assert ran.text.splitlines()[-1] == "showing 2 of many rows"
    assert notebook.ok("few.count()").value == "4"
    assert notebook.ok("%sql -l 1 select * from range(100)").text.splitlines()[-1] == "1 row"
    assert "Done" in notebook.ok("%sql -l 1 create or replace temp view nothing_to_limit as select 1").text
