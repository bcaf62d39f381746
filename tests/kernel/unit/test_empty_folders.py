"""Folders that a server lists although nothing is in them, and a writer who comes back while they are removed."""

from pathlib import Path
from types import SimpleNamespace

from lab_kernel.lakehouse.storage import _remove_empty_folders


class Folders:
    """The five calls of Hadoop's file system that are needed, on a real folder."""

    def exists(self, path: Path) -> bool:
        return path.exists()

    def listStatus(self, path: Path) -> list:  # noqa: N802
        # As Hadoop does: a file lists itself.
        found = sorted(path.iterdir()) if path.is_dir() else [path]
        return [SimpleNamespace(isDirectory=each.is_dir, getPath=lambda each=each: each) for each in found]

    def mkdirs(self, path: Path) -> None:
        path.mkdir(exist_ok=True)

    def delete(self, path: Path, recursive: bool) -> bool:
        assert not recursive
        path.rmdir()
        return True


def test_empty_folders_go_the_innermost_first(tmp_path):
    (tmp_path / "sales/_delta_log/_staged").mkdir(parents=True)
    assert _remove_empty_folders(Folders(), tmp_path / "sales")
    assert not (tmp_path / "sales").exists()


def test_a_file_that_was_written_meanwhile_stays(tmp_path):
    (tmp_path / "sales/day=1").mkdir(parents=True)
    new = tmp_path / "sales/day=1/new.parquet"
    new.touch()
    assert not _remove_empty_folders(Folders(), tmp_path / "sales")
    assert new.exists()
