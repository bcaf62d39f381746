"""A notebook whose lakehouse is on some S3 server, known by its address, region and keys only. Runs inside a lab."""

from tests.kernel.spark.notebook import Notebook

START_SECONDS = 150
TABLE = """
spark.range(3).write.format("delta").save(lakehouse.bronze("numbers"))
spark.range(3, 5).write.format("delta").mode("append").save(lakehouse.bronze("numbers"))
"""
MERGE = """
spark.sql("merge into bronze.numbers t using (select 9L id) s on t.id = s.id when not matched then insert *")
sorted(row.id for row in spark.read.format("delta").load(lakehouse.bronze("numbers")).collect())
"""


def test_a_table_is_made_changed_and_listed():
    with Notebook() as notebook:
        notebook.ok("spark", START_SECONDS)
        notebook.ok(TABLE, 120)
        # SQL knows a table's name from the cell after the one that made it.
        assert notebook.ok(MERGE, 120).value == "[0, 1, 2, 3, 4, 9]"
        listed = "[(one.layer, one.name, one.version) for one in lakehouse.tables()]"
        assert notebook.ok(listed, 120).value == "[('bronze', 'numbers', 2)]"
