"""Ratios, goals and the page, from made-up measurements."""

import pytest

from tests.bench import page
from tests.bench.burst import page as burst_page
from tests.bench.exercises import page as exercises_page
from tests.bench.table import HELD, MISSED, NO_GOAL, Row, text

START = Row("start", "s", ours=(4.0, 3.0, 5.0), stock=(10.0, 12.0, 8.0), goal=0.4)
IMAGE = Row("image", "GB", ours=(2.1,), goal=2.0)


def test_a_ratio_is_of_the_medians():
    assert START.ratio == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (START, HELD),
        (Row("start", "s", ours=(4.1,), stock=(10.0,), goal=0.4), MISSED),
        (IMAGE, MISSED),
        (Row("image", "GB", ours=(2.0,), goal=2.0), HELD),
        (Row("click", "s", ours=(2.0,)), NO_GOAL),
    ],
)
def test_a_goal_is_an_upper_limit(row, verdict):
    assert row.verdict == verdict


def test_the_table_shows_medians_and_spread():
    lines = text([START, IMAGE]).splitlines()
    assert lines[1].split() == [
        *("start", "s", "10.00", "(8.00–12.00)", "4.00", "(3.00–5.00)", "0.40", "≤", "0.40", "held")
    ]
    assert lines[2].endswith("missed")


def test_the_page_says_first_what_was_missed():
    about = {"date": "2026-01-02", "memory": "24 GiB"}
    made = page.render(about, [START, IMAGE], [("Java", 187.0)], [("pyarrow", 113.2)])
    assert made.splitlines()[2] == "On 2026-01-02 these goals were missed: image."
    assert "| pyarrow | 113 |" in made
    held = page.render(about, [START], [], [])
    assert held.splitlines()[2] == "All goals were held on 2026-01-02."


def test_the_part_about_exercises_stays_last_and_names_what_gained(tmp_path):
    about = {"date": "2026-01-02", "memory": "24 GiB", "processors": "2", "docker": "20"}
    path = tmp_path / "page.md"
    page.write(about, [START], [], [], path=path)
    exercises_page.write(about, [Row("collect", "s", ours=(1.0,), stock=(9.0,))], {"a_crime": 4.0, "another": 0.0}, 16, path=path)
    burst_page.write(about, [Row("burst", "s", ours=(30.0,), stock=(90.0,), goal=0.6)], path=path)
    page.write(about, [START, IMAGE], [], [], path=path)
    text_ = path.read_text()
    assert text_.count("## Exercises") == text_.count("## Thirty at once") == 1
    assert text_.index("| image |") < text_.index("| burst |") < text_.index("| collect |") and "on stock: `a_crime` 4." in text_


def test_each_bench_leaves_the_others_part_alone(tmp_path):
    about = {"date": "2026-01-02", "memory": "24 GiB", "processors": "2", "docker": "20"}
    path = tmp_path / "page.md"
    page.write(about, [START], [], [], path=path)
    burst_page.write(about, [Row("burst", "s", ours=(30.0,), stock=(90.0,), goal=0.6)], path=path)
    page.write(about, [START, IMAGE], [], [], path=path)
    text_ = path.read_text()
    assert text_.startswith("# Measured") and text_.count("## Thirty at once") == 1
    assert "| burst | s | 90.00 | 30.00 | 0.33 | \u2264 0.60 | held |" in text_ and "| image |" in text_
