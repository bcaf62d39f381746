"""`make prove` knows where each setting is: looked up in a second here, taken away one by one there, in about four minutes."""

import importlib.util
import sys
from collections import Counter

import pytest

from tests.helpers.versions import ROOT

SPEC = importlib.util.spec_from_file_location("prove", ROOT / "scripts" / "prove.py")


@pytest.fixture(scope="module")
def settings():
    prove = importlib.util.module_from_spec(SPEC)
    with pytest.MonkeyPatch.context() as patched:
        # Where dataclasses look for the module of a class.
        patched.setitem(sys.modules, "prove", prove)
        SPEC.loader.exec_module(prove)
        yield prove.SETTINGS


def test_each_setting_is_where_the_list_says(settings):
    texts = {path: (ROOT / path).read_text(encoding="utf-8") for path in {one.path for one in settings}}
    assert [one.name for one in settings if one.text not in texts[one.path]] == []
    assert [one.name for one in settings if one.taken == one.text] == []


def test_each_has_a_name_of_its_own_and_tests_that_are_there(settings):
    assert [name for name, count in Counter(one.name for one in settings).items() if count > 1] == []
    assert [one.tests for one in settings if not (ROOT / one.tests).is_file()] == []
