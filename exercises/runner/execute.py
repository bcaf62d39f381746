"""Inside a container: runs the notebook, once, in the kernel that students use.

`python -m exercises.runner.execute /in /out --seconds N` runs /in/notebook.ipynb with the files beside it. With
`--warm` instead of a time it starts the kernel and Spark, prints "warm", and waits for /in/go, which has the seconds:
the container is prepared before there is anything to run.

Invariant: what this process writes is as hostile as what the notebook writes, because both are one user in one container; nobody
believes it. It only has to be useful for honest work.
"""

import argparse
import asyncio
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

KERNEL = "dataflow-spark"
WORK = Path("/home/student/work")
GO, WARM = "go", "warm"
START_SECONDS = 120
MOST_OUTPUT = 100_000
MOST_ERROR = 300
POLL_SECONDS = 0.02
# Loads what the first read, write and query would load; leaves nothing behind.
WARM_UP = """
import shutil as _s, tempfile as _t
_d = _t.mkdtemp()
spark.range(10).selectExpr("id", "id % 3 as k").write.format("delta").save(_d + "/t")
spark.read.format("delta").load(_d + "/t").groupBy("k").count().collect()
spark.catalog.clearCache(); _s.rmtree(_d); del _s, _t, _d
"""


def environment(out: Path) -> dict[str, str]:
    """What the kernel is told: everything that is to be looked at lies under `out`."""
    return {
        **os.environ,
        "LAKEHOUSE_ROOT": str(out / "lakehouse"),
        "MLFLOW_TRACKING_URI": f"sqlite:///{out}/mlflow.db",
        # The name by which MLflow asks where models go that a kernel logs.
        "_MLFLOW_SERVER_ARTIFACT_ROOT": str(out / "mlflow"),
        "SPARK_UI": "off",
        "DATAFLOW_PROGRESS": "off",
    }


async def run(inputs: Path, out: Path, seconds: float, *, warm: bool, work: Path = WORK) -> dict[str, Any]:
    """Run the notebook; return what is written to run.json."""
    # The asynchronous client only: with the other one nobody looks at the clock, or whether the kernel lives, while
    # a cell is silent.
    from jupyter_client.manager import start_new_async_kernel

    work.mkdir(parents=True, exist_ok=True)
    manager, client = await start_new_async_kernel(
        startup_timeout=START_SECONDS, kernel_name=KERNEL, cwd=str(work), env=environment(out)
    )
    if warm:
        # Not silent: the kernel's own hooks, which wait for Spark, run for cells that count only.
        answer = await client.execute_interactive(
            WARM_UP, store_history=False, timeout=START_SECONDS, output_hook=lambda _: None
        )
        if answer["content"]["status"] != "ok":
            raise RuntimeError(f"the warm-up failed: {answer['content'].get('evalue')}")
    client.stop_channels()
    if warm:
        print(WARM, flush=True)
        while not (inputs / GO).exists() or not (text := (inputs / GO).read_text()):
            await asyncio.sleep(POLL_SECONDS)
        seconds = float(text)
    for source in inputs.iterdir():
        if source.is_dir():
            shutil.copytree(source, work / source.name, dirs_exist_ok=True)
        elif source.name != GO:
            shutil.copy(source, work / source.name)
    return await execute(manager, out, seconds, work)


async def execute(manager: Any, out: Path, seconds: float, work: Path) -> dict[str, Any]:
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    began = time.monotonic()
    notebook = nbformat.read(work / "notebook.ipynb", as_version=4)
    runner = NotebookClient(
        notebook,
        km=manager,
        timeout_func=lambda _: max(1, int(seconds - (time.monotonic() - began))),
        allow_errors=True,
        force_raise_errors=False,
        error_on_timeout=None,
        kernel_name=KERNEL,
        record_timing=True,
    )
    report: dict[str, Any] = {"status": "ok", "cell": None, "error": None}
    try:
        await runner.async_execute(cleanup_kc=False)
    except CellTimeoutError:
        report["status"] = "out_of_time"
    except DeadKernelError:
        report["status"] = "died"
    except Exception as error:  # whatever else: the run is over, and what it left is looked at
        report.update(status="died", error=f"{type(error).__name__}: {error}"[:MOST_ERROR])
    if report["status"] == "ok":
        report.update(first_error(notebook))
    report["seconds"] = round(time.monotonic() - began, 3)
    shorten(notebook)
    nbformat.write(notebook, out / "executed.ipynb")
    return report


def first_error(notebook: Any) -> dict[str, Any]:
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                name = cell.metadata.get("nbgrader", {}).get("grade_id") or str(number)
                error = ": ".join(filter(None, (output.ename, output.evalue)))
                return {"status": "failed", "cell": name, "error": error[:MOST_ERROR]}
    return {}


def shorten(notebook: Any) -> None:
    """Keep the executed notebook readable, however much was printed."""
    for cell in notebook.cells:
        room = MOST_OUTPUT
        for output in cell.get("outputs", ()):
            if "text" in output:
                output["text"] = str(output["text"])[: max(0, room)]
                room -= len(output["text"])
            elif len(json.dumps(output.get("data", {}))) > MOST_OUTPUT:
                output["data"] = {"text/plain": "…"}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("inputs", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--work", type=Path, default=WORK)
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--seconds", type=float, default=0.0)
    how.add_argument("--warm", action="store_true")
    asked = parser.parse_args()
    report = asyncio.run(run(asked.inputs, asked.out, asked.seconds, warm=asked.warm, work=asked.work))
    (asked.out / "run.json").write_text(json.dumps(report), encoding="utf-8")
    # The kernel and its JVM end with the container: waiting for them is nobody's time to spend.
    os._exit(0)


if __name__ == "__main__":
    main()
