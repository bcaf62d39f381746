"""The course's lessons, unchanged, in labs that the hub started while the groups run: on the class's storage, Kafka and Spark.

Invariant: all lessons of bronze, silver, gold and streaming are run on the cluster, by two students at once who both share it; in
labs that compute by themselves the first of bronze and the stream from Kafka, or, with DATAFLOW_TEST_FULL=1, all.
"""

import os

import pytest

from tests.platform import lesson_runs
from tests.platform.lesson_runs import container, in_lab

pytestmark = [pytest.mark.docker, pytest.mark.timeout(1800)]

LESSONS = lesson_runs.names()
SHORT = ("01_bronze_ingestion", "05_streaming")
FULL = os.environ.get("DATAFLOW_TEST_FULL") == "1"
BY_ITSELF = LESSONS if FULL else SHORT


@pytest.fixture(scope="module")
def two_labs(stack, enrol):
    """The containers of two students' labs that compute on the cluster, in a class whose flows run."""
    stack.script("nifi-flows")
    with lesson_runs.on_cluster(stack, enrol, "carla", "dario") as people:
        yield [container(stack, person) for person in people]


@pytest.fixture(scope="module")
def on_cluster(two_labs):
    with lesson_runs.runs(two_labs, LESSONS) as started:
        yield started


@pytest.fixture(scope="module")
def lab(stack, enrol):
    """The container of a lab that computes by itself, while no other lab computes."""
    person = enrol("elisa")
    person.start()
    yield container(stack, person)
    person.stop()


def on_the_platform(lab: str, master: str) -> None:
    told = in_lab(lab, 'echo "$LAKEHOUSE_ROOT"; echo "$KAFKA_BOOTSTRAP"; echo "${SPARK_MASTER:-local}"').stdout.split()
    assert [told[0].split(":")[0], told[1].split(":")[0], told[2].split(":")[0]] == ["s3a", "kafka", master]
    # Nothing was written beside it: the lab's own lakehouse is empty.
    assert in_lab(lab, "find ~/lakehouse -name '*.parquet' 2>/dev/null | head -1").stdout.strip() == ""


def test_all_parts_have_lessons():
    assert len(LESSONS) >= 14 and set(SHORT) <= set(LESSONS)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_gives_the_same_on_the_cluster(on_cluster, two_labs, lesson_times, name):
    ran = on_cluster[name].result()
    lesson_times.append(("cluster", ran))
    ran.ok()


def test_lessons_on_the_cluster_used_it_and_nothing_else(on_cluster, two_labs):
    for lab in two_labs:
        on_the_platform(lab, "spark")
        assert any(run.result().lab == lab for run in on_cluster.values()), "one student did all the work"


def test_the_landing_lesson_sent_its_sales_to_the_class_and_not_to_a_stand_in(on_cluster):
    ran = on_cluster["20_nifi_landing"].result().ok()
    delivered = in_lab(ran.lab, "grep -l till- /srv/landing/http/* | wc -l").stdout.strip()
    assert delivered.isdigit() and int(delivered) >= 15, delivered


@pytest.mark.parametrize("name", BY_ITSELF)
def test_a_lesson_gives_the_same_in_a_lab_on_the_platform(lab, lesson_times, name):
    ran = lesson_runs.run(lab, name)
    lesson_times.append(("lab", ran))
    ran.ok()
    on_the_platform(lab, "local")
