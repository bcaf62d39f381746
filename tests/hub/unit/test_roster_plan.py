"""A plan names everything that changes, and nothing a second time."""

from lab_hub import roster_plan
from lab_hub.account_store import Known
from lab_hub.roster_file import Details, Roster
from lab_hub.roster_plan import Member

ANA = Known("ana", "Ana Souza", "ana@x.org", one_time=False, never=False)
NEW = Known("bia", "Bia", "", one_time=True, never=True)


def roster(people=None, **roles):
    """``roles``: name = "course role"."""
    split = {(name, said.split()[0]): said.split()[1] for name, said in roles.items()}
    return Roster({name: (people or {}).get(name, Details()) for name in {**(people or {}), **roles}}, split)


def test_a_new_person():
    plan = roster_plan.make(roster({"ana": Details("Ana", "a@x")}, ana="spark1 student"), {}, [])
    assert plan.new == {"ana": Details("Ana", "a@x")} and plan.joins == (Member("spark1", "student", "ana"),)
    assert [line[0] for line in plan.lines] == ["new account", "into course"]


def test_what_is_there_already_is_no_change():
    plan = roster_plan.make(
        roster({"ana": Details("Ana Souza", None)}, ana="spark1 student"), {"ana": ANA}, [Member("spark1", "student", "ana")]
    )
    assert plan.empty and plan.lines == ()


def test_a_full_name_changes_and_an_unsaid_one_does_not():
    plan = roster_plan.make(roster({"ana": Details("Ana Lima", None)}), {"ana": ANA}, [])
    assert plan.changed == {"ana": Details("Ana Lima", None)}
    assert plan.lines == (("changed", "ana", "full name: Ana Souza -> Ana Lima"),)


def test_another_role_replaces_the_one_before():
    plan = roster_plan.make(roster(ana="spark1 grader"), {"ana": ANA}, [Member("spark1", "student", "ana")])
    assert plan.joins == (Member("spark1", "grader", "ana"),) and plan.leaves == (Member("spark1", "student", "ana"),)


def test_who_is_not_in_the_file_is_named_and_stays():
    there = [Member("spark1", "student", "bia"), Member("streams", "student", "cid")]
    plan = roster_plan.make(roster(ana="spark1 student"), {"ana": ANA, "bia": NEW}, there)
    assert plan.absent == (there[0],) and plan.leaves == ()
    assert ("not in file", "bia", "spark1, student: stays") in plan.lines
    plan = roster_plan.make(roster(ana="spark1 student"), {"ana": ANA, "bia": NEW}, there, remove=True)
    assert plan.absent == () and plan.leaves == (there[0],), "and a course that the file does not name stays as it is"


def test_new_slips_are_for_whoever_never_logged_in():
    plan = roster_plan.make(roster(ana="c student", bia="c student"), {"ana": ANA, "bia": NEW}, [], slips=True)
    assert plan.slips == ("bia",)


def test_the_table_has_a_line_for_each_change():
    plan = roster_plan.make(roster({"ana": Details("Ana", "")}, ana="spark1 student"), {}, [])
    assert roster_plan.table(plan).splitlines() == [
        "what         name  detail",
        "new account  ana   Ana",
        "into course  ana   spark1 as student",
    ]
