"""Two students who compute on the class's cluster at once, in labs that the hub started: each gets a share, neither sees the other.

Invariant: every claim is seen from two sides, the labs' and the cluster's; what is killed here is started again.
"""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.helpers.hub_client import Kernel, Lab
from tests.helpers.versions import read
from tests.platform import in_notebook, lesson_runs
from tests.platform.in_notebook import last_line
from tests.platform.lesson_runs import container, in_lab
from tests.platform.spark.cluster import WORKERS, Cluster, docker

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

LESSON = "03_gold_aggregations"
EXECUTOR = "CoarseGrainedExecutorBackend"
WORK = """
import time
print(sum(spark.sparkContext.parallelize(range(30), 30).map(lambda n: time.sleep(1) or n).collect()))
"""
# A lab whose Spark has not said anything yet has no such file.
LOST = "cat /tmp/dataflow/logs/spark.log 2>/dev/null | grep -c 'Lost executor' || true"


@pytest.fixture(scope="module")
def cluster(stack) -> Cluster:
    """The class's own cluster, as seen by the operator."""
    return Cluster(stack.project, stack.state, read())


@pytest.fixture(scope="module")
def pair(stack, enrol):
    """Two students, with a kernel each, whose labs compute on the cluster."""
    with lesson_runs.on_cluster(stack, enrol, "ana", "bruno") as people:
        for person in people:
            person.kernel = Lab(person).kernel()
        yield people
        for person in people:
            person.kernel.close()


def cores(cluster: Cluster, people) -> list[int]:
    """How many cores each of these notebooks has now; fewer numbers if one is not known to the master."""
    found = {app["name"]: app["cores"] for app in cluster.master()["activeapps"]}
    return [found[name] for person in people if (name := f"notebook of {person.name}") in found]


def end(person, kernel: Kernel) -> None:
    """Shut a kernel down, and the Spark that it has: a lab has room for about two."""
    kernel.close()
    assert Lab(person).request("DELETE", f"api/kernels/{kernel.id}").status_code == 204


def having_executors(cluster: Cluster) -> list[str]:
    return [name for name in WORKERS if EXECUTOR in docker("top", cluster.container(name), "-eo", "pid,args")]


def having_computed(cluster: Cluster) -> list[str]:
    """The workers whose executor has done a task. One that was only being started would not be missed by the driver."""
    found = []
    for name in having_executors(cluster):
        started = re.search(r"--executor-id (\d+) .*--app-id (\S+)", docker("top", cluster.container(name), "-eo", "pid,args"))
        if started is not None:
            said = f"/var/tmp/work/{started[2]}/{started[1]}/stderr"
            done = docker("exec", cluster.container(name), "grep", "-c", "Finished task", said, check=False)
            if done.strip().isdigit() and int(done) > 0:
                found.append(name)
    return found


def test_both_compute_at_once_and_neither_has_all(pair, cluster):
    sent = [person.kernel.send(WORK) for person in pair]
    shares = cluster.wait(lambda: min(found := cores(cluster, pair), default=0) and len(found) == 2 and found, "both at work", 120)
    assert max(shares) <= int(cluster.settings["SPARK_STUDENT_CORES"])
    for person, message in zip(pair, sent, strict=True):
        assert person.kernel.result(message).ok().text.strip().splitlines()[-1] == str(sum(range(30)))


def test_each_writes_a_table_of_the_same_name_and_none_sees_the_others(pair):
    ana, bruno = pair
    assert last_line(ana, in_notebook.WRITE.format(word="alpha")) == "2"
    assert last_line(bruno, in_notebook.WRITE.format(word="beta")) == "2"
    for me, other in ((ana, bruno), (bruno, ana)):
        said = last_line(me, in_notebook.PEEK.format(me=me.name, other=other.name))
        assert said.startswith("refused True"), said
    assert last_line(ana, in_notebook.WRITE.format(word="alpha")) == "2"


def test_each_has_a_topic_of_the_same_name_and_none_hears_the_others(pair):
    words = zip(pair, ("alpha", "beta"), strict=True)
    said = [last_line(person, in_notebook.TALK.format(word=word)).split() for person, word in words]
    assert [count for _, count in said] == ["1", "1"]
    topics = [topic for topic, _ in said]
    assert len(set(topics)) == 2
    for person, theirs in zip(pair, reversed(topics), strict=True):
        answer = last_line(person, in_notebook.LISTEN.format(topic=theirs))
        assert answer.startswith("refused True"), answer


def test_an_exercise_computes_in_the_lab_and_its_check_reads_what_it_left(pair):
    ana = pair[0]
    folder = "exercises/spark1/shops"
    ana.kernel.run(in_notebook.FETCHED.format(folder=folder)).ok()
    kernel = Lab(ana).kernel(folder=folder)
    try:
        said = kernel.run(in_notebook.EXERCISE).ok().text
        assert said.strip().splitlines()[-1] == "local[2] /home/student/lakehouse/bronze/shops 2"
        checked = kernel.run(in_notebook.CHECK).ok()
        assert "Shops: " in checked.text + str(checked.displays), checked
    finally:
        end(ana, kernel)
    # A lesson in the same lab goes where the lab is sent.
    assert last_line(ana, "print(spark.sparkContext.master, lakehouse.bronze('meeting'))").startswith("spark://")


def test_a_worker_killed_during_a_lesson_costs_a_retry_and_not_the_lesson(stack, pair, cluster):
    lab = container(stack, pair[0])
    # An executor that is seen from here on is the lesson's.
    for person in pair:
        end(person, person.kernel)
    cluster.wait(lambda: not having_executors(cluster), "the end of earlier executors", 150)
    before = int(in_lab(lab, LOST).stdout)
    with ThreadPoolExecutor(1) as pool:
        lesson = pool.submit(lesson_runs.run, lab, LESSON)
        worker = cluster.wait(lambda: having_computed(cluster), "an executor at work for the lesson", 200)[0]
        docker("kill", "--signal", "KILL", cluster.container(worker))
        docker("start", cluster.container(worker))
        lesson.result().ok()
    assert int(in_lab(lab, LOST).stdout) > before
    assert cluster.wait(lambda: cluster.master()["aliveworkers"] == 3, "three workers again", 120)
