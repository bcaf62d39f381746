"""The sales generator keeps its promises; read with nothing but open(), split() and arithmetic.

Invariant: nothing of the generator's own code is used to judge it. This file needs only pytest and
lab_kernel, so that the same tests run on the host's Python and in the lab's (test_in_lab.py).
"""

import hashlib
from collections import Counter
from decimal import Decimal

import pytest

from lab_kernel import datasets

PINNED = {
    "sales-2013-01.csv": "040f46b12ed78125584111d69af87100c8fea108644f936d5334b4ec52c17055",
    "sales-2013-02.csv": "9c44d3008d85e934e5439e7d09d0171e0aaa2ac35b22cee7a1a4a238439e8a0e",
    "sales-2013-03.csv": "168b089bf5dbe7dfce7759c1d75847b587523373cd4509bb1f2c09b0ba039fc4",
    "sales-2013-04.csv": "52fcbf4a5b18c63736f25ac85ac835c3c19a7d2faddbb66436bdd3fbf742b3c6",
    "sales-2013-05.csv": "a93f8a4eec5bef549020e9fb0184477d2a05caabe47178c823ad0bbb5d405214",
    "sales-2013-06.csv": "d54a1418968d14296c34460e68ffd1982c26243567f8bd45798a53a66a7cd8cf",
    "sales-2013-07-late.csv": "9c5e54c6efb1d8f4136c6c8d12f1273cd3d08e66e79fffcbd61b7c0425c469a6",
}
SEEDS = {20130: 20_000, 7: 2_000, 99: 500, 4242: 6_000}
REGIONS = {"Norte", "Nordeste", "Centro-Oeste", "Sudeste", "Sul"}


def cpf_is_valid(text):
    digits = [int(c) for c in text if c.isdigit()]
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    first = sum(d * (10 - i) for i, d in enumerate(digits[:9])) % 11
    second = sum(d * (11 - i) for i, d in enumerate(digits[:10])) % 11
    return digits[9:] == [0 if r < 2 else 11 - r for r in (first, second)]


def read(manifest):
    """Every delivered row as a dict of texts, with file, line, raw bytes and what is wrong with it."""
    seen, rows = set(), []
    for path in manifest.files:
        lines = path.read_bytes().split(b"\n")
        assert lines.pop() == b""
        separator = ";" if b";" in lines[0] else ","
        names = lines[0].decode("ascii").split(separator)
        for number, raw in enumerate(lines[1:], start=2):
            try:
                text, latin1 = raw.decode("utf-8"), False
            except UnicodeDecodeError:
                text, latin1 = raw.decode("latin-1"), True
            row = dict(zip(names, text.split(separator), strict=True))
            row |= {"file": path.name, "line": number, "defects": set()}
            if latin1:
                row["defects"].add("latin1")
            if row["id"] in seen:
                row["defects"].add("duplicate_id")
            seen.add(row["id"])
            if "," in row["amount"]:
                row["defects"].add("decimal_comma")
                row["amount"] = row["amount"].replace(".", "").replace(",", ".")
                day, month, year = row["date"].split("/")
                row["date"] = f"{year}-{month}-{day}"
            if "channel" in row:
                row["defects"].add("drifted_column")
            if Decimal(row["amount"]) < 0:
                row["defects"].add("negative_amount")
            if row["region"] not in REGIONS:
                row["defects"].add("unknown_region")
            if not cpf_is_valid(row["customer"].rsplit(" ", 1)[1]):
                row["defects"].add("invalid_cpf")
            if path.name.endswith("-late.csv"):
                row["defects"].add("late_event")
            rows.append(row)
    return rows


@pytest.fixture(scope="module", params=SEEDS, ids=str)
def delivery(request, tmp_path_factory):
    rows = SEEDS[request.param]
    manifest = datasets.sales(tmp_path_factory.mktemp("sales"), seed=request.param, rows=rows)
    return manifest, read(manifest)


def digests(manifest):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in manifest.files}


def test_the_same_seed_makes_the_same_bytes(tmp_path):
    assert digests(datasets.sales(tmp_path)) == PINNED


def test_other_seeds_and_sizes_make_other_bytes(tmp_path):
    small = {
        (seed, rows): digests(datasets.sales(tmp_path / f"{seed}-{rows}", seed=seed, rows=rows))
        for seed, rows in ((1, 1000), (2, 1000), (1, 1001))
    }
    for name in PINNED:
        assert len({found[name] for found in small.values()}) == 3, name


def test_rows_are_counted(delivery):
    manifest, rows = delivery
    assert manifest.rows_total == len(rows) == SEEDS[manifest.seed]
    assert manifest.rows_by_file == Counter(row["file"] for row in rows)


def test_each_defect_is_where_the_manifest_says(delivery):
    manifest, rows = delivery
    for defect in datasets.DEFECTS:
        found = {(r["file"], r["line"], r["id"]) for r in rows if defect in r["defects"]}
        told = {(r.file, r.line, r.id) for r in manifest.rows[defect]}
        assert found == told, defect
        assert len(found) == manifest.defects[defect] >= 2, defect
    assert set(manifest.defects) == set(datasets.DEFECTS)


def test_the_count_balances(delivery):
    manifest, rows = delivery
    unfit = {"negative_amount", "unknown_region", "invalid_cpf"}
    quarantined = [row for row in rows if row["defects"] & unfit]
    duplicates = [row for row in rows if "duplicate_id" in row["defects"]]
    valid = [row for row in rows if not row["defects"] & (unfit | {"duplicate_id"})]
    assert not any(row["defects"] & unfit for row in duplicates)
    assert any(len(row["defects"] & unfit) > 1 for row in quarantined)
    assert manifest.quarantined == len(quarantined)
    assert manifest.duplicates == len(duplicates)
    assert manifest.valid == len(valid) == len(manifest.valid_ids)
    assert manifest.valid_ids == {row["id"] for row in valid}
    assert manifest.valid_amount == sum(Decimal(row["amount"]) for row in valid)
    assert manifest.rows_total == manifest.valid + manifest.quarantined + manifest.duplicates


def test_a_duplicate_repeats_a_valid_row(delivery):
    _, rows = delivery
    names = [path for path in PINNED]
    first = {}
    for row in rows:
        values = [row[c] for c in ("date", "customer", "category", "region", "amount", "quantity")]
        if "duplicate_id" in row["defects"]:
            assert values == first[row["id"]][0]
            assert names.index(row["file"]) - names.index(first[row["id"]][1]) in (0, 1)
        else:
            first[row["id"]] = (values, row["file"])


def test_a_late_row_belongs_to_a_month_that_was_delivered_before(delivery):
    _, rows = delivery
    late = [row for row in rows if "late_event" in row["defects"]]
    assert {row["date"][:7] for row in late} <= {"2013-02", "2013-03", "2013-04", "2013-05"}
    in_time = [r for r in rows if not r["defects"] & {"late_event", "duplicate_id"}]
    assert all(row["file"] == f"sales-{row['date'][:7]}.csv" for row in in_time)


def test_the_store_tells_the_region(delivery, tmp_path):
    _, rows = delivery
    lines = datasets.states(tmp_path).read_text(encoding="utf-8").splitlines()
    region = {line.split(",")[0]: line.split(",")[2] for line in lines[1:]}
    assert len(region) == 27 and set(region.values()) == REGIONS
    for row in rows:
        if "unknown_region" not in row["defects"]:
            assert row["region"] == region[row["id"][:2]]


def test_amounts_and_quantities_are_sane(delivery):
    _, rows = delivery
    assert all(1 <= int(row["quantity"]) <= 5 for row in rows)
    assert all(Decimal(row["amount"]) != 0 for row in rows)


def test_some_invalid_cpfs_have_the_right_check_digits(delivery):
    manifest, rows = delivery
    numbers = ["".join(filter(str.isdigit, row["customer"])) for row in rows]
    equal = [number for number in numbers if len(set(number)) == 1]
    assert bool(equal) == (manifest.defects["invalid_cpf"] >= 10)


def test_a_whole_file_is_left_alone_and_a_changed_one_replaced(tmp_path):
    manifest = datasets.sales(tmp_path, rows=500)
    kept, edited = manifest.files[:2]
    before = kept.stat().st_mtime_ns
    edited.write_text("id\n")
    assert digests(datasets.sales(tmp_path, rows=500)) == digests(manifest)
    assert kept.stat().st_mtime_ns == before
    assert edited.read_bytes() != b"id\n"


def test_too_few_rows_are_refused(tmp_path):
    with pytest.raises(ValueError, match="rows is 10; the defects need at least 500"):
        datasets.sales(tmp_path, rows=10)


def test_the_manifest_shows_itself(tmp_path):
    shown = datasets.sales(tmp_path, rows=500)._repr_html_()
    assert "sales-2013-07-late.csv" in shown and "invalid_cpf" in shown
