"""Reading the container's memory, on both versions of control groups."""

import os
from pathlib import Path

import pytest

from lab_kernel import memory, notes

GB = 1 << 30


@pytest.fixture
def version_1(tmp_path):
    folder = tmp_path / "memory"
    folder.mkdir()
    (folder / "memory.limit_in_bytes").write_text(f"{2 * GB}\n")
    (folder / "memory.usage_in_bytes").write_text(f"{GB}\n")
    (folder / "memory.stat").write_text(f"cache 5\ninactive_file 1\ntotal_inactive_file {GB // 4}\n")
    (folder / "memory.oom_control").write_text("oom_kill_disable 0\nunder_oom 0\noom_kill 3\n")
    return tmp_path


@pytest.fixture
def version_2(tmp_path):
    (tmp_path / "cgroup.controllers").write_text("memory pids\n")
    (tmp_path / "memory.max").write_text(f"{2 * GB}\n")
    (tmp_path / "memory.current").write_text(f"{GB}\n")
    (tmp_path / "memory.stat").write_text(f"anon 5\ninactive_file {GB // 4}\n")
    (tmp_path / "memory.events").write_text("low 0\nhigh 0\nmax 9\noom 4\noom_kill 3\n")
    return tmp_path


@pytest.mark.parametrize("version", ["version_1", "version_2"])
def test_limit_usage_and_kills(version, request):
    root = request.getfixturevalue(version)
    assert memory.read(root) == memory.Memory(2 * GB, GB - GB // 4, 3)


def test_no_limit_is_none(version_1, version_2):
    (version_1 / "memory" / "memory.limit_in_bytes").write_text("9223372036854771712\n")
    (version_1 / "cgroup.controllers").unlink()
    assert memory.read(version_1).limit is None
    (version_2 / "cgroup.controllers").write_text("memory\n")
    (version_2 / "memory.max").write_text("max\n")
    assert memory.read(version_2).limit is None


def test_nothing_to_read_is_no_error(tmp_path):
    assert memory.read(tmp_path / "none") == memory.Memory(None, None, 0)


@pytest.mark.parametrize(
    "size, text", [(2 * GB, "2 GiB"), (3 * GB // 2, "1.5 GiB"), (300 << 20, "300 MiB"), (None, "?")]
)
def test_sizes_for_people(size, text):
    assert memory.human(size) == text


@pytest.fixture
def lab(tmp_path):
    """The scores of a lab's first process, which the hub has set, and of another."""

    def made(first: int, other: int) -> Path:
        for pid, score in (("1", first), ("7", other)):
            (tmp_path / pid).mkdir(exist_ok=True)
            (tmp_path / pid / "oom_score_adj").write_text(f"{score}\n")
        return tmp_path

    return made


@pytest.mark.parametrize(
    ("first", "other", "after"), [(0, 0, 400), (500, 500, 900), (500, 800, 900), (500, 950, 950), (700, 700, 1000)]
)
def test_a_victim_goes_before_whatever_the_lab_began_with(lab, first, other, after):
    processes = lab(first, other)
    assert memory.prefer_as_victim(7, 400, processes)
    assert int((processes / "7" / "oom_score_adj").read_text()) == after


def test_a_victims_score_is_only_ever_raised():
    score = Path("/proc/self/oom_score_adj")
    before = score.read_text()
    assert memory.prefer_as_victim("self", -1000)
    assert score.read_text() == before
    assert not memory.prefer_as_victim(2**22 + 1, 500)


def test_what_the_machine_can_still_give(tmp_path):
    (tmp_path / "meminfo").write_text("MemTotal:  24000 kB\nMemFree:  1 kB\nMemAvailable:   2048 kB\n")
    assert memory.available(tmp_path / "meminfo") == 2 << 20
    (tmp_path / "meminfo").write_text("MemTotal:  24000 kB\n")
    assert memory.available(tmp_path / "meminfo") is None
    assert memory.available(tmp_path / "none") is None


GONE = 2**22 + 1


@pytest.mark.parametrize(
    "note, kills, killed",
    [
        ({"pid": GONE, "started": 1.0, "oom_kills": 0}, 1, True),
        ({"pid": GONE, "started": 1.0, "oom_kills": 1}, 1, False),
        ({"pid": os.getppid(), "started": 1.0, "oom_kills": 0}, 1, False),
        ({"pid": GONE, "started": 1.0}, 1, False),
        ({"something": "else"}, 1, False),
        (None, 1, False),
    ],
    ids=["killed", "ended otherwise", "still lives", "half a note", "no note of ours", "no note"],
)
def test_was_the_kernel_before_killed_for_memory(note, kills, killed):
    assert notes.was_killed(note, kills) is killed


def test_a_kernel_that_ends_by_itself_leaves_no_note(tmp_path):
    life = notes.KernelLife(tmp_path, "abc")
    assert life.begin() is False
    assert (tmp_path / "kernels" / "abc.json").exists()
    life.refresh()
    life.end()
    assert list((tmp_path / "kernels").iterdir()) == []
