"""What lesson 06, ingestion ledger, expects of its tasks: read from the landing zone's bytes and the table's versions.

Invariant: neither the ledger nor Spark's CSV reader is asked, so that what they get wrong is seen.
"""

import re
from collections.abc import Iterator
from typing import Any

from lab_kernel.checks.registry import Context, task

NAME, NOTES = "shop_sales", "shop_notes"
_AGREED = re.compile(r"(\d{1,3}(?:\.\d{3})+|\d{1,3}),(\d\d)")


def _landed(context: Context, name: str) -> Iterator[tuple[str, str]]:
    """Name and text of each file that lies in the landing zone."""
    files = context.spark.read.format("binaryFile").load(context.lakehouse.landing(name))
    for row in files.select("path", "content").collect():
        yield row.path.rsplit("/", 1)[-1], bytes(row.content).decode("latin-1")


def _noted(context: Context) -> dict[str, tuple[int, int]]:
    """What the sender says of each file: lines and centavos."""
    noted = {}
    for _, text in _landed(context, NOTES):
        file, lines, cents = text.strip().split(";")
        noted[file] = (int(lines), int(cents))
    return noted


def _sound(text: str) -> tuple[int, int]:
    """How many lines of a file are as agreed, and the sum of their centavos."""
    fields = [line.split(";") for line in text.splitlines()[1:]]
    amounts = [_AGREED.fullmatch(parts[4]) for parts in fields if len(parts) == 5]
    cents = [int(found[1].replace(".", "") + found[2]) for found in amounts if found]
    return len(cents), sum(cents)


@task(
    "06-money-waiting",
    hint="What the notes say, minus what bronze.shop_sales has. In the ledger day 3 is there twice.",
)
def money_waiting(context: Context) -> int:
    noted = _noted(context)
    files = {file: _sound(text) for file, text in _landed(context, NAME) if file in noted}
    return sum(noted[file][1] - cents for file, (_, cents) in files.items())


@task(
    "06-two-more-files",
    hint="The stream never offers a path again: which job looks at every file? Only rows whose refused is null count as ingested.",
)
def two_more_files(context: Context) -> Any:
    noted = _noted(context)
    rows = [(file, *_sound(text)) for file, text in _landed(context, NAME) if file in noted]
    return context.spark.createDataFrame(rows, "file STRING, ingested BIGINT, cents BIGINT")


@task(
    "06-replaced",
    hint="Two files may have been replaced by now. The predicate has the file's name in it, and day 3's ends in -03.csv.",
    ordered=True,
)
def replaced(context: Context) -> list[int]:
    """The first commit that replaced rows and left day 3 with another fingerprint; its rows before and in it."""
    location = context.lakehouse.bronze(NAME)

    def day_3(version: int) -> tuple[set[str], int]:
        table = context.spark.read.option("versionAsOf", version).format("delta").load(location)
        found = table.where("file LIKE '%-03.csv'").select("sha256").collect()
        return {row.sha256 for row in found}, len(found)

    for commit in context.history(location):
        if commit["operationParameters"].get("mode") == "Overwrite":
            before, after = day_3(commit["version"] - 1), day_3(commit["version"])
            if before[0] and before[0] != after[0]:
                return [commit["version"], before[1], after[1]]
    raise LookupError("bronze.shop_sales has only one delivery of day 3; run section 6")
