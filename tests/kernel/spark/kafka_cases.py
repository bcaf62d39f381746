"""Breakages that need a running Kafka to happen."""

START = """
from lab_kernel import kafka
broker = kafka.start()
topic = broker.create_topic('lost')
broker.produce(topic, [(str(i), {'i': i}) for i in range(20)])
source = (spark.readStream.format('kafka').option('kafka.bootstrap.servers', broker.bootstrap)
          .option('subscribe', topic).option('startingOffsets', 'earliest').load())
def replay():
    query = (source.writeStream.format('delta').trigger(availableNow=True)
             .option('checkpointLocation', lakehouse.checkpoint('lost')).start(lakehouse.bronze('lost')))
    query.awaitTermination()
replay()
spark.read.format('delta').load(lakehouse.bronze('lost')).count()
"""
AGAIN = (
    "broker.delete_topic('lost'); broker.create_topic('lost'); broker.produce('lost', [('1', 'x')])"
)


def test_a_topic_made_again_under_a_kept_checkpoint_and_reset_as_the_remedy(notebook):
    assert notebook.ok(START, 240).value == "20"
    notebook.ok(AGAIN)
    notebook.fails("replay()", "kafka-offsets-lost")
    said = notebook.ok("lakehouse.reset('lost')").text
    assert all(part in said for part in ("bronze table", "checkpoints", "Kafka topic"))
    notebook.ok("broker.create_topic('lost'); broker.produce('lost', [('1', 'x')]); replay()")
    notebook.ok("lakehouse.reset('lost')")


def test_a_topic_that_does_not_exist(notebook):
    notebook.fails(
        "(spark.read.format('kafka').option('kafka.bootstrap.servers', broker.bootstrap)\n"
        " .option('assign', '{\"nowhere\": [0]}').option('kafka.default.api.timeout.ms', '5000')\n"
        " .option('kafka.request.timeout.ms', '4000').load().count())",
        "kafka-topic-unknown",
    )
    notebook.ok("broker.stop()")
