"""Half a year of sales with numbered defects, and what cleaning must find in it.

Invariant: the facts are true for the files of the same seed.
"""

import csv
import tempfile
from collections import Counter
from pathlib import Path

from lab_kernel import datasets

ROWS = 1500
REASONS = ("negative_amount", "unknown_region", "invalid_cpf")


def make(directory: Path, seed: int) -> None:
    """Write the delivered files and the table of states."""
    datasets.sales(directory, seed=seed, rows=ROWS)
    datasets.states(directory)


def facts(seed: int) -> dict:
    """Return what the checks may expect."""
    with tempfile.TemporaryDirectory() as folder:
        manifest = datasets.sales(folder, seed=seed, rows=ROWS)
        received = {row["id"]: day(row["date"]) for path in manifest.files for row in rows(path)}
    reasons: dict[str, list[str]] = {}
    for reason in REASONS:
        for row in manifest.rows[reason]:
            reasons.setdefault(row.id, []).append(reason)
    return {
        "received": sorted(received),
        "valid": sorted(manifest.valid_ids),
        "amount": str(manifest.valid_amount),
        "days": dict(Counter(received[id] for id in manifest.valid_ids)),
        "reasons": {id: sorted(found) for id, found in reasons.items()},
    }


def rows(path: Path) -> list[dict[str, str]]:
    encoding = "latin-1" if path.name.endswith("-04.csv") else "utf-8"
    with open(path, encoding=encoding, newline="") as file:
        return list(csv.DictReader(file, delimiter=";" if path.name.endswith("-03.csv") else ","))


def day(text: str) -> str:
    """A date in ISO form; one file has day/month/year."""
    return "-".join(reversed(text.split("/"))) if "/" in text else text
