"""Progress of jobs, interrupting them, and the signs of life."""

import json
import time
from pathlib import Path

from tests.kernel.spark.notebook import Notebook

SLOW = "spark.range(0, {n}, 1, {n}).rdd.map(lambda i: __import__('time').sleep(0.6)).count()"


def heartbeats() -> list[dict]:
    return [json.loads(path.read_text()) for path in Path("/tmp/dataflow/activity").glob("*.json")]


def wait_for(condition, seconds: float, what: str):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.1)
    return found


def test_progress_in_the_cell_that_it_belongs_to(alone):
    with Notebook(DATAFLOW_PROGRESS="on") as kernel:
        ran = kernel.ok("type(spark).__name__")
        assert ran.kinds() == ["display_data", "clear_output", "execute_result"]
        assert "Starting Spark" in ran.shown[0][1]["data"]["text/plain"]
        assert ran.text == "'SparkSession'"
        kernel.ok("spark.range(1).rdd.map(str).collect()")
        ran = kernel.ok(SLOW.format(n=10))
        kinds = ran.kinds()
        assert kinds.count("display_data") == 1 and kinds.count("update_display_data") >= 2
        bars = [c["data"]["text/plain"] for k, c in ran.shown if "display_data" in k]
        assert any("of 10 tasks" in bar for bar in bars)
        assert all(
            "dataflow-progress" in c["data"]["text/html"] for k, c in ran.shown if "_data" in k
        )
        assert "Spark: 1 job, 10 tasks" in ran.text
        # A stream of this cell, then a cell of its own: the second shows nothing of the first.
        kernel.ok(
            "query = (spark.readStream.format('rate').option('numPartitions', 2).load()\n"
            " .writeStream.format('noop').start())"
        )
        quiet = kernel.ok("import time; time.sleep(4)")
        assert quiet.kinds() == []
        kernel.ok("query.stop()")
    assert not heartbeats(), "a kernel that has ended left its heartbeat"


def test_interrupting_a_cell_ends_its_jobs(notebook):
    notebook.ok("spark.range(1).count()")
    # Or the heartbeat of that job is taken for the next one's, and the kernel is interrupted before it has begun.
    wait_for(lambda: not heartbeats(), 30, "no heartbeat of an idle kernel")
    # An interrupted cell is an error, and the kernel drops whatever is asked at that moment, unless it is told not to.
    message = notebook.client.execute(SLOW.format(n=200), stop_on_error=False)
    wait_for(heartbeats, 30, "a heartbeat of the job")
    notebook.manager.interrupt_kernel()
    deadline = time.monotonic() + 60
    while True:
        reply = notebook.client.get_shell_msg(timeout=max(0.1, deadline - time.monotonic()))
        if reply["parent_header"].get("msg_id") == message:
            break
    # The second: the interrupt arrived inside of py4j, which then meets an error of its own.
    assert reply["content"]["ename"] in ("KeyboardInterrupt", "Py4JNetworkError"), reply["content"]
    # The connection that was interrupted gives no late answer to a later question.
    assert [notebook.ok(f"spark.range({n}).count()").value for n in (3, 4, 5)] == ["3", "4", "5"]
    code = "len(spark.sparkContext.statusTracker().getActiveJobsIds())"
    wait_for(lambda: notebook.ok(code).value == "0", 20, "no job is left")


def test_heartbeats_while_a_stream_runs(notebook):
    wait_for(lambda: not heartbeats(), 30, "no heartbeat of an idle kernel")
    notebook.ok(
        "query = (spark.readStream.format('rate').load().writeStream.format('noop')\n"
        " .queryName('ticks').start())"
    )
    beat = wait_for(heartbeats, 30, "a heartbeat")[0]
    assert "ticks" in beat["reason"]
    wait_for(lambda: heartbeats() and heartbeats()[0]["at"] > beat["at"], 30, "the next heartbeat")
    notebook.ok("query.stop()")
    wait_for(lambda: not heartbeats(), 30, "no heartbeat after the stream")
