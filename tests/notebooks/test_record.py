"""Recording keeps the outputs of tagged cells and nothing else."""

import nbformat

from tests.notebooks import record, rules, sample
from tests.notebooks.ruleset import form


def test_only_tagged_cells_keep_their_output(tmp_path):
    lesson = sample.write(tmp_path)
    executed = lesson.read()
    for cell in executed.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="rows: 3\n")]
            cell.execution_count = 99
    notebook = lesson.read()
    assert record.keep(notebook, executed) == 1
    assert notebook.cells[3].outputs[0].text == "rows: 3\n"
    assert notebook.cells[3].execution_count == 3
    lesson.path.write_text(form.canonical(notebook))
    assert rules.problems(lesson) == []
