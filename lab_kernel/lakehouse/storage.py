"""The two places where a lakehouse can lie: a local folder, or whatever Hadoop's file systems reach.

Invariant: both answer the same six questions about locations; a missing location is empty, not an error.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol


class Storage(Protocol):
    """Operations on locations (strings as Spark takes them)."""

    def exists(self, location: str) -> bool: ...

    def folders(self, location: str) -> list[str]:
        """Names of the folders directly in a location, sorted."""

    def files(self, location: str) -> list[str]:
        """Names of the files directly in a location, sorted."""

    def copy_in(self, path: Path, location: str) -> None:
        """Copies one local file to a location (a file), replacing it."""

    def remove(self, location: str) -> bool:
        """Removes a location with all that is in it; returns whether it was there."""

    def through(self, spark: Any) -> AbstractContextManager[None]:
        """Within it, this Spark session is asked: the one that is just being made cannot be waited for."""


class LocalStorage:
    """A folder of this computer."""

    def through(self, spark: Any) -> AbstractContextManager[None]:
        return nullcontext()

    def exists(self, location: str) -> bool:
        return os.path.exists(location)

    def folders(self, location: str) -> list[str]:
        return self._names(location, os.DirEntry.is_dir)

    def files(self, location: str) -> list[str]:
        return self._names(location, os.DirEntry.is_file)

    def copy_in(self, path: Path, location: str) -> None:
        target = Path(location)
        target.parent.mkdir(parents=True, exist_ok=True)
        # Readers (a stream, say) see the whole file or none; Spark skips names that begin with a dot.
        part = target.with_name(f".{target.name}.part")
        shutil.copyfile(path, part)
        os.replace(part, target)

    def remove(self, location: str) -> bool:
        if not os.path.lexists(location):
            return False
        if os.path.isdir(location) and not os.path.islink(location):
            shutil.rmtree(location)
        else:
            os.unlink(location)
        return True

    def _names(self, location: str, kind: Callable[[Any], bool]) -> list[str]:
        try:
            with os.scandir(location) as entries:
                return sorted(entry.name for entry in entries if kind(entry))
        except (FileNotFoundError, NotADirectoryError):
            return []


class HadoopStorage:
    """S3 and the like, through the file system classes of the running Spark.

    A folder is there as long as a file is below it. Servers that have folders of their own, as SeaweedFS does, go on listing an
    empty one for minutes, and Delta makes no table in it; on others there is no such thing.
    """

    def __init__(self, spark: Callable[[], Any]) -> None:
        self._spark = spark

    @contextmanager
    def through(self, spark: Any) -> Iterator[None]:
        usual, self._spark = self._spark, lambda: spark
        try:
            yield
        finally:
            self._spark = usual

    def exists(self, location: str) -> bool:
        return _has_a_file(*self._open(location))

    def folders(self, location: str) -> list[str]:
        return [name for name, is_folder in self._list(location) if is_folder]

    def files(self, location: str) -> list[str]:
        return [name for name, is_folder in self._list(location) if not is_folder]

    def copy_in(self, path: Path, location: str) -> None:
        system, target = self._open(location)
        source = self._jvm().org.apache.hadoop.fs.Path(path.resolve().as_uri())
        system.copyFromLocalFile(False, True, source, target)

    def remove(self, location: str) -> bool:
        system, path = self._open(location)
        was_there = _has_a_file(system, path)
        system.delete(path, True)
        if system.exists(path):
            _remove_empty_folders(system, path)
        return was_there

    def _jvm(self) -> Any:
        return self._spark().sparkContext._jvm

    def _open(self, location: str) -> tuple[Any, Any]:
        spark = self._spark()
        path = spark.sparkContext._jvm.org.apache.hadoop.fs.Path(location)
        return path.getFileSystem(spark._jsparkSession.sessionState().newHadoopConf()), path

    def _list(self, location: str) -> list[tuple[str, bool]]:
        system, path = self._open(location)
        if not system.exists(path):
            return []
        found = [(status.getPath(), bool(status.isDirectory())) for status in system.listStatus(path)]
        return sorted((each.getName(), folder) for each, folder in found if not folder or _has_a_file(system, each))


def _has_a_file(system: Any, path: Any) -> bool:
    """Whether this is a file, or one is anywhere below it."""
    return bool(system.exists(path)) and bool(system.listFiles(path, True).hasNext())


def _remove_empty_folders(system: Any, path: Any) -> bool:
    """Remove folders that hold nothing but such folders, the innermost first; return whether this one went.

    One that is only listed has to be made before it can be removed. Where somebody writes a file again meanwhile, it stays.
    """
    if system.exists(path):
        for status in system.listStatus(path):
            if not (status.isDirectory() and _remove_empty_folders(system, status.getPath())):
                return False
    system.mkdirs(path)
    return bool(system.delete(path, False))
