"""What CI runs of the groups of services in the time that `make test` leaves, and what it says of the rest.

The real run takes over an hour: here the clock, `make` and scripts/test.sh are played, and each takes the minutes that a test says.
"""

import re
import shutil
from pathlib import Path

import pytest

from tests.helpers.versions import ROOT
from tests.ops.run import Done, run

CLOCK = """#!/bin/sh
cat "$CLOCK"
"""
# Takes its minutes, says what it was asked for, and ends as it is told to.
PLAYED = """#!/bin/sh
for word in $TAKES; do
  case $word in "$1:"*) echo $(($(cat "$CLOCK") + 60 * ${word#*:})) > "$CLOCK.new"; mv "$CLOCK.new" "$CLOCK" ;; esac
done
echo "RAN $*"
case " $FAILS " in *" $1 "*) exit 1 ;; esac
"""


def parts() -> dict[str, int]:
    """The parts that can run alone, with the minutes that each may take."""
    words = re.search(r'^parts="(.+)"$', (ROOT / ".ci/run").read_text(), re.MULTILINE)[1]
    return {name: int(least) for name, least in (word.split(":") for word in words.split())}


def minutes(name: str) -> int:
    return int(re.search(rf"^minutes_for_{name}=(\d+)$", (ROOT / ".ci/run").read_text(), re.MULTILINE)[1])


def budget() -> int:
    return minutes("all")


@pytest.fixture
def ci(tmp_path: Path):
    def play(*, fails: str = "", **takes: int) -> Done:
        shutil.copytree(ROOT / ".ci", tmp_path / ".ci")
        (tmp_path / "tests").symlink_to(ROOT / "tests")
        for place, text in {"bin/date": CLOCK, "bin/make": PLAYED, "scripts/test.sh": PLAYED}.items():
            path = tmp_path / place
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            path.chmod(0o755)
        (tmp_path / "clock").write_text("1000000")
        words = " ".join(f"{name.replace('__', '/')}:{taken}" for name, taken in takes.items())
        path = f"{tmp_path}/bin:/usr/bin:/bin"
        return run(["sh", ".ci/run"], root=tmp_path, PATH=path, CLOCK=str(tmp_path / "clock"), TAKES=words, FAILS=fails)

    return play


def ran(done: Done) -> list[str]:
    return [line.removeprefix("RAN ") for line in done.out.splitlines() if line.startswith("RAN ")]


def test_the_whole_platform_runs_where_it_fits(ci):
    done = ci(test=budget() - minutes("groups"))
    assert ran(done) == ["test", "test-platform"]
    assert "NOT RUN" not in done.text
    assert done.status == 0


def test_without_time_for_all_of_it_the_parts_that_fit_run_and_the_rest_is_named(ci):
    first = next(iter(parts()))
    done = ci(test=budget() - parts()[first])
    assert ran(done) == ["test", f"platform/{first}"]
    assert "NOT RUN: platform/nifi" in done.text
    assert f"NOT RUN: platform/{first}" not in done.text
    assert done.status == 0


def test_every_part_runs_while_there_is_time_for_it(ci):
    names = list(parts())
    done = ci(test=budget() - sum(parts().values()))
    assert ran(done) == ["test", *(f"platform/{name}" for name in names)]


def test_a_part_that_took_longer_costs_the_next_ones(ci):
    first, *others = parts()
    done = ci(test=budget() - sum(parts().values()), **{f"platform__{first}": sum(parts().values())})
    assert ran(done) == ["test", f"platform/{first}"]
    for name in others:
        assert f"NOT RUN: platform/{name}" in done.text


def test_without_any_time_everything_is_named(ci):
    done = ci(test=budget())
    assert ran(done) == ["test"]
    named = re.findall(r"^NOT RUN: platform/(\w+)", done.out, re.MULTILINE)
    there = {path.stem for path in (ROOT / "tests/platform").glob("[a-z]*") if path.name.startswith("test_") or path.is_dir()}
    assert set(named) == there - {"unit"}
    assert done.status == 0


def test_a_failing_part_fails_the_run_and_the_next_still_runs(ci):
    first, second, *_ = parts()
    done = ci(test=budget() - sum(parts().values()), fails=f"platform/{first}")
    assert f"platform/{second}" in ran(done)
    assert done.status != 0


def test_nothing_of_the_platform_runs_after_a_failure(ci):
    done = ci(fails="test")
    assert ran(done) == ["test"]
    assert done.status != 0
