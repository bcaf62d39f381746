"""MLflow's store as a run left it: what is in it is read, and whatever is not what MLflow makes is refused and never run."""

import json
import sqlite3

import pytest

from exercises.checks import CheckFailed, Result
from exercises.runner import models
from exercises.runner.left import harmless

MODEL_ID = "m-" + "0a" * 16
TABLES = """
    CREATE TABLE model_versions (name TEXT, version INTEGER, run_id TEXT, source TEXT, status TEXT);
    CREATE TABLE model_version_tags (key TEXT, value TEXT, name TEXT, version INTEGER);
    CREATE TABLE registered_model_aliases (alias TEXT, version INTEGER, name TEXT);
    CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
    CREATE TABLE latest_metrics (key TEXT, value FLOAT, is_nan BOOLEAN, run_uuid TEXT);
    CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
    CREATE TABLE secrets (k TEXT);
    CREATE TRIGGER honest BEFORE UPDATE ON secrets BEGIN SELECT RAISE(ABORT, 'no'); END;
"""
ROWS = f"""
    INSERT INTO model_versions VALUES ('sales', 2, 'r2', 'models:/{MODEL_ID}', 'READY'), ('sales', 1, 'r1', '/etc/passwd', 'READY');
    INSERT INTO model_versions VALUES ('other', 1, 'r1', 'models:/{MODEL_ID}', 'READY');
    INSERT INTO model_version_tags VALUES ('verdict', 'refused', 'sales', 2), ('verdict', 'promoted', 'other', 1);
    INSERT INTO registered_model_aliases VALUES ('champion', 1, 'sales'), ('champion', 9, 'other');
    INSERT INTO params VALUES ('columns', 'a b', 'r2'), ('columns', 'c', 'r1');
    INSERT INTO latest_metrics VALUES ('mae', 2.5, 0, 'r2'), ('none', 0, 1, 'r2'), ('text', 'x', 0, 'r2');
    INSERT INTO tags VALUES ('mlflow.runName', 'two', 'r2');
"""
DESCRIBED = """
signature:
  inputs: '[{"name": "a"}, {"name": "b"}]'
saved_input_example_info:
  artifact_path: example.json
"""


@pytest.fixture
def store(tmp_path):
    """A store of the form that MLflow's has, with a version that has a signature and one that names a file elsewhere."""
    made = models.Store(tmp_path / "mlflow.db", tmp_path / "mlflow")
    run(made, TABLES + ROWS)
    folder = made.artifacts / "1" / "models" / MODEL_ID / "artifacts"
    folder.mkdir(parents=True)
    (folder / "MLmodel").write_text(DESCRIBED)
    return made


def run(store, script):
    connection = sqlite3.connect(store.database)
    connection.executescript(script)
    connection.close()


def described(store):
    return store.artifacts / "1" / "models" / MODEL_ID / "artifacts" / "MLmodel"


def test_a_model_is_what_the_registry_says(store, tmp_path):
    found = Result(tmp_path, {}, models=store).model("sales")
    first, second = found.versions
    assert (found.aliases, first.number, second.number) == ({"champion": 1}, 1, 2)
    assert (second.params, second.metrics, second.tags) == ({"columns": "a b"}, {"mae": 2.5}, {"verdict": "refused"})
    assert (second.run_tags, second.inputs, second.example) == ({"mlflow.runName": "two"}, ["a", "b"], True)
    # A source that is no model's own place is nowhere looked for.
    assert (first.params, first.tags, first.inputs, first.example) == ({"columns": "c"}, {}, None, False)


def test_what_is_not_there_is_said(store, tmp_path):
    with pytest.raises(CheckFailed, match="no registered model fares"):
        Result(tmp_path, {}, models=store).model("fares")
    for missing in (None, models.Store(tmp_path / "none.db", tmp_path)):
        with pytest.raises(CheckFailed, match="store is not there"):
            Result(tmp_path, {}, models=missing).model("sales")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("DROP TABLE params; CREATE VIEW params AS SELECT 'a' AS key, 'x' AS value, 'r2' AS run_uuid", "no plain table params"),
        ("DROP TABLE tags; CREATE VIRTUAL TABLE tags USING fts5(key, value, run_uuid)", "no plain table tags"),
        ("DROP TABLE tags", "no plain table tags"),
        ("DROP TABLE params; CREATE TABLE params (key TEXT, run_uuid TEXT, value TEXT AS (upper(key)))", "not the columns"),
        ("DROP TABLE params; CREATE TABLE params (key TEXT, value TEXT)", "not the columns"),
        ("UPDATE model_versions SET version = 'one'", "no number"),
        (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 6000) INSERT INTO params SELECT i, i, 'r' FROM n",
            "more than 5000 rows",
        ),
        ("INSERT INTO params VALUES ('long', hex(zeroblob(900000)), 'r2')", "damaged"),
        ("PRAGMA journal_mode = WAL", "whole by itself"),
    ],
)
def test_a_database_that_mlflow_would_not_make_is_refused(store, tmp_path, script, reason):
    run(store, script)
    with pytest.raises(CheckFailed, match=reason):
        Result(tmp_path, {}, models=store).model("sales")


def test_a_file_that_is_no_database_is_refused(store, tmp_path):
    content = store.database.read_bytes()
    for bad, reason in [
        (b"", "whole by itself"),
        (b"SQLite format 3\0" + b"\xff" * 5000, "damaged"),
        (content[:5000], "damaged|no plain table"),
        (b"SQLite format 3\0" + bytes(models.MOST_BYTES), "larger than 16 MB"),
    ]:
        store.database.write_bytes(bad)
        with pytest.raises(CheckFailed, match=reason):
            Result(tmp_path, {}, models=store).model("sales")
    store.database.unlink()
    store.database.symlink_to(tmp_path / "elsewhere.db")
    (tmp_path / "elsewhere.db").write_bytes(content)
    with pytest.raises(CheckFailed, match="has no database"):
        Result(tmp_path, {}, models=store).model("sales")


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system ['true']",
        "signature: {inputs: '[1]'}",
        "signature: [",
        "- " * 5_000,
        "[" * 20_000,
        "signature: {inputs: '" + "[" * 20_000 + "'}",
        "x" * (models.MOST_DESCRIPTION + 1),
    ],
)
def test_a_description_that_is_none_is_no_signature(store, tmp_path, text):
    described(store).write_text(text)
    second = Result(tmp_path, {}, models=store).model("sales").versions[1]
    assert (second.inputs, second.example) == (None, False)


def test_a_description_that_is_a_link_is_not_read(store, tmp_path):
    described(store).rename(tmp_path / "MLmodel")
    described(store).symlink_to(tmp_path / "MLmodel")
    assert Result(tmp_path, {}, models=store).model("sales").versions[1].inputs is None


def test_of_a_store_only_texts_come_through():
    place = f"mlflow/1/models/{MODEL_ID}/artifacts"
    left = {name: b"" for name in ("mlflow.db", f"{place}/MLmodel")}
    others = ("mlflow.db-wal", "x/mlflow.db", f"{place}/model.skops", f"{place}/code/MLmodel", "mlflow/1/models/x/MLmodel")
    assert harmless(left | {name: json.dumps(name).encode() for name in others}) == left
