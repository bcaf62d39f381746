"""A stream and its checkpoint.

Invariant: no advice here loses a position that the student may still need without saying so.
"""

from lab_kernel.errors.entry import Entry

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "checkpoint-not-given",
        10,
        "The stream has no place to remember what it has done",
        "A stream that writes to a table keeps its position in a checkpoint folder. Without one it "
        "could not go on after a stop without losing or repeating rows.",
        'Add .option("checkpointLocation", lakehouse.checkpoint("name of the table")) before '
        "start().",
        (r"checkpointLocation must be specified", r"CHECKPOINT_LOCATION_(NOT|MISSING)"),
    ),
    Entry(
        "checkpoint-in-use",
        10,
        "Two streams use one checkpoint",
        "A checkpoint belongs to one query. Another one that is still running (often the same cell, "
        "run twice) writes to this one.",
        "Stop the other one: for query in spark.streams.active: query.stop(). If it runs in "
        "another notebook, stop it there. Two different streams need two checkpoints: "
        'lakehouse.checkpoint("name", "query").',
        (
            r"Multiple streaming queries are concurrently using",
            r"CONCURRENT_STREAM_LOG_UPDATE|CONCURRENT_QUERY",
            r"Cannot start query with id \S+ as another query with same id is already active",
            r"QUERY_ALREADY_(ACTIVE|RUNNING)|DUPLICATED_QUERY",
        ),
    ),
    Entry(
        "kafka-offsets-lost",
        10,
        "The stream's position in Kafka is not there any more",
        "The checkpoint remembers records that the topic no longer has: the topic was deleted and "
        "made again, or Kafka's files were removed, and the checkpoint was kept.",
        'Start afresh with both: lakehouse.reset("name of the topic") removes topic, checkpoint '
        "and tables together. Then run the notebook from the top.",
        (
            r"some data may have been lost|KAFKA_DATA_LOSS|KAFKA_OFFSETS?_\w*(LOST|CHANGED)",
            r"failOnDataLoss",
            r"Partition \S+ offset was changed from",
        ),
    ),
    Entry(
        "checkpoint-of-another-query",
        10,
        "The checkpoint belongs to a different query",
        "What a stream keeps in its checkpoint fits one source and one aggregation only. The query "
        "was changed in a way that the old state does not fit.",
        'If the old progress is not needed, lakehouse.reset("name") removes tables and checkpoint '
        "together; else give the new query a checkpoint of its own.",
        (
            r"STREAMING_STATEFUL_OPERATOR_NOT_MATCH_IN_STATE_METADATA",
            r"STATE_STORE_\w*(SCHEMA|PARTITION)\w*",
            r"There are \[\d+\] sources in the checkpoint",
            r"DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE",
        ),
    ),
)
