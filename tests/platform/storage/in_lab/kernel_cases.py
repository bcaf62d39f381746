"""A notebook whose lakehouse is on the class's storage: the same cells, and what is said when something is refused. Runs inside a
lab.

The host revokes the key, and stops the storage, when a file in /meeting says that it is time.
"""

import time
from pathlib import Path

import pytest

from tests.kernel.spark.notebook import Notebook

MEETING = Path("/meeting")
START_SECONDS = 150
ROUND_TRIP = """
import pathlib
pathlib.Path("/tmp/sales.csv").write_text("id,amount\\n1,10\\n2,20\\n2,20\\n")
lakehouse.land("sales", "/tmp/sales.csv")
raw = spark.read.option("header", True).csv(lakehouse.landing("sales"))
raw.write.format("delta").mode("overwrite").save(lakehouse.bronze("sales"))
clean = spark.read.format("delta").load(lakehouse.bronze("sales")).selectExpr("int(id) id", "int(amount) amount").distinct()
clean.write.format("delta").mode("overwrite").save(lakehouse.silver("sales"))
"""
STREAM = """
query = (spark.readStream.format("delta").load(lakehouse.silver("sales")).writeStream.format("delta")
         .option("checkpointLocation", lakehouse.checkpoint("sales")).trigger(availableNow=True).start(lakehouse.gold("sales")))
query.awaitTermination()
spark.read.format("delta").load(lakehouse.gold("sales")).count()
"""
MERGE = """
spark.sql("merge into silver.sales t using (select 2 id, 99 amount union all select 3, 30) s on t.id = s.id "
          "when matched then update set * when not matched then insert *")
[tuple(row) for row in spark.table("silver.sales").orderBy("id").collect()]
"""


@pytest.fixture(scope="module")
def notebook():
    with Notebook() as kernel:
        kernel.ok("spark", START_SECONDS)
        yield kernel


def ask_the_host(what: str) -> None:
    (MEETING / f"please-{what}").touch()
    until = time.monotonic() + 60
    while not (MEETING / f"done-{what}").exists():
        assert time.monotonic() < until, f"the host did not {what} within 60 s"
        time.sleep(0.1)


def test_layers_are_buckets_and_the_cells_are_the_same(notebook):
    notebook.ok(ROUND_TRIP, 120)
    assert notebook.ok("lakehouse.silver('sales').replace('/ana/', '/<me>/')").value == "'s3a://silver/<me>/sales'"
    assert notebook.ok(STREAM, 120).value == "2"
    assert notebook.ok(MERGE, 120).value == "[(1, 10), (2, 99), (3, 30)]"
    tables = notebook.ok("[(table.layer, table.name, table.rows) for table in lakehouse.tables()]", 120).value
    assert tables == "[('bronze', 'sales', 3), ('silver', 'sales', 3), ('gold', 'sales', 2)]"


def test_reset_leaves_nothing(notebook):
    notebook.ok("lakehouse.reset('sales')")
    places = "(lakehouse.bronze, lakehouse.gold, lakehouse.checkpoint)"
    assert notebook.ok(f"[lakehouse.exists(place('sales')) for place in {places}]").value == "[False, False, False]"
    assert notebook.ok("[table.name for table in lakehouse.tables()]").value == "[]"
    # Delta makes a table only where nothing is listed.
    notebook.ok("spark.sql('create table bronze.sales (id int) using delta')", 120)
    notebook.ok("lakehouse.reset('sales')")


def test_a_table_saved_by_name_only(notebook):
    notebook.ok("spark.range(3).write.mode('overwrite').saveAsTable('counted')")
    assert notebook.ok("spark.table('counted').count()").value == "3"
    notebook.ok("spark.sql('drop table counted')")


OTHERS = {
    "written": "spark.range(3).write.format('delta').save('{place}')",
    "read": "spark.read.format('delta').load('{place}').count()",
    "asked for by SQL": "spark.sql('select * from delta.`{place}`').count()",
    "read as files": "spark.read.text('{place}/x.txt').count()",
    "looked for": "lakehouse.exists('{place}')",
    "removed": "lakehouse.storage.remove('{place}')",
}


@pytest.mark.parametrize("code", OTHERS.values(), ids=OTHERS.keys())
def test_another_students_place(notebook, code):
    result = notebook.fails(code.format(place="s3a://bronze/bob/sales"), "storage-anothers-place")
    assert "another student's place: bob" in result.text


@pytest.mark.parametrize("form", ["delta", "csv"])
def test_what_is_shared_is_not_changed(notebook, form):
    write = f"spark.range(3).write.format('{form}').mode('append').save('s3a://bronze/shared/sales-{form}')"
    notebook.fails(write, "storage-shared-is-read-only")


def test_no_folder_at_all(notebook):
    notebook.fails("spark.read.format('delta').load('s3a://bronze/').count()", "storage-not-yours")


def test_a_storage_that_fell_is_back_before_the_cell_gives_up(notebook):
    notebook.ok("spark.range(3).write.format('delta').save(lakehouse.bronze('kept'))")
    ask_the_host("kill")
    assert notebook.ok("spark.range(3).write.format('delta').mode('append').save(lakehouse.bronze('kept'))", 120).status == "ok"
    assert notebook.ok("spark.read.format('delta').load(lakehouse.bronze('kept')).count()").value == "6"


def test_a_key_that_was_revoked(notebook):
    ask_the_host("revoke")
    notebook.fails("spark.range(3).write.format('delta').mode('append').save(lakehouse.bronze('kept'))", "storage-key-revoked")
    notebook.fails("spark.read.format('delta').load(lakehouse.bronze('kept')).count()", "storage-key-revoked")
    notebook.fails("lakehouse.exists(lakehouse.bronze('kept'))", "storage-key-revoked")


def test_a_storage_that_is_stopped(notebook):
    ask_the_host("stop")
    notebook.fails("lakehouse.delta_tables()", "storage-silent", 120)
