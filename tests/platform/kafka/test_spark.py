"""Spark in a lab on the shared broker: the lines of a lesson as they are, and the password nowhere that others look."""

import pytest

pytestmark = [pytest.mark.docker, pytest.mark.timeout(1200)]

# As lessons write it: no word of users or passwords.
LESSON = """
import os
from pyspark.sql import SparkSession
broker = kafka.start()
topic = broker.create_topic("flights", partitions=2)
assert broker.produce(topic, [(str(n % 5), {"flight": n}) for n in range(100)]) == 100
spark = SparkSession.builder.getOrCreate()
records = (spark.readStream.format("kafka").option("kafka.bootstrap.servers", broker.bootstrap).option("subscribe", topic)
           .option("startingOffsets", "earliest").option("maxOffsetsPerTrigger", 40).load())
query = (records.selectExpr("key", "value").writeStream.format("kafka")
         .option("kafka.bootstrap.servers", broker.bootstrap).option("topic", broker.create_topic("copied"))
         .option("checkpointLocation", "/tmp/checkpoint").trigger(availableNow=True).start())
query.awaitTermination()
batches = len(query.recentProgress)
options = {"kafka.bootstrap.servers": broker.bootstrap, "subscribe": broker.topic("copied")}
read = spark.read.format("kafka").options(**options).load()
rows = read.count()
import contextlib, io
shown = io.StringIO()
with contextlib.redirect_stdout(shown):
    read.explain(True)
    query.explain(True)
copies = read.selectExpr("key", "value").write.format("kafka")
copies.option("kafka.bootstrap.servers", broker.bootstrap).option("topic", topic).save()
plans = spark.sparkContext._jvm.org.apache.spark.sql.SparkSession.active().sharedState().statusStore().executionsList()
for n in range(plans.size()):
    shown.write(plans.apply(n).physicalPlanDescription() + str(plans.apply(n).modifiedConfigs()))
conf = str(spark.sparkContext.getConf().getAll())
from lab_kernel.errors import Facts, translate
def explained(topic):
    try:
        spark.read.format("kafka").option("kafka.bootstrap.servers", broker.bootstrap).option("subscribe", topic).load().count()
        return None, "read"
    except Exception as error:
        explanation = translate(error, Facts(limit="", heap="", root="", said=""))
        return explanation and explanation.id, str(error)
other, said = explained("ana2.secret")
password = os.environ["KAFKA_PASSWORD"]
os.environ["KAFKA_PASSWORD"] = "no longer the right one"
kafka.running()
outside, refused = explained(topic)
print(said, refused)
os.environ["KAFKA_PASSWORD"] = password
print(json.dumps({"batches": batches, "rows": rows, "again": sum(broker.end_offsets(topic).values()), "plans": plans.size(),
                  "told": password in shown.getvalue() or password in conf or password in said,
                  "other": other, "outside": outside, "memory": broker.memory_mb, "name": topic}))
"""


@pytest.fixture(scope="module")
def found(lab):
    return lab("iris").answer(LESSON, seconds=800)


def test_a_lesson_reads_and_writes_without_a_change(found):
    assert found["name"] == "iris.flights"
    assert (found["batches"], found["rows"], found["again"]) == (3, 100, 200)


def test_the_password_is_in_no_plan_and_no_error(found):
    assert found["plans"] > 0 and found["told"] is False


def test_what_is_refused_is_explained(found):
    assert (found["other"], found["outside"]) == ("kafka-not-yours", "kafka-not-let-in")


def test_a_shared_broker_takes_none_of_the_lab_s_memory(found):
    assert found["memory"] == 0.0
