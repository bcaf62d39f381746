"""Executes one notebook with papermill, inside a lab container.

Invariant: a parameter that the notebook does not have stops it before the first cell (papermill
only warns); how the cells went is for the caller to judge from the executed notebook.

usage: papermill_run.py NOTEBOOK OUT CELL_SECONDS PARAMETERS_AS_JSON
"""

import json
import logging
import shutil
import sys
from pathlib import Path

import papermill
from papermill.exceptions import PapermillExecutionError

KERNEL = "dataflow-spark"
UNKNOWN = "unknown parameters: {unknown}; the notebook has: {known}"
# Students work in a folder of their home; a relative path must mean the same here.
WORK = Path.home() / "lesson"


def main(notebook: Path, out: Path, seconds: int, parameters: dict[str, object]) -> int:
    logging.basicConfig(level=logging.WARNING)
    known = papermill.inspect_notebook(notebook)
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        print(UNKNOWN.format(unknown=unknown, known=sorted(known)))
        return 3
    WORK.mkdir(exist_ok=True)
    shutil.copy(notebook, WORK)
    try:
        papermill.execute_notebook(
            WORK / notebook.name,
            out / notebook.name,
            parameters=parameters,
            kernel_name=KERNEL,
            progress_bar=False,
            execution_timeout=seconds,
            cwd=WORK,
        )
    except PapermillExecutionError as error:
        # Written into the executed notebook too; a cell may be meant to raise.
        print(f"cell {error.cell_index} raised {error.ename}: {error.evalue}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), json.loads(sys.argv[4])))
