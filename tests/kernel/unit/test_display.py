"""Values, tables and panels as people read them."""

import datetime
import decimal

import pytest

from lab_kernel import display, html, progress, text


@pytest.mark.parametrize(
    "value, shown",
    [
        (None, None),
        (True, "true"),
        (1.5, "1.5"),
        (decimal.Decimal("1E+3"), "1000"),
        (datetime.datetime(2013, 1, 2, 3, 4), "2013-01-02 03:04:00"),
        (datetime.date(2013, 1, 2), "2013-01-02"),
        (b"\x00\xff", "00 ff"),
        ([1, None], "[1, null]"),
        ({"a": None}, "{a: null}"),
        ("x" * 400, "x" * 299 + "…"),
    ],
)
def test_shorten(value, shown):
    assert display.shorten(value) == shown


@pytest.mark.parametrize(
    "fetched, said", [(0, "no rows"), (1, "1 row"), (20, "20 rows"), (21, "showing 20 of many rows")]
)
def test_caption(fetched, said):
    assert display.caption(fetched, 20) == said


def test_only_sparks_dataframes_are_taken():
    assert not display.is_dataframe(object())
    other = type("DataFrame", (), {"__module__": "pandas.core.frame"})
    assert not display.is_dataframe(other())
    mine = type("DataFrame", (), {"__module__": "pyspark.sql.classic.dataframe"})
    assert display.is_dataframe(type("Sub", (mine,), {})())


def test_whatever_is_data_is_escaped():
    evil = "<script>alert(1)</script>\"'&"
    pages = [
        html.table((evil,), [(evil,)], types=(evil,), caption=evil),
        html.panel("error", evil, [(evil, evil)], details=evil),
        html.link(f"/x?{evil}", evil),
        progress.running(progress.Snapshot(1, 1, (progress.Stage(1, evil, 1, 2),)), 1)["text/html"],
    ]
    for page in pages:
        assert "<script" not in page and "&lt;script&gt;" in page


def test_colours_are_the_themes_own():
    page = html.panel("error", "t", [("", "x")]) + html.table(("a",), [("b",)], caption="c")
    colours = [part for part in page.replace(";", "\n").splitlines() if "color" in part]
    assert colours and all("var(--jp-" in line for line in colours)


def test_text_table_is_aligned_and_stays_on_its_lines():
    found = text.table(("id", "name"), [("1", "a\nb"), ("100", "c")], types=("int", "string"), right={0})
    assert found.splitlines() == [
        " id | name",
        "int | string",
        "----+-------",
        "  1 | a\\nb",
        "100 | c",
    ]


def test_progress_counts_only_what_runs():
    class Tracker:
        jobs = {1: ("SUCCEEDED", [1]), 2: ("RUNNING", [2, 3])}
        stages = {1: ("count at x.java:0", 4, 0, 4, 0), 2: ("collect at y:1", 10, 2, 5, 1), 3: ("z", 3, 0, 0, 0)}

        def getJobIdsForGroup(self, group):
            return list(self.jobs) if group == "mine" else []

        def getJobInfo(self, job):
            status, stages = self.jobs[job]
            return type("Job", (), {"status": status, "stageIds": stages})

        def getStageInfo(self, stage):
            names = ("name", "numTasks", "numActiveTasks", "numCompletedTasks", "numFailedTasks")
            return type("Info", (), dict(zip(names, self.stages[stage], strict=True)))

    snapshot = progress.read(Tracker(), ["mine", "other"])
    assert snapshot == progress.Snapshot(2, 1, (progress.Stage(2, "collect", 5, 10, 1),), 9, 1)
    shown = progress.running(snapshot, 3.2)
    assert shown["text/plain"].splitlines() == [
        "Spark is working: 2 jobs, 3 s",
        "[##########..........] stage 2 collect: 5 of 10 tasks, 1 failed",
    ]
    assert "width:50%" in shown["text/html"]
    assert progress.finished(snapshot, 4.25)["text/plain"] == "Spark: 2 jobs, 9 tasks, 4.2 s, 1 failed"
