"""exercise.toml: read whole or refused with the field and what it must be."""

from datetime import UTC, datetime

import pytest

from exercises.definition import MB, parse, read
from exercises.errors import DefinitionError

GOOD = """
title = " Silver "
points = 10
opens = 2026-03-01T08:00:00+01:00
due = "2026-03-09T18:00"
attempts = 3
late = "10%/day"
needs = ["02_silver_processing"]
seed = 7
[limits]
seconds = 60
memory = 1536
"""


def test_every_field_is_read():
    found = parse("silver", GOOD.encode())
    assert (found.name, found.title, found.points, found.attempts, found.late) == ("silver", "Silver", 10.0, 3, "10%/day")
    assert found.opens == datetime(2026, 3, 1, 7, tzinfo=UTC) and found.due == datetime(2026, 3, 9, 18, tzinfo=UTC)
    assert (found.needs, found.seed, found.seconds, found.memory) == (("02_silver_processing",), 7, 60, 1536 * MB)


def test_two_fields_are_enough():
    found = parse("a", b'title = "A"\npoints = 1.5')
    assert (found.attempts, found.late, found.due, found.seed) == (0, "refuse", None, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("points = 1", "title is missing; write title"),
        ('title = "A"', "points is missing"),
        ('title = ""\npoints = 1', "title must be a text of 1 to 200"),
        ('title = "A"\npoints = 0', "points must be a number above 0, not 0"),
        ('title = "A"\npoints = true', "points must be"),
        ('title = "A"\npoints = 1\nattempts = -1', "attempts must be a whole number"),
        ('title = "A"\npoints = 1\nattempts = 1.5', "attempts must be"),
        ('title = "A"\npoints = 1\nlate = "sometimes"', "no late policy"),
        ('title = "A"\npoints = 1\nlate = "0%/day"', "no late policy"),
        ('title = "A"\npoints = 1\ndue = "tomorrow"', "due: 'tomorrow' is no time"),
        ('title = "A"\npoints = 1\ndue = 5', "due must be a time"),
        ('title = "A"\npoints = 1\nopens = "2026-02-01"\ndue = "2026-01-01"', "due .* before it opens"),
        ('title = "A"\npoints = 1\natempts = 2', "'atempts' is no field. Did you mean attempts"),
        ('title = "A"\npoints = 1\nzzz = 2', "The fields are title, points"),
        ('title = "A"\npoints = 1\nneeds = "02"', "needs must be a list"),
        ('title = "A"\npoints = 1\nseed = 0', "seed must be"),
        ('title = "A"\npoints = 1\n[limits]\nseconds = 5', "seconds must be a whole number of seconds from 10"),
        ('title = "A"\npoints = 1\n[limits]\nmemory = "2G"', "memory must be a whole number of MB"),
        ('title = "A"\npoints = 1\n[limits]\ncpus = 1', "'cpus' is no field"),
        ('title = "A"\npoints = 1\nlimits = 3', "limits must be a table"),
        ("title =", "no TOML"),
    ],
)
def test_a_bad_field_is_refused_with_the_reason(text, words):
    with pytest.raises(DefinitionError, match=f"^silver/exercise.toml: .*{words}"):
        parse("silver", text.encode())


def test_bad_bytes_names_and_no_file_are_refused():
    with pytest.raises(DefinitionError, match="no TOML"):
        parse("a", b"\xff")
    for name in ("Silver", "../x", "", "a_b", "-a"):
        with pytest.raises(DefinitionError, match="no name for an exercise"):
            read(name, {})
    with pytest.raises(DefinitionError, match="exercises new NAME"):
        read("a", {})
