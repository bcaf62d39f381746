"""Which places in the storage a person may look at."""

import pytest

from lab_platform.consoles import storage_places as places
from lab_platform.viewer import Role, Viewer

ANA, TEACHER = Viewer("ana", Role.STUDENT), Viewer("tom", Role.INSTRUCTOR)


@pytest.mark.parametrize("key", ["ana/", "ana/sales/part-0.parquet", "shared/", "shared/x.csv"])
def test_own_and_shared(key):
    assert places.is_plain(key) and places.may_see(ANA, key)


@pytest.mark.parametrize("key", ["", "ana", "ana2/", "bob/x", "sharedx/", "shared", "Ana/x"])
def test_not_what_is_somebody_elses(key):
    assert not places.may_see(ANA, key)
    assert places.may_see(TEACHER, key)


@pytest.mark.parametrize("key", ["ana/../bob/x", "ana/./x", "ana//x", "/ana/x", "..", "ana/..", "ana//", "ana/x\0"])
def test_a_key_with_two_meanings_is_none(key):
    assert not places.is_plain(key)


def test_where_people_begin():
    assert places.doors(ANA) == ("ana/", "shared/")
    assert places.doors(TEACHER) == ("",)


def test_the_way_down():
    assert places.parents("ana/sales/day=1/") == [("ana", "ana/"), ("sales", "ana/sales/"), ("day=1", "ana/sales/day=1/")]
    assert places.parents("") == []


SIZES = [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (2_340_000, "2.3 MB"), (5 * 10**15, "5000.0 TB")]


@pytest.mark.parametrize("size, text", SIZES)
def test_sizes(size, text):
    assert places.human(size) == text
