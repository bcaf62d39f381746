"""Following streams, with streams that say what a test wants."""

from types import SimpleNamespace

import pytest

from lab_kernel import live_plot


class Stream:
    """A query that has one batch more at each look, and ends after the last."""

    def __init__(self, name, batches, error=None):
        self.name, self.id, self.batches, self.error = name, "7", batches, error
        self.done = 0

    @property
    def isActive(self):
        return self.done < self.batches

    @property
    def recentProgress(self):
        self.done = min(self.done + 1, self.batches)
        return [{"batchId": n, "timestamp": f"08:0{n}"} for n in range(self.done)][-2:]

    def exception(self):
        return self.error


def seen(queries, seconds=60.0):
    pictures = []
    found = live_plot.watch(
        queries,
        lambda reports: pictures.append({name: len(all_) for name, all_ in reports.items()}),
        seconds,
        wait=lambda _: None,
    )
    return pictures, found


def test_one_picture_for_each_report_until_the_end():
    pictures, found = seen(Stream("a", 4))
    assert pictures == [{"a": 0}, {"a": 1}, {"a": 2}, {"a": 3}, {"a": 4}]
    # Also those that Spark has forgotten meanwhile, each once.
    assert [report["batchId"] for report in found["a"]] == [0, 1, 2, 3]


def test_the_last_stream_decides_when_it_ends():
    pictures, found = seen([Stream("a", 1), Stream(None, 3)])
    assert pictures[-1] == {"a": 1, "7": 3} and len(pictures) == 4


def test_a_stream_without_end_is_left_running():
    endless = SimpleNamespace(name="a", id="1", isActive=True, recentProgress=[], exception=lambda: None)
    pictures, found = seen(endless, seconds=0)
    assert pictures == [{"a": 0}] and found == {"a": []}


def test_what_ended_a_stream_is_raised_after_its_last_picture():
    with pytest.raises(ZeroDivisionError):
        seen([Stream("a", 1), Stream("b", 2, error=ZeroDivisionError())])


@pytest.mark.parametrize("queries", [[], [Stream("a", 1), Stream("a", 1)]])
def test_names_have_to_tell_the_streams_apart(queries):
    with pytest.raises(ValueError, match="queryName"):
        seen(queries)
