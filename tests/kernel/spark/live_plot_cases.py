"""A picture that follows a real stream in a real notebook."""

FOLLOW = """
from lab_kernel import live_plot
spark.range(6).repartition(3).write.mode("overwrite").parquet("/tmp/live_plot")
stream = spark.readStream.schema("id long").option("maxFilesPerTrigger", 1).parquet("/tmp/live_plot")
query = stream.{change}.writeStream.format("noop").queryName("six").trigger(availableNow=True).start()
lengths = []

def draw(axes, reports):
    lengths.append(len(reports["six"]))
    axes.plot([report["numInputRows"] for report in reports["six"]])

reports = live_plot.follow(query, draw)
"""


def test_one_picture_is_updated_and_ends_with_the_stream(notebook):
    ran = notebook.ok(FOLLOW.format(change="where('id >= 0')"))
    kinds = ran.kinds()
    assert kinds.count("display_data") == 1 and kinds.count("update_display_data") >= 1
    assert all("image/png" in content["data"] for kind, content in ran.shown if "display_data" in kind)
    assert notebook.ok("lengths[0], lengths == sorted(set(lengths)), query.isActive").value == "(0, True, False)"
    assert notebook.ok("sum(report['numInputRows'] for report in reports['six'])").value == "6"


def test_a_stream_that_fails_fails_the_cell(notebook):
    ran = notebook.run(FOLLOW.format(change="selectExpr('1 / (id - id)')"))
    assert ran.status == "error" and ran.error["ename"] == "StreamingQueryException"
