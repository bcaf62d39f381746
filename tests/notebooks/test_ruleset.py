"""Each rule catches its breach, and --fix repairs what needs no author."""

import json

import nbformat
import pytest

from tests.notebooks import lessons, rules, sample


def found(lesson) -> list[str]:
    return [problem.rule for problem in rules.problems(lesson)]


def code(text):
    return nbformat.v4.new_code_cell(text, id="extra")


def output(text="rows: 2\n", **more):
    return nbformat.v4.new_output("stream", **{"name": "stdout", "text": text, **more})


def set_source(index, text):
    return lambda nb: nb.cells[index].update(source=text)


def about(**changes):
    return lambda nb: nb.metadata.dataflow.update(changes)


def insert(index, cell):
    return lambda nb: nb.cells.insert(index, cell)


def kept(outputs, count=3):
    return lambda nb: nb.cells[3].update(outputs=outputs, execution_count=count)


HTML = nbformat.v4.new_output("display_data", data={"text/html": "<b>2</b>", "text/plain": "2"})
ERROR = nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])

# crime: (what is done to the sound lesson, rule that must catch it, whether --fix repairs it)
BREACHES = {
    "old_format": (lambda nb: nb.update(nbformat_minor=4), "format", True),
    "no_cell_id": (lambda nb: nb.cells[2].pop("id"), "format", True),
    "same_cell_id": (lambda nb: nb.cells[2].update(id="cell-3"), "format", True),
    "empty_cell": (insert(3, code(" \n")), "format", True),
    "other_kernel": (lambda nb: nb.metadata.kernelspec.update(name="python3"), "kernelspec", True),
    "python_version": (
        lambda nb: nb.metadata.language_info.update(version="3.13.0"),
        "metadata",
        True,
    ),
    "editor_metadata": (lambda nb: nb.metadata.update(toc={}), "metadata", True),
    "cell_metadata": (lambda nb: nb.cells[2].metadata.update(collapsed=True), "metadata", True),
    "unknown_tag": (lambda nb: nb.cells[2].metadata.update(tags=["nbval-skip"]), "metadata", False),
    "tagged_but_stripped": (kept([], None), "outputs", False),
    "tagged_but_not_counted": (kept([output()], None), "outputs", True),
    "wrong_untagged": (lambda nb: nb.cells[2].update(outputs=[output()]), "outputs", True),
    "counted_untagged": (lambda nb: nb.cells[2].update(execution_count=2), "outputs", True),
    "kept_html": (kept([HTML]), "outputs", False),
    "kept_stderr": (kept([output(name="stderr")]), "outputs", False),
    "kept_error": (kept([ERROR]), "outputs", False),
    "no_about": (lambda nb: nb.metadata.pop("dataflow"), "about", False),
    "no_needs": (lambda nb: nb.metadata.dataflow.pop("needs"), "about", False),
    "endless": (about(minutes=90), "about", False),
    "teaches_nothing": (about(teaches=[]), "about", False),
    "no_topic": (about(topics=[]), "about", False),
    "unknown_topic": (about(topics=["medalion"]), "about", False),
    "unknown_part": (about(part="platinum"), "about", False),
    "untitled": (set_source(0, "# Another title"), "about", False),
    "no_parameters": (lambda nb: nb.cells.pop(1), "parameters", False),
    "two_parameters_cells": (
        lambda nb: nb.cells[2].metadata.update(tags=["parameters"]),
        "parameters",
        False,
    ),
    "computed_parameter": (set_source(1, "seed = max(1, 7)"), "parameters", False),
    "claims_nothing": (set_source(2, "rows = [1, 2]"), "claims", False),
    "checks_nothing": (lambda nb: nb.cells.pop(3), "claims", False),
    "no_python": (insert(2, code("rows = =")), "claims", False),
    "no_ending": (set_source(6, "Bye."), "ending", False),
    "stream_left_running": (lambda nb: nb.cells.pop(), "ending", False),
    "absolute_path": (insert(2, code("path = '/home/student/x.csv'")), "literals", False),
    "path_in_text": (set_source(6, sample.ENDING + "\n\nSee `/opt/course`."), "literals", False),
    "path_in_output": (kept([output("/tmp/x\n")]), "literals", False),
    "host": (insert(2, code("host = 'localhost'")), "literals", False),
    "address": (insert(2, code("at = '10.0.0.7'")), "literals", False),
    "url": (insert(2, code("url = 'https://example.org/x'")), "literals", False),
    "port_of_a_host": (insert(2, code("url = 'broker:9999'")), "literals", False),
    "port_setting": (insert(2, code("port = 7077")), "literals", False),
    "known_port": (insert(2, code("spark_ui_at(4040)")), "literals", False),
    "version": (set_source(0, "# A sample\n\nSince 4.2.0."), "literals", False),
    "named_version": (set_source(0, "# A sample\n\nNeeds Java 25."), "literals", False),
    "session_builder": (
        insert(2, code("spark = SparkSession.builder.getOrCreate()")),
        "configuration",
        False,
    ),
    "session_setting": (
        insert(2, code("spark.conf.set('spark.sql.ansi.enabled', 'false')")),
        "configuration",
        False,
    ),
    "sql_setting": (
        insert(2, code("%%sql\nSET spark.sql.ansi.enabled=false")),
        "configuration",
        False,
    ),
    "own_file": (insert(2, code("frame = spark.read.option('header', True).csv(str(file))")), "files", False),
    "own_files": (insert(2, code("frame = spark.read.parquet([str(file) for file in files])")), "files", False),
    "installs": (insert(2, code("%pip install x")), "imports", False),
    "shell": (insert(2, code("!ls")), "imports", False),
    "imports_the_hub": (insert(2, code("import lab_hub.spawner")), "imports", False),
    "unchecked_task": (lambda nb: nb.cells.pop(5), "tasks", False),
    "check_far_away": (insert(5, code("print()")), "tasks", False),
    "check_of_nothing": (insert(6, code('check("90-other", 1)')), "tasks", False),
    "foreign_task": (
        lambda nb: nb.cells[4].metadata.dataflow.update(task="01-x"),
        "tasks",
        False,
    ),
    "nothing_to_try": (
        lambda nb: nb.cells.__delitem__(slice(4, 6)),
        "tasks",
        False,
    ),
    "solution_given_away": (set_source(4, sample.SOLUTION), "solutions", False),
}


def test_the_sample_is_sound(tmp_path):
    assert rules.problems(sample.write(tmp_path)) == []


@pytest.mark.parametrize("crime", BREACHES)
def test_a_breach_is_caught(crime, tmp_path):
    change, rule, _ = BREACHES[crime]
    assert rule in found(sample.write(tmp_path, change))


@pytest.mark.parametrize("crime", [name for name, breach in BREACHES.items() if breach[2]])
def test_fix_repairs(crime, tmp_path):
    lesson = sample.write(tmp_path, BREACHES[crime][0])
    lesson.path.write_text(rules.fixed(lesson))
    assert rules.problems(lesson) == []


@pytest.mark.parametrize("crime", BREACHES)
def test_only_what_fix_repairs_is_called_fixable(crime, tmp_path):
    lesson = sample.write(tmp_path, BREACHES[crime][0])
    lesson.path.write_text(rules.fixed(lesson))
    assert [problem for problem in rules.problems(lesson) if problem.fixable] == []


def test_fix_leaves_a_sound_lesson_alone(tmp_path):
    lesson = sample.write(tmp_path)
    assert rules.fixed(lesson) == lesson.path.read_text()


def test_fix_is_stable(tmp_path):
    lesson = sample.write(tmp_path, lambda nb: nb.cells[2].pop("id"))
    once = rules.fixed(lesson)
    lesson.path.write_text(once)
    assert rules.fixed(lesson) == once


def test_another_spelling_of_the_same_notebook_is_fixed(tmp_path):
    lesson = sample.write(tmp_path)
    lesson.path.write_text(json.dumps(json.loads(lesson.path.read_text()), indent=4))
    assert found(lesson) == ["format"]
    lesson.path.write_text(rules.fixed(lesson))
    assert rules.problems(lesson) == []


# What is taken from or put into the answers, and the rule that must catch it.
ANSWERS = {
    "nothing": ("", ["other-data", "solutions", "wrong"]),
    "a solution of no task": (f"{sample.ANSWERS}# task: 90-none\nx = 1\n", ["solutions"]),
    "a wrong answer to no task": (f"{sample.ANSWERS}# wrong: 90-none too few\nx = 1\n", ["wrong"]),
    "no wrong answer": (sample.ANSWERS.partition("# wrong")[0], ["wrong"]),
    "no other data": (sample.ANSWERS.partition("\n")[2], ["other-data"]),
    "other data that are the same": (sample.ANSWERS.replace("8", "7", 1), ["other-data"]),
    "other data of no parameter": (sample.ANSWERS.replace("seed", "sede", 1), ["other-data"]),
}


@pytest.mark.parametrize("what", ANSWERS)
def test_answers_that_prove_less_are_caught(what, tmp_path):
    text, rules_broken = ANSWERS[what]
    assert sorted(found(sample.write(tmp_path, solution=text))) == rules_broken


@pytest.mark.parametrize(
    "text",
    [
        "The hour 12:30, the ratio 3:4, 1.234,56 reais, the CPF 123.456.789-09 and and/or.",
        "Read `s3a://class/ana/bronze`, 20,130 rows, 8000 of them, from 2013-01-02 on.",
        "See <https://delta.io/> for more.",
    ],
)
def test_ordinary_text_is_left_alone(text, tmp_path):
    lesson = sample.write(tmp_path, set_source(0, f"# A sample\n\n{text}"))
    assert rules.problems(lesson) == []


@pytest.mark.parametrize(
    "text",
    [
        "%%sql -o sales\nSELECT count(*) FROM silver.sales",
        "%%time\ntotal = sum(rows)",
        "%matplotlib inline\ntotal = 2",
        "part = rows[0:1000]",
        "frame = spark.sql('select 1')",
        "frame = spark.read.csv(lakehouse.land('sales', files))",
    ],
)
def test_ordinary_code_is_left_alone(text, tmp_path):
    assert rules.problems(sample.write(tmp_path, insert(3, code(text)))) == []


def test_the_command_names_lesson_cell_and_rule(tmp_path, capsys):
    lesson = sample.write(tmp_path, insert(2, code("!ls")))
    assert rules.main([str(lesson.path)]) == 1
    assert "90_sample cell 2: [imports] runs a shell: '!ls'" in capsys.readouterr().err


def test_the_command_fixes_in_place(tmp_path, capsys):
    lesson = sample.write(tmp_path, lambda nb: nb.metadata.update(toc={}))
    rules.main(["--fix", str(lesson.path)])
    assert "toc" not in lesson.path.read_text()
    assert "fixed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# task: a\nx = 1\n# task: a\nx = 2\n", "twice"),
        ("# task: a\n# task: b\nx = 2\n", "no code"),
        ("x = 1\n# task: a\nx = 2\n", "before the first"),
        ("# wrong: a too few\nx = 1\n# wrong: a too few\nx = 2\n", "there twice"),
        ("# wrong: a too few\n", "no code"),
        ("# other data: {seed: 3}\n", "no JSON"),
    ],
)
def test_a_solutions_file_that_cannot_be_read(text, reason):
    with pytest.raises(lessons.SolutionsError, match=reason):
        lessons.parse_answers(text, "90_sample.py")
