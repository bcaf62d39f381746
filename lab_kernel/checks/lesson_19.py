"""What lesson 19, orchestration, expects of its tasks.

Invariant: only the tables and their histories are asked, not the orchestrator and not the lesson's graph.
"""

import json
from typing import Any

from lab_kernel.checks.registry import Context, task

TABLES = (("bronze", "trips"), ("silver", "trips"), ("gold", "trips_daily"), ("gold", "trips_by_carrier"))

NO_CORRECTION = "the newest run has brought nothing in: land the correction, add it to deliveries[march] and run the flow"


@task(
    "19-what-ran",
    hint="A step that was skipped has made no commit. Which tables hold rows of this month, and which table holds all months?",
)
def what_ran(context: Context) -> list[str]:
    notes = _notes(context)
    newest = max(note["run"] for note in notes)
    steps = [note["step"] for note in notes if note["run"] == newest]
    if not any(step.startswith("ingest") for step in steps):
        raise LookupError(NO_CORRECTION)
    return steps


@task(
    "19-downstream",
    hint="Follow the edges from the file to the end: what was made from it, and what was made from that. Count each commit once.",
)
def reached(context: Context) -> int:
    """Commits about the first month, and those of the table that is made from all months."""
    notes = _notes(context)
    months = {note["month"] for note in notes} - {None}
    first = next(month for month in months if (month - 2) % 12 + 1 not in months)
    return sum(note["month"] in (first, None) for note in notes)


@task(
    "19-written-in-vain",
    hint="Add up numOutputRows of all commits that have one, and take away the rows that are there now.",
)
def written_in_vain(context: Context) -> int:
    """Follows each commit of silver back to the file that it came from, and counts that file's rows."""
    lines = context.spark.read.text(context.lakehouse.landing("trips")).selectExpr("_metadata.file_name AS file")
    rows = {row.file: row["count"] - 1 for row in lines.groupBy("file").count().collect()}
    bronze = {commit["version"]: commit["userMetadata"] for commit in context.history(context.lakehouse.bronze("trips"))}
    written = 0
    for commit in context.history(context.lakehouse.silver("trips")):
        if commit["userMetadata"]:
            source = json.loads(commit["userMetadata"])["inputs"]["bronze.trips"][0]
            written += rows[json.loads(bronze[source])["inputs"]["landing"][0]]
    return written - context.silver("trips").count()


def _notes(context: Context) -> list[dict[str, Any]]:
    """The note of each commit that has one, of all tables of the pipeline."""
    found = []
    for layer, name in TABLES:
        location = getattr(context.lakehouse, layer)(name)
        found += [commit["userMetadata"] for commit in context.history(location)]
    return [json.loads(note) for note in found if note]
