"""The container's own counts, on both versions of cgroups."""

import pytest

from lab_kernel.desk.container import Count, Processors, processes


def write(root, **files):
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def first(root, seconds, quota="150000"):
    write(root, pids__pids_dot_current="43\n", pids__pids_dot_max="1024\n", cpuacct__cpuacct_dot_usage=f"{int(seconds * 1e9)}\n",
          cpu__cpu_dot_cfs_quota_us=f"{quota}\n", cpu__cpu_dot_cfs_period_us="100000\n")


def second(root, seconds, quota="150000"):
    quota = "max" if quota == "-1" else quota
    write(root, cgroup_dot_controllers="cpu memory pids\n", pids_dot_current="43\n", pids_dot_max="1024\n",
          cpu_dot_max=f"{quota} 100000\n", cpu_dot_stat=f"usage_usec {int(seconds * 1e6)}\nuser_usec 5\n")


@pytest.mark.parametrize("kernel", [first, second])
def test_use_is_counted_between_two_looks(tmp_path, kernel):
    now = [100.0]
    kernel(tmp_path, 10)
    assert processes(tmp_path) == Count(43, 1024)
    looked = Processors(tmp_path, lambda: now[0])
    kernel(tmp_path, 13)
    now[0] = 102.0
    assert looked.look() == Count(1.5, 1.5)
    # Two pages that ask at the same moment see the same.
    now[0] = 102.1
    assert looked.look() == Count(1.5, 1.5)
    kernel(tmp_path, 13)
    now[0] = 104.0
    assert looked.look().used == 0.0


@pytest.mark.parametrize("kernel", [first, second])
def test_no_limit_is_none(tmp_path, kernel):
    kernel(tmp_path, 1, quota="-1")
    assert Processors(tmp_path).look().limit is None


def test_outside_a_container_nothing_is_guessed(tmp_path):
    assert processes(tmp_path) == Count(None, None)
    assert Processors(tmp_path).look() == Count(None, None)
