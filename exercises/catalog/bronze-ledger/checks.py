"""Looks at bronze.receipts and bronze.receipts_ledger, a group of files at a time.

Each group has files that show one rule only; `facts` has the groups, each file's lines as they must be in the end, and the
decisions. Each check forgives what another one looks at.
"""

from collections import Counter
from decimal import Decimal

from exercises.checks import CheckFailed, check, repeated, some

RECEIPTS = {"id": "string", "amount": "decimal(10,2)", "refused": "string", "line": "string"}
LEDGER = {"file": "string", "sha256": "string", "outcome": "string", "receipts": "long", "refused": "long", "night": "integer"}
ORIGIN = {"source_file": "string", "sha256": "string"}


def receipts(result):
    """The good rows of bronze.receipts."""
    table = result.table("bronze", "receipts")
    table.must_have(**RECEIPTS, **ORIGIN)
    rows = [row for row in table.rows() if row["refused"] is None]
    if not rows:
        raise CheckFailed("bronze.receipts has no receipts.")
    return rows


def wanted(result, names):
    """The ids that must be there of some files, each with its file. A copy has none of its own."""
    files = result.facts["files"]
    return {code: name for name in names if name in files for code in files[name]["good"]}


def twice(result, names):
    """Those of some files that have a receipt more than once."""
    mine = wanted(result, names)
    return sorted({mine[code] for code in repeated(row["id"] for row in receipts(result)) if code in mine})


@check("no receipt is lost", points=3)
def lost(result):
    once = result.facts["plain"] + result.facts["power"] + result.facts["bad"]
    mine = wanted(result, once + result.facts["copied"] + result.facts["copied_same_night"])
    missing = set(mine) - {row["id"] for row in receipts(result)}
    if missing:
        files = sorted({mine[code] for code in missing})
        raise CheckFailed(f"{len(missing)} receipts of {len(files)} files are not in bronze.receipts; the files are {some(files)}.")


@check("the ledger has each decision once", points=2)
def decisions(result):
    table = result.table("bronze", "receipts_ledger")
    table.must_have(**LEDGER)
    found = Counter((row["file"], row["night"]) for row in table.rows())
    if not found:
        raise CheckFailed("bronze.receipts_ledger is empty.")
    more = {file for (file, _), count in found.items() if count > 1}
    if more:
        raise CheckFailed(f"The ledger has several decisions of one night about {len(more)} files, such as {some(more)}.")
    missing = {entry[0] for entry in result.facts["entries"]} - {file for file, _ in found}
    if missing:
        raise CheckFailed(f"The ledger knows nothing of {len(missing)} files, such as {some(missing)}.")


@check("each row has its origin", points=2)
def origin(result):
    files, wrong = result.facts["files"], set()
    by_code = wanted(result, result.facts["plain"] + result.facts["power"] + result.facts["bad"])
    found = [row for row in receipts(result) if row["id"] in by_code]
    if not found:
        raise CheckFailed("bronze.receipts has none of the receipts that came once.")
    for row in found:
        name = by_code[row["id"]]
        if (row["source_file"], row["sha256"]) != (name, files[name]["sha256"]):
            wrong.add(name)
    if wrong:
        raise CheckFailed(f"Rows of {len(wrong)} files do not have its name and fingerprint, such as those of {some(wrong)}.")


@check("a copy brings nothing", points=3, visible=False, message="Files that came again under another name are in the table twice.")
def copies(result):
    more = twice(result, result.facts["copied"] + result.facts["copied_same_night"])
    if more:
        raise CheckFailed(f"{len(more)} files that came under two names are in bronze.receipts twice.")


@check("the power may fail", points=2, visible=False, message="What was written before the power failed is there twice.")
def power(result):
    more = twice(result, result.facts["power"])
    if more:
        raise CheckFailed(f"Of {len(more)} files, what was written before the power failed was written again after it.")


@check("a changed file replaces its lines", points=3, visible=False, message="Files that came with other content do not have it.")
def changed(result):
    names = result.facts["changed"] + result.facts["restored"]
    found = {}
    for row in receipts(result):
        found.setdefault(row["source_file"], {})[row["id"]] = row["amount"]
    wrong = [name for name in names if found.get(name) != amounts(result, name)]
    if wrong:
        raise CheckFailed(f"{len(wrong)} files that came with other content do not have exactly the lines that came last.")


@check("a file is taken when it is whole", points=2, visible=False, message="Files were not taken when they were whole.")
def whole(result):
    found = {}
    for row in result.table("bronze", "receipts").rows():
        found.setdefault(row["source_file"], {})[row["id"]] = row["amount"]
    early = [name for name in result.facts["never_whole"] if name in found]
    if early:
        raise CheckFailed(f"{len(early)} files that have never been whole have rows in bronze.receipts.")
    late = [name for name in result.facts["half"] + result.facts["empty"] if set(found.get(name, ())) != set(amounts(result, name))]
    if late:
        raise CheckFailed(f"{len(late)} files that were on their way at first do not have all their lines.")


@check("bad lines are kept", points=2, visible=False, message="Lines that are no receipts are not kept as they came.")
def bad(result):
    found = {}
    for row in result.table("bronze", "receipts").rows():
        if row["refused"] is not None:
            found.setdefault(row["source_file"], set()).add(row["line"])
    wrong = [name for name in result.facts["bad"] if found.get(name, set()) != set(result.facts["files"][name]["refused"])]
    if wrong:
        raise CheckFailed(f"In {len(wrong)} files, the refused lines are not exactly those that are no receipts.")


@check("the ledger tells what happened", points=1, visible=False, message="The ledger does not say what became of each file.")
def outcomes(result):
    entries = sorted(result.table("bronze", "receipts_ledger").rows(), key=lambda row: row["night"] or 0)
    told, right = {}, {}
    for row in entries:
        told.setdefault(row["file"], []).append(row["outcome"])
    for file, _, outcome, *_ in result.facts["entries"]:
        right.setdefault(file, []).append(outcome)
    wrong = [file for file in right if told.get(file) != right[file]]
    if wrong:
        raise CheckFailed(f"For {len(wrong)} files the ledger does not have the outcomes that the rules give, in their order.")
    counts = {(row["file"], row["night"]): (row["receipts"], row["refused"]) for row in entries}
    for file, _, outcome, good, refused, night in result.facts["entries"]:
        if counts.get((file, night)) != (good, refused):
            raise CheckFailed(f"For a file with the outcome {outcome}, the ledger counts other lines than the table should have.")


def amounts(result, name):
    """The amount of each good line that a file must have."""
    return {code: Decimal(rest.rpartition(";")[2]) for code, rest in result.facts["files"][name]["good"].items()}
