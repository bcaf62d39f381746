"""An exercise's notebook in a lab that is sent to the class's cluster and storage."""

import json

import pytest

from exercises.student import visible
from lab_kernel import exercise, extension, settings

SENT = {"HOME": "/home/ana", "SPARK_MASTER": "spark://spark-master:7077", "LAKEHOUSE_ROOT": "s3a://{layer}/ana", "AWS_REGION": "x"}


@pytest.fixture
def fetched(tmp_path):
    """The folder of an exercise, as students have it."""
    folder = tmp_path / "exercises" / "spark1" / "shops"
    (folder / visible.FOLDER).mkdir(parents=True)
    (folder / visible.FOLDER / visible.ABOUT).write_text(json.dumps({"title": "Shops", "points": 2}))
    return folder


def test_it_is_known_by_what_check_looks_for(fetched):
    assert exercise.MARK.parts == (visible.FOLDER, visible.ABOUT)
    assert exercise.is_one(fetched) and exercise.is_one(fetched / "data")
    assert not exercise.is_one(fetched.parent)


def test_it_computes_in_the_lab_and_check_finds_its_tables(fetched, monkeypatch):
    found = settings.read(exercise.environment(SENT, fetched))
    assert (found.master, found.lakehouse_root) == ("local[2]", "/home/ana/lakehouse")
    assert found.s3_region == "x", "what does not say where it computes stays"
    shown = visible.bundle(fetched, found.lakehouse_root)
    assert shown["text/plain"].startswith("Shops: "), shown


def test_a_lesson_in_the_same_lab_goes_where_the_lab_is_sent(tmp_path):
    assert exercise.environment(SENT, tmp_path) == SENT
    assert settings.read(exercise.environment(SENT, tmp_path)).master == SENT["SPARK_MASTER"]


@pytest.mark.parametrize(
    "sent, said",
    [
        (SENT, "Lessons go on using the class's Spark cluster and storage."),
        ({**SENT, "SPARK_MASTER": "local[2]"}, "Lessons go on using the class's storage."),
    ],
)
def test_it_is_said_in_a_plain_sentence(fetched, sent, said):
    left_out = exercise.told_otherwise(sent, fetched)
    told = extension.in_the_lab("/home/ana/lakehouse", left_out)["text/plain"]
    assert "on the lab's own disk, in /home/ana/lakehouse" in told and told.endswith(said)


def test_a_lab_by_itself_has_nothing_to_say(fetched):
    assert exercise.told_otherwise({"LAKEHOUSE_ROOT": "/home/ana/other", "SPARK_MASTER": "local[4]"}, fetched) == []
