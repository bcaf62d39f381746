"""What people's spreadsheets write is understood; what cannot be known is refused, all of it at once."""

import pytest

from lab_hub import roster_file
from lab_hub.roster_file import BadRoster, Details

GOOD = "name,full name,e-mail,course,role\nana,Ana Souza,ana@x.org,spark1,student\n"


def read(text, encoding="utf-8"):
    return roster_file.read(text.encode(encoding))


def problems(text):
    with pytest.raises(BadRoster) as raised:
        read(text)
    return {problem.line: problem.reason for problem in raised.value.problems}


def test_a_plain_file():
    roster = read(GOOD)
    assert roster.people == {"ana": Details("Ana Souza", "ana@x.org")}
    assert roster.roles == {("ana", "spark1"): "student"}
    assert roster.notes == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_accents_arrive_however_they_were_written(encoding):
    roster = read("nome,nome completo,curso\njoao,João Conceição,spark1\n", encoding)
    assert roster.people["joao"].full_name == "João Conceição"
    assert bool(roster.notes) == (encoding in ("cp1252", "latin-1"))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_separator_and_any_end_of_line(separator, newline):
    rows = (("name", "full name", "course"), ("ana", "Ana", "spark1"), ("bia", "Bia", "spark1"))
    roster = roster_file.read(newline.join(separator.join(row) for row in rows).encode())
    assert list(roster.people) == ["ana", "bia"] and roster.people["bia"].full_name == "Bia"


def test_quoted_separators_quotes_and_lines():
    roster = read('name;full name;course\nana;"Souza; ""Ninha"",\nAna";spark1\nbia;"Lima, Bia";spark1\n')
    assert roster.people["ana"].full_name == 'Souza; "Ninha", Ana'
    assert roster.people["bia"].full_name == "Lima, Bia"


def test_excels_own_first_line_and_blank_lines():
    roster = read("sep=;\r\n\r\nname;course\r\n;\r\nana;spark1\r\n   \r\n\r\n")
    assert roster.roles == {("ana", "spark1"): "student"}


@pytest.mark.parametrize(
    "header",
    [
        "Role,COURSE,E-Mail,Full Name,Name",
        "Papel,Curso,Correio,Nome completo,Nome",
        "Função,Turma,Endereço de e-mail,Nome,Usuário",
        "role,class,email,name,username",
        "rol,curso,e_mail,FullName,user-name",
    ],
)
def test_columns_in_any_order_by_any_known_name(header):
    roster = read(f"{header}\nmonitor,spark1,ana@x.org,Ana Souza,Ana\n")
    assert roster.people == {"ana": Details("Ana Souza", "ana@x.org")}
    assert roster.roles == {("ana", "spark1"): "grader"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("", "student"),
        ("Aluna", "student"),
        ("STUDENT", "student"),
        ("TA", "grader"),
        ("Professor", "instructor"),
        (" docente ", "instructor"),
    ],
)
def test_roles_by_any_known_name(said, meant):
    assert read(f"name,course,role\nana,spark1,{said}\n").roles == {("ana", "spark1"): meant}


def test_a_person_in_several_courses_says_the_rest_once():
    roster = read("name,full name,e-mail,course\nana,Ana Souza,,spark1\nana,,ana@x.org,streams\n")
    assert roster.people == {"ana": Details("Ana Souza", "ana@x.org")}
    assert set(roster.roles) == {("ana", "spark1"), ("ana", "streams")}


def test_an_account_without_a_course():
    roster = read("name,course\nana,\n")
    assert (list(roster.people), roster.roles) == (["ana"], {})


def test_columns_that_nobody_knows_are_named():
    assert read("name,course,Notes,Fee\nana,spark1,x,y\n").notes == ("Columns that were not used: Notes, Fee",)


def test_a_formula_is_text():
    assert read('name,full name,course\nana,"=HYPERLINK(""http://x"",""y"")",spark1\n').people["ana"].full_name.startswith("=HYPER")


def test_control_characters_become_spaces():
    assert read("name,full name,course\nana,A\x1b[31mna\x07\u202e B,spark1\n").people["ana"].full_name == "A [31mna B"


def test_every_bad_row_is_named_with_its_line():
    found = problems(
        "name,full name,e-mail,course,role\n"  # 1
        "ana,Ana,ana@x.org,spark1,student\n"
        "Robert'); DROP,R,r@x.org,spark1,student\n"  # 3
        "bia,Bia,bia.x.org,spark1,student\n"  # 4
        'cid,"Cid\nDias",cid@x.org,spark1,boss\n'  # 5 and 6
        "ana,Ana B,ana@x.org,streams,student\n"  # 7
        "ana,Ana,ana@x.org,spark1,student\n"  # 8
        ",Nobody,,spark1,\n"  # 9
        "eva,Eva,eva@x.org,spark 1,student\n"  # 10
        "fay,Fay, Lima,fay@x.org,spark1,student\n"  # 11
        "ana,Ana,ana@x.org,streams,grader\n"  # 12
        "gil,Gil,gil@x.org,,grader\n"  # 13
    )
    assert list(found) == [3, 4, 5, 7, 8, 9, 10, 11, 12, 13]
    words = {
        3: "cannot be a user's name", 4: "no e-mail address", 5: "'boss' is no role", 7: "'Ana B' here and 'Ana' in line 2",
        8: "was in line 2 already", 9: "No name", 10: "cannot be a course's name", 11: "6 cells, but 5 columns",
        12: "has one role in a course", 13: "no course",
    }  # fmt: skip
    assert {line: reason for line, reason in found.items() if words[line] not in reason} == {}


def test_a_row_with_several_faults_names_each():
    with pytest.raises(BadRoster) as raised:
        read("name,e-mail,course,role\nA B,nothing,x y,boss\n")
    assert [problem.line for problem in raised.value.problems] == [2] * 4
    assert "4 problem(s)" in str(raised.value) and "nothing was changed" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has no rows"),
        ("\n \n", "has no rows"),
        ("ana,spark1\n", "no column 'name'"),
        ("name,cuorse\nana,spark1\n", "no column 'course'"),
        ("name,login,full name,course\n", "Two columns mean the same (full name): 'name' and 'full name'"),
        ('name,course\nana,"spark1\nbia,spark1\n', "closing one"),
    ],
)
def test_a_file_that_is_no_roster(text, words):
    assert any(words in reason for reason in problems(text).values())


def test_a_spreadsheets_own_format_and_a_huge_file_are_refused():
    for content, words in ((b"PK\x03\x04rest", "CSV UTF-8"), (b"x" * (roster_file.MOST_BYTES + 1), "kB")):
        with pytest.raises(BadRoster, match=words):
            roster_file.read(content)
