"""Spark is gone, or does not answer any more.

Invariant: nothing here matches an error that did not come through Spark's Python side, or that Spark itself did not name.
"""

from lab_kernel.errors.entry import Entry

# The error came out of Spark's Python side, as the chain's text says.
_NO_ANSWER = r"\nthrough (py4j|pyspark)\b"

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "interrupted",
        None,
        "You have interrupted this cell",
        "The interrupt reached Python while it was talking to Spark; the error below comes of that.",
        "Nothing needs repair: the cell's Spark jobs have been ended. Run it again when you like.",
        (rf"\A(?=.*{_NO_ANSWER})(?=.*Py4J).*builtins\.KeyboardInterrupt",),
    ),
    Entry(
        "spark-killed-for-memory",
        None,
        "Spark was killed: the lab's memory was used up",
        "All of your lab together may use {limit}: the server, every notebook, Spark (up to {heap} "
        "for its data, and some more) and Kafka. They needed more, and the operating system ended "
        "Spark's JVM. Saved tables are not harmed.",
        "Shut down notebooks that you do not use (the list of running kernels in the left side "
        "bar), bring less data to Python at once, then run spark_restart() and the cells that made "
        "your DataFrames.",
        (_NO_ANSWER,),
        fact="jvm_killed_for_memory",
    ),
    Entry(
        "spark-heap-full",
        None,
        "Spark ended: its own memory was full",
        "Spark's JVM may use {heap} for its data. One step needed more, and Spark ended itself. "
        "Saved tables are not harmed.",
        "Select fewer columns and rows before collecting, caching or joining; write large results "
        "to a table instead of collecting them. Then run spark_restart().",
        (_NO_ANSWER,),
        fact="jvm_heap_full",
    ),
    Entry(
        "spark-died",
        None,
        "Spark is not running any more",
        "Its JVM has ended (exit code {exit_code}). DataFrames and streams of this notebook are "
        "gone with it; saved tables are not.",
        "Run spark_restart(), then the cells that made your DataFrames.\n{said}",
        (_NO_ANSWER,),
        fact="jvm_dead",
    ),
    Entry(
        "dataframe-of-earlier-spark",
        None,
        "This belongs to the Spark from before the restart",
        "A DataFrame, stream or table object lives in the Spark that made it, and that one has "
        "ended.",
        "Run the cells that made it again, in their order.",
        (rf"\A(?=.*{_NO_ANSWER})(?=.*(ConnectionRefusedError|Py4JNetworkError|Answer from Java))",),
        fact="restarted",
    ),
    Entry(
        "spark-stopped",
        None,
        "This Spark session was stopped",
        "spark.stop() has been called, or the DataFrame comes from the time before spark_restart(). "
        "What belongs to a stopped session cannot be used any more.",
        "Run spark_restart() if you have stopped Spark, then the cells that made your DataFrames.",
        (
            r"SESSION_ALREADY_EXIST|SparkContext was shut down|stopped SparkContext",
            r"'NoneType' object has no attribute '(sc|_jsc|setJobGroup|parallelize|setCallSite)'",
            r"SparkContext or SparkSession should be created first",
        ),
    ),
)
