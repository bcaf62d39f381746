"""What can be said of the catalog's exercises without running them."""

import pytest

from exercises import folder
from exercises.form import declared
from tests.exercises.authoring.test_catalog import CATALOG, LEAST_WRONG, few, wrong_answers


@pytest.mark.parametrize("name", CATALOG)
def test_it_has_wrong_answers_that_people_really_give(name):
    assert len(wrong_answers(folder.read(folder.CATALOG / name))) >= LEAST_WRONG


@pytest.mark.parametrize("name", CATALOG)
def test_the_wrong_answers_of_a_quick_run_lose_every_check_once(name):
    files = folder.read(folder.CATALOG / name)
    lost = set().union(*wrong_answers(few(files)).values())
    assert lost == {check.name for check in declared.declared(files["checks.py"].decode(), exercise=name)}
