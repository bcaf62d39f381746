"""plan() and tuned() on a real Spark, in a real notebook."""

import json
import time

import pytest

PREPARE = """
from lab_kernel import tuned
from lab_kernel.plan import PlanError
from pyspark.sql import Window, functions as F
lakehouse.reset("facts", "names")
facts = spark.range(0, 4000, 1, 2).selectExpr("id", "id % 8 AS k", "repeat('x', 20) AS text")
facts.write.format("delta").partitionBy("k").save(lakehouse.silver("facts"))
names = spark.range(0, 8, 1, 1).selectExpr("id AS k", "concat('n', id) AS name")
names.write.format("delta").save(lakehouse.silver("names"))
facts = spark.read.format("delta").load(lakehouse.silver("facts"))
names = spark.read.format("delta").load(lakehouse.silver("names"))
joined = facts.join(names, "k")
"""


@pytest.fixture
def tables(notebook):
    """The notebook with two tables and what the cases import, made once."""
    if notebook.ok("'joined' in globals()").value == "False":
        notebook.ok(PREPARE)
    return notebook


def test_joins_shuffles_and_broadcasts(tables):
    tables.ok(
        "found = plan(joined)\n"
        "assert not found.final and found.execution is None\n"
        "assert [join['how'] for join in found.joins] == ['broadcast hash']\n"
        "assert (len(found.exchanges), len(found.broadcasts)) == (0, 1)\n"
        "with tuned(broadcast_bytes=-1):\n"
        "    found = plan(facts.join(names, 'k'))\n"
        "assert [join['how'] for join in found.joins] == ['sort merge']\n"
        "assert found.joins[0]['keys'] == ['k'] and not found.joins[0]['skewed']\n"
        "assert [(e['partitioning'], e['by'], e['partitions']) for e in found.exchanges] == [('hash', ['k'], 2)] * 2\n"
        "assert all(node.rows is None for node in found.nodes)"
    )


def test_scans_know_files_partitions_and_filters(tables):
    tables.ok(
        "scan, = plan(facts.where('k < 3 and id > 5').select('id')).scans\n"
        "assert scan['partitions'] == 3 and scan['columns'] == ['id'], scan\n"
        "assert 'GreaterThan(id,5)' in scan['pushed_filters'], scan\n"
        "assert any('k < 3' in text for text in scan['partition_filters']), scan\n"
        "assert 3 <= scan['files'] < len(facts.inputFiles()) and scan['bytes'] > 0"
    )


def test_a_run_gives_the_final_plan_with_rows_and_its_number(tables):
    tables.ok(
        "with tuned(broadcast_bytes=-1, shuffle_partitions=16):\n"
        "    found = plan(joined.where('id < 1000').groupBy('name').count(), run=True)\n"
        "assert found.final and found.seconds > 0\n"
        "assert found.joins[0].rows == 1000\n"
        "assert found.nodes[0].rows == 8, found\n"
        "assert all(e.rows is not None and e['bytes'] > 0 for e in found.exchanges)\n"
        "assert found.exchanges[0]['partitions'] == 16\n"
        "assert found.shuffle_reads[0]['coalesced'] and found.shuffle_reads[0]['partitions'] < 16\n"
        "import json, urllib.request\n"
        "base = f'{spark.sparkContext.uiWebUrl}/api/v1/applications/{spark.sparkContext.applicationId}'\n"
        "page = json.load(urllib.request.urlopen(f'{base}/sql/{found.execution}'))\n"
        "assert page['status'] == 'COMPLETED' and page['description'].startswith('plan() run')\n"
        "assert page['successJobIds'] and page['planDescription'].count('AppendData')"
    )


def test_past_runs_are_remembered_as_they_were_seen(tables):
    tables.ok(
        "from lab_kernel.plan import history\n"
        "with tuned(broadcast_bytes=-1):\n"
        "    found = plan(joined, run=True)\n"
        "newest, second, *_ = history.runs(spark)\n"
        "assert newest.execution == found.execution > second.execution\n"
        "assert newest.settings['spark.sql.autoBroadcastJoinThreshold'] == '-1'\n"
        "assert len(newest.named('Exchange')) == 2 and newest.named('SortMergeJoin')[0].rows == 4000\n"
        "assert newest.reads('facts') and newest.reads('names') and not newest.reads('fact')\n"
        "assert sum(stage.shuffle_write_bytes for stage in newest.stages) == sum(e['bytes'] for e in found.exchanges)\n"
        "assert sum(history.rows_read(spark, newest.stages[-1])) == sum(e.rows for e in found.exchanges)"
    )


def test_a_query_that_was_collected_is_final_and_without_aqe_it_always_is(tables):
    tables.ok(
        "query = facts.groupBy('k').count()\n"
        "assert not plan(query).final\n"
        "query.collect()\n"
        "assert plan(query).final and plan(query).nodes[0].rows == 8\n"
        "assert plan(facts).final\n"
        "with tuned(adaptive=False):\n"
        "    query = facts.groupBy('k').count()\n"
        "    assert plan(query).final and plan(query).nodes[0].rows is None\n"
        "    found = plan(query, run=True)\n"
        "assert found.final and found.nodes[0].rows == 8 and found.shuffle_reads == []"
    )


def test_reused_shuffles_count_once(tables):
    tables.ok(
        "one = facts.groupBy('k').agg(F.max('id').alias('top'))\n"
        "with tuned(broadcast_bytes=-1):\n"
        "    found = plan(one.join(one.withColumnRenamed('top', 'other'), 'k'), run=True)\n"
        "assert len(found.exchanges) == 1 and len(found.named('ReusedExchange')) == 1\n"
        "assert found.named('ReusedExchange')[0].kind == 'reused'"
    )


def test_python_caches_windows_and_dynamic_pruning(tables):
    tables.ok(
        "double = F.udf(lambda value: 2 * value, 'long', useArrow=False)\n"
        "assert len(plan(facts.select(double('id'))).pythons) == 1\n"
        "assert plan(facts.select(F.row_number().over(Window.orderBy('id')))).exchanges[0]['partitioning'] == 'single'\n"
        "kept = facts.groupBy('k').count().cache()\n"
        "assert [c['filled'] for c in plan(kept).caches] == [False]\n"
        "kept.count()\n"
        "found = plan(kept.where('k > 1'))\n"
        "assert [c['filled'] for c in found.caches] == [True] and found.scans == found.exchanges == []\n"
        "kept.unpersist()\n"
        "found = plan(joined.where(\"name = 'n3'\"), run=True)\n"
        "scan = max(found.scans, key=lambda scan: len(scan.facts))\n"
        "assert scan['partitions'] == 1, found\n"
        "assert len(found.broadcasts) == 1, found"
    )


def test_aqe_says_where_it_has_split_a_skewed_partition(tables):
    tables.ok(
        "skewed = spark.range(0, 40000, 1, 4).selectExpr('if(id % 10 < 9, 0, id) AS k', 'uuid() AS text')\n"
        "other = spark.range(0, 40000, 1, 4).selectExpr('id AS k', 'uuid() AS more')\n"
        "with tuned(broadcast_bytes=-1, shuffle_partitions=8, skew_factor=2, skew_bytes=50_000, partition_bytes=50_000,\n"
        "           coalesce_for_cores=False):\n"
        "    found = plan(skewed.join(other, 'k'), run=True)\n"
        "assert found.joins[0].name == 'SortMergeJoin' and found.joins[0]['skewed'] and 'skewed=true' in found.joins[0].detail\n"
        "assert any(read['skewed'] for read in found.shuffle_reads)"
    )


def test_it_shows_itself_in_both_forms(tables):
    ran = tables.ok("plan(joined)")
    assert ran.text.startswith("Plan before the run") and "[BROADCAST] BroadcastExchange" in ran.text
    assert "dataflow-plan" in ran.html and ">BROADCAST</span>" in ran.html


def test_streams_and_other_things_are_refused(tables):
    for code in ("plan(1)", "plan(spark.readStream.format('rate').load())"):
        ran = tables.run(code)
        assert ran.error["ename"] == "PlanError", ran.text
    ran = tables.run("plan(spark.range(3).selectExpr('assert_true(id > 5)'), run=True)")
    assert ran.status == "error" and "USER_RAISED_EXCEPTION" in ran.text


def test_settings_do_not_outlive_their_cell(tables):
    keys = "spark.sql.shuffle.partitions", "spark.sql.adaptive.enabled"
    ask = f"[spark.conf.get(key, None) for key in {keys!r}]"
    before = tables.ok(ask).value
    tables.run("with tuned(shuffle_partitions=7, adaptive=False):\n    1 / 0")
    assert tables.ok(ask).value == before
    tables.ok("tuned(shuffle_partitions=7, adaptive=False).__enter__() and None")
    assert tables.ok(ask).value == before


def test_an_interrupted_cell_leaves_no_setting(tables):
    ask = "spark.conf.get('spark.sql.shuffle.partitions'), spark.range(5).count()"
    before = tables.ok(ask).value
    slow = "spark.range(0, 200, 1, 200).rdd.map(lambda i: __import__('time').sleep(0.6)).count()"
    code = f"with tuned(shuffle_partitions=7):\n    {slow}"
    message = tables.client.execute(code, stop_on_error=False)
    time.sleep(4)
    tables.manager.interrupt_kernel()
    while True:
        reply = tables.client.get_shell_msg(timeout=60)
        if reply["parent_header"].get("msg_id") == message:
            break
    assert reply["content"]["status"] == "error", json.dumps(reply["content"], default=str)
    assert tables.ok(ask).value == before
