"""A plan as values, as text and as HTML; what plan() refuses. Reading Spark's own plans is in spark/plan_cases.py."""

import re

import pytest

from lab_kernel.plan import PlanError, jvm, nodes, plan, show
from lab_kernel.plan.nodes import Node, Plan


def join_plan(**more):
    scan = Node("Scan parquet", nodes.SCAN, "1 file; columns: k", 2_000, {"files": 1, "bytes": 12_345})
    small = Node("BroadcastExchange", nodes.BROADCAST, "to every task", None, {}, (Node("Range", nodes.SCAN),))
    hidden = Node("SubqueryBroadcast", subquery=True, children=(Node("ReusedExchange", nodes.REUSED),))
    join = Node("BroadcastHashJoin", nodes.JOIN, "Inner on k", 1, {"how": "broadcast hash"}, (scan, small, hidden))
    return Plan(Node("Exchange", nodes.EXCHANGE, "by k", None, {}, (join,)), final=True, **more)


def test_the_lists_of_a_plan():
    found = join_plan()
    assert [node.name for node in found.exchanges] == ["Exchange"]
    assert [node.name for node in found.broadcasts] == ["BroadcastExchange"]
    assert [node.name for node in found.scans] == ["Scan parquet", "Range"]
    assert [node["how"] for node in found.joins] == ["broadcast hash"]
    assert found.pythons == found.caches == found.shuffle_reads == []
    assert len(found.nodes) == 7 and found.named("RANGE") == [found.scans[1]]


def test_a_fact_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(KeyError, match="Scan parquet has no 'rows'. It has: files, bytes"):
        join_plan().scans[0]["rows"]


def test_text_has_sparks_branches_and_a_word_for_each_mark():
    assert repr(join_plan(seconds=1.25, execution=7)).splitlines() == [
        "Final plan: 1 shuffle, 1 broadcast, 1 join, 2 scans; ran in 1.2 s; query 7 on Spark's SQL page",
        "[SHUFFLE] Exchange  by k",
        "+- [JOIN] BroadcastHashJoin  Inner on k; 1 row",
        "   :- [SCAN] Scan parquet  1 file; columns: k; 2,000 rows, 12.3 kB",
        "   :- [BROADCAST] BroadcastExchange  to every task",
        "   :  +- [SCAN] Range",
        "   +- for a filter: SubqueryBroadcast",
        "      +- [REUSED] ReusedExchange",
    ]


def test_a_plan_that_may_still_change_says_so():
    assert show.headline(Plan(Node("Project"), final=False)).startswith("Plan before the run")
    assert "no shuffle" in show.headline(Plan(Node("Project"), final=True))


def test_html_says_in_words_and_depth_what_it_shows_in_colour():
    found = join_plan()
    page = found._repr_html_()
    for node in found.nodes:
        assert node.name in page
    words = re.findall(r"font-weight:600\">([A-Z]+)</span>", page)
    assert words == ["SHUFFLE", "JOIN", "SCAN", "BROADCAST", "SCAN", "REUSED"]
    assert page.count("<li") == page.count("</li>") == len(found.nodes)
    # One list for the result, and one for what each node reads from.
    lists = 1 + sum(bool(node.children) for node in found.nodes)
    assert page.count("<ul") == page.count("</ul>") == page.count('role="list"') == lists


def test_colours_are_the_themes_own_and_data_is_escaped():
    evil = "<script>alert(1)</script>\"'&"
    page = Plan(Node(evil, nodes.SCAN, evil), final=True)._repr_html_()
    assert "<script" not in page and "&lt;script&gt;" in page
    colours = re.findall(r"(?:color|border[\w-]*):([^;\"]+)", page)
    assert colours and all("var(--jp-" in c or re.fullmatch(r"\d+px", c) for c in colours)


@pytest.mark.parametrize("form", [repr, lambda found: found._repr_html_()])
def test_a_huge_plan_is_cut_and_says_so(form):
    children = tuple(Node(f"Leaf{number}") for number in range(400))
    shown = form(Plan(Node("Union", children=children), final=True))
    assert shown.count("Leaf") == show.MAX_NODES - 1
    assert f"and {401 - show.MAX_NODES} more nodes" in shown


def test_a_long_detail_is_cut():
    shown = repr(Plan(Node("Project", detail="x" * 5_000), final=True))
    assert len(shown.splitlines()[1]) < show.MAX_DETAIL + 20 and shown.endswith("…")


@pytest.mark.parametrize("count, said", [(0, "0 B"), (9_999, "9999 B"), (10_000, "10.0 kB"), (2_500_000, "2.5 MB")])
def test_sizes(count, said):
    assert show.size(count) == said


@pytest.mark.parametrize(
    "given, parts",
    [
        ("[]", []),
        ("[IsNotNull(id), GreaterThan(id,5)]", ["IsNotNull(id)", "GreaterThan(id,5)"]),
        ("[In(k, [1,2]), Or(a,b)]", ["In(k, [1,2])", "Or(a,b)"]),
    ],
)
def test_lists_of_filters(given, parts):
    assert jvm.split_list(given) == parts


def test_expressions_lose_sparks_numbers():
    class Expression:
        def toString(self):  # noqa: N802
            return "((id#12L > 5) AND (k#3 = Subquery subquery#9, [id=#77]))"

    assert jvm.words(Expression()) == "((id > 5) AND (k = Subquery subquery))"


def test_what_is_no_dataframe_is_refused_with_a_sentence():
    for value in (None, 1, [1], object()):
        with pytest.raises(PlanError, match=f"of type {type(value).__name__}"):
            plan(value)


def fake_frame(module, streaming):
    return type("DataFrame", (), {"__module__": module, "isStreaming": streaming})()


def test_streams_and_frames_of_spark_connect_are_refused():
    with pytest.raises(PlanError, match="spark.read instead of spark.readStream"):
        plan(fake_frame("pyspark.sql.classic.dataframe", True))
    with pytest.raises(PlanError, match="Connect"):
        plan(fake_frame("pyspark.sql.connect.dataframe", False))
