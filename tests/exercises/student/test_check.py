"""`check()` over a real Delta table, and wherever there is nothing to check."""

import json

import pyarrow
import pyarrow.parquet
import pytest

from exercises.student import visible
from tests.exercises.student.samples import student_version

CHECKS = '''from exercises.checks import CheckFailed, check


@check("two rows", points=4, message="silver.sales has two rows.")
def two(result):
    if len(result.table("silver", "sales").rows()) != result.facts["rows"]:
        raise CheckFailed("silver.sales should have {rows} rows.".format(**result.facts))


@check("ids", points=2, message="Each sale has an id.")
def ids(result):
    assert None not in result.table("silver", "sales").values("id")


@check("sums", points=1, message="Amounts can be added.")
def sums(result):
    sum(result.table("silver", "sales").values("id"))
'''


@pytest.fixture
def folder(tmp_path):
    for name, content in student_version().items():
        path = tmp_path / "exercise" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    own = tmp_path / "exercise" / ".exercise"
    (own / "checks.py").write_text(CHECKS)
    (own / "facts.json").write_text('{"rows": 2}')
    return tmp_path / "exercise"


@pytest.fixture
def lakehouse(tmp_path):
    return tmp_path / "lakehouse"


def write(lakehouse, ids) -> None:
    """A table as Spark would leave it after one write."""
    table = lakehouse / "silver" / "sales"
    (table / "_delta_log").mkdir(parents=True)
    pyarrow.parquet.write_table(pyarrow.table({"id": pyarrow.array(ids, pyarrow.int32())}), table / "part-0.parquet")
    fields = [{"name": "id", "type": "integer", "nullable": True, "metadata": {}}]
    schema = json.dumps({"type": "struct", "fields": fields})
    size = (table / "part-0.parquet").stat().st_size
    actions = [
        {"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}},
        {"metaData": {"id": "t", "format": {"provider": "parquet"}, "schemaString": schema, "partitionColumns": []}},
        {"add": {"path": "part-0.parquet", "partitionValues": {}, "size": size, "modificationTime": 1, "dataChange": True}},
    ]
    (table / "_delta_log" / f"{0:020d}.json").write_text("\n".join(map(json.dumps, actions)))


def found(folder, root) -> dict:
    told = visible.bundle(folder, str(root))
    return {one["name"]: (one["passed"], one["message"]) for one in told[visible.MIME]["checks"]}


def test_all_pass(folder, lakehouse):
    write(lakehouse, [1, 2])
    assert found(folder, lakehouse) == {"two rows": (True, ""), "ids": (True, ""), "sums": (True, "")}
    plain = visible.bundle(folder, str(lakehouse))["text/plain"]
    assert plain.startswith("First steps: all 3 visible checks pass")
    assert "they are worth 3 of the 10 points" in plain


def test_each_says_what_is_wrong(folder, lakehouse):
    write(lakehouse, [1, None, 3])
    assert found(folder, lakehouse) == {
        "two rows": (False, "silver.sales should have 2 rows."),
        "ids": (False, "Each sale has an id."),
        # Adding None breaks the check itself: it has a sentence for that, too.
        "sums": (False, "Amounts can be added."),
    }


def test_without_the_table(folder, lakehouse):
    assert found(folder, lakehouse)["two rows"] == (False, "There is no Delta table silver.sales.")


def test_it_changes_nothing_in_the_lakehouse(folder, lakehouse):
    write(lakehouse, [1, 2])
    before = {path: path.stat().st_mtime_ns for path in lakehouse.rglob("*")}
    visible.bundle(folder, str(lakehouse))
    assert {path: path.stat().st_mtime_ns for path in lakehouse.rglob("*")} == before


@pytest.mark.parametrize("name", ["exercise.json", "checks.py", "facts.json"])
@pytest.mark.parametrize("content", ["{", "raise SystemExit", "[]", "import nothing_of_that_name"])
def test_damaged_files_are_told_and_never_raise(folder, lakehouse, name, content):
    write(lakehouse, [1, 2])
    (folder / ".exercise" / name).write_text(content)
    told = visible.bundle(folder, str(lakehouse))
    assert "Fetch it again; your notebook stays as it is" in told["text/plain"] or visible.MIME in told


def test_where_there_is_nothing_to_check(folder, tmp_path):
    assert "runs in the folder that was fetched" in visible.bundle(tmp_path, str(tmp_path))["text/plain"]
    assert "needs the kernel" in visible.bundle(folder, None)["text/plain"]
    assert "tables of this lab's own disk" in visible.bundle(folder, "s3a://class/ana")["text/plain"]


def test_it_may_be_called_anywhere(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    visible.check()
    assert "needs the kernel" in capsys.readouterr().out


def test_models_are_looked_for_where_this_lab_keeps_them(monkeypatch, folder, lakehouse):
    (folder / ".exercise" / "checks.py").write_text(
        "from exercises.checks import check\n\n\n@check('a model', points=1)\ndef model(result):\n    result.model('sales')\n"
    )
    folder_of = lakehouse.parent / "mlflow"
    folder_of.mkdir()
    (folder_of / "mlflow.db").write_bytes(b"no database")
    monkeypatch.setenv("_MLFLOW_SERVER_ARTIFACT_ROOT", str(folder_of / "artifacts"))
    told = {}
    for uri in (f"sqlite:///{folder_of}/mlflow.db", f"sqlite:///{folder_of}/other.db", "http://mlflow.example"):
        monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
        told[uri] = visible.run(folder / ".exercise", lakehouse)[0]["message"]
    assert ["no SQLite file" in one for one in told.values()] == [True, False, False]
    assert ["is not there, or is a server's" in one for one in told.values()] == [False, True, True]
