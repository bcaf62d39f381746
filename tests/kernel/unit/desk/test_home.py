"""A home's quota: levels, how often it is measured, and that deleting is enough to be let in again."""

import asyncio

import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado import web

from lab_kernel.desk.home import Home, Level, disk_used
from lab_kernel.desk.kernels import LabKernelManager

MB = 1 << 20


class Disk:
    def __init__(self, used, seconds=0.0):
        self.used, self.seconds, self.looks, self.now = used, seconds, 0, 0.0

    async def __call__(self, folder):
        self.looks += 1
        self.now += self.seconds
        return self.used

    def home(self, quota=100 * MB):
        return Home(None, quota, quota * 120 // 100, self, lambda: self.now)


@pytest.mark.parametrize(("megabytes", "level"), [
    (0, Level.FINE), (79, Level.FINE), (80, Level.NEAR), (99, Level.NEAR), (100, Level.OVER), (119, Level.OVER), (120, Level.FULL),
])
def test_levels(megabytes, level):
    async def look():
        home = Disk(megabytes * MB).home()
        await home.look()
        assert home.level is level
        assert await home.allows_a_notebook() is (level is not Level.FULL)

    asyncio.run(look())


def test_without_a_quota_nothing_is_refused_and_before_a_notebook_nothing_measured():
    async def look():
        disk = Disk(10**15)
        home = disk.home(quota=0)
        assert await home.allows_a_notebook() and disk.looks == 0
        await home.look()
        assert (home.used, home.level) == (10**15, Level.FINE)

    asyncio.run(look())


def test_it_is_measured_the_rarer_the_longer_it_takes():
    async def look():
        quick, slow = Disk(MB), Disk(MB, seconds=10)
        for disk in (quick, slow):
            home = disk.home()
            for disk.now in (0, 30, 65, 130, 250):  # noqa: B007
                await home.look()
        assert (quick.looks, slow.looks) == (4, 1)

    asyncio.run(look())


def test_what_was_deleted_a_moment_ago_counts():
    async def look():
        disk = Disk(200 * MB)
        home = disk.home()
        assert not await home.allows_a_notebook()
        disk.used = 50 * MB
        assert await home.allows_a_notebook()
        assert (home.level, disk.looks) == (Level.FINE, 2)

    asyncio.run(look())


def test_what_was_written_since_counts_before_the_next_notebook_starts():
    async def look():
        quick, slow = Disk(MB), Disk(MB, seconds=10)
        for disk in (quick, slow):
            home = disk.home()
            assert await home.allows_a_notebook()
            disk.used, asked = 200 * MB, disk.now
            disk.now = asked + 9
            assert await home.allows_a_notebook(), "a burst of notebooks is measured once"
            disk.now = asked + 11
            # Where a look takes ten seconds, it is not asked for again so soon.
            assert await home.allows_a_notebook() is (disk is slow)

    asyncio.run(look())


def test_a_home_that_cannot_be_measured_in_time_starts_notebooks():
    async def look():
        async def never(folder):
            await asyncio.sleep(60)

        assert await Home(None, MB, MB, never).allows_a_notebook(seconds=0.05)
        home = Disk(None).home()
        assert await home.allows_a_notebook() and home.level is Level.FINE

    asyncio.run(look())


def test_du_says_how_much_a_folder_takes(tmp_path):
    (tmp_path / "data").write_bytes(b"x" * MB)
    (tmp_path / "elsewhere").symlink_to("/usr")
    used = asyncio.run(disk_used(tmp_path))
    assert MB <= used < 2 * MB
    assert asyncio.run(disk_used(tmp_path / "nothing")) is None


def test_a_full_home_starts_no_kernel_and_says_why(monkeypatch):
    async def started(self, *args, **kwargs):
        return "a kernel"

    monkeypatch.setattr(AsyncMappingKernelManager, "start_kernel", started)

    async def look():
        disk = Disk(120 * MB)
        kernels = LabKernelManager()
        assert await kernels.start_kernel() == "a kernel", "before there is a desk"
        kernels.home = disk.home()
        with pytest.raises(web.HTTPError) as refused:
            await kernels.start_kernel()
        assert refused.value.status_code == 507
        # JupyterLab's dialog wraps no line: what is longer is cut off. Its own words come before.
        assert max(len(line) for line in f"HTTP 507: Insufficient Storage ({refused.value.log_message}".splitlines()) <= 115
        assert "Your home holds 120 MiB, far more than its 100 MiB, so no notebook is started." in refused.value.log_message
        disk.used, disk.now = MB, 60.0
        assert await kernels.start_kernel() == "a kernel"

    asyncio.run(look())
