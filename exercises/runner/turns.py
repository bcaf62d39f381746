"""Several notebooks in one kernel, one after the other: an author's many wrong answers are tried without starting Spark for each.

Invariant: each turn begins with the names that a new kernel has, with an empty lakehouse and without Delta's memory of the last
one, and what it leaves is kept apart. Nothing is isolated beyond that, so students' work never takes turns; and whatever a turn
seems to show against an author is tried again alone before it is believed.
"""

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

TURN = "dataflow_turn"
KEPT = "kept"
STORE, MODELS = "mlflow.db", "mlflow/"

# Runs before the first turn. The module keeps what a notebook might give other values to.
BEGIN = """
def _begin():
    import os, shutil, sqlite3, sys, types

    shell, taken = get_ipython(), types.ModuleType("dataflow_turns")
    spark, lakehouse, root = shell.user_ns["spark"], shell.user_ns["lakehouse"], shell.user_ns["lakehouse"].root
    names, settings = dict(shell.user_ns), dict(spark.conf.getAll)
    out = os.path.dirname(root)
    os.makedirs(os.path.join(out, "kept"))

    def end_models(number):
        # MLflow's store is kept, and emptied as it is: making a new one takes longer than most turns.
        store = os.path.join(out, "mlflow.db")
        if not os.path.isfile(store):
            return
        while "mlflow" in sys.modules and sys.modules["mlflow"].active_run():
            sys.modules["mlflow"].end_run()
        shutil.copy(store, os.path.join(out, "kept", f"{number}.mlflow.db"))
        with sqlite3.connect(store) as database:
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                if name not in ("alembic_version", "workspaces", "experiments") and not name.startswith("sqlite_"):
                    database.execute(f'DELETE FROM "{name}"')
            database.execute("DELETE FROM experiments WHERE experiment_id != 0")
        database.close()

    def end(number):
        end_models(number)
        for query in spark.streams.active:
            query.stop()
        spark.catalog.setCurrentDatabase("default")
        for table in spark.catalog.listTables():
            if table.isTemporary:
                spark.catalog.dropTempView(table.name)
        spark.catalog.clearCache()
        # Moved before the names are dropped: with a managed table its files would go.
        if os.path.isdir(root):
            os.rename(root, os.path.join(out, "kept", str(number)))
        for layer in ("bronze", "silver", "gold"):
            spark.sql(f"DROP DATABASE IF EXISTS {layer} CASCADE")
        spark._jvm.org.apache.spark.sql.delta.DeltaLog.clearCache()
        for key, value in spark.conf.getAll.items():
            if settings.get(key) != value:
                spark.conf.set(key, settings[key]) if key in settings else spark.conf.unset(key)
        lakehouse.catalog.prepare(spark)
        for name in [name for name in shell.user_ns if name not in names and not name.startswith("_")]:
            del shell.user_ns[name]
        shell.user_ns.update({name: value for name, value in names.items() if not name.startswith("_")})

    taken.end = end
    sys.modules[taken.__name__] = taken


_begin()
del _begin
"""
END = "__import__('dataflow_turns').end({number})   # spark"


@dataclass(frozen=True)
class Turn:
    """What one turn left, by its name as a run of its own would have it; `cell` and `error` say where it failed, if it did."""

    files: Mapping[str, bytes]
    seconds: float
    cell: str | None = None
    error: str | None = None


def together(notebooks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return one notebook in which the others run, in their order."""
    made = {key: copy.deepcopy(value) for key, value in notebooks[0].items() if key != "cells"}
    made["cells"] = [_cell("begin", BEGIN.strip("\n"), None)]
    for number, notebook in enumerate(notebooks):
        for place, cell in enumerate(notebook["cells"]):
            if cell.get("cell_type") == "code":
                one = copy.deepcopy(dict(cell))
                one["metadata"] = {**one.get("metadata", {}), TURN: number}
                made["cells"].append({**one, "id": f"turn-{number}-{place}"})
        made["cells"].append(_cell(f"end-{number}", END.format(number=number), None))
    return made


def apart(files: Mapping[str, bytes], count: int) -> list[Turn | None]:
    """Return the turns of a run; None for one that did not come to its end. Never raises."""
    try:
        cells = json.loads(files["executed.ipynb"])["cells"]
        return [_turn(number, cells, files) for number in range(count)]
    except (KeyError, TypeError, ValueError, AttributeError):
        return [None] * count


def _turn(number: int, cells: list[dict[str, Any]], files: Mapping[str, bytes]) -> Turn | None:
    ends = [cell for cell in cells if cell.get("id") == f"end-{number}"]
    if len(ends) != 1 or not ends[0].get("execution_count") or _error(ends[0]) is not None:
        return None
    inside = f"{KEPT}/{number}/"
    kept = {f"lakehouse/{name.removeprefix(inside)}": content for name, content in files.items() if name.startswith(inside)}
    # A model's folder has a name of its own; which of them are this turn's, its database says.
    kept |= {name: content for name, content in files.items() if name.startswith(MODELS)}
    if (store := f"{KEPT}/{number}.{STORE}") in files:
        kept[STORE] = files[store]
    mine = [cell for cell in cells if cell["metadata"].get(TURN) == number]
    seconds = sum(_seconds(cell) for cell in mine)
    for cell in mine:
        if (error := _error(cell)) is not None:
            return Turn(kept, seconds, str(cell["metadata"].get("nbgrader", {}).get("grade_id") or cell["id"]), error)
    return Turn(kept, seconds)


def _error(cell: Mapping[str, Any]) -> str | None:
    for output in cell.get("outputs", ()):
        if output.get("output_type") == "error":
            return ": ".join(str(output[key]) for key in ("ename", "evalue") if output.get(key)) or "an error"
    return None


def _seconds(cell: Mapping[str, Any]) -> float:
    told = cell["metadata"].get("execution", {})
    try:
        began, ended = (datetime.fromisoformat(told[key]) for key in ("iopub.status.busy", "iopub.status.idle"))
    except (KeyError, TypeError, ValueError):
        return 0.0
    return (ended - began).total_seconds()


def _cell(identity: str, source: str, turn: int | None) -> dict[str, Any]:
    metadata = {} if turn is None else {TURN: turn}
    return {"cell_type": "code", "id": identity, "metadata": metadata, "source": source, "outputs": [], "execution_count": None}
