"""The table: which words in an error mean what.

Invariant: the first entry that matches is the explanation, so special cases come before general ones.
Texts may use the fields of Facts and the named groups of their own pattern. `row` is the row of the
list of well-known breakages that the entry stands for; None for those beyond it.
"""

from lab_kernel.errors.entries import cluster, kafka, storage
from lab_kernel.errors.entry import Entry

# The error came out of Spark's Python side, as the chain's text says.
_NO_ANSWER = r"\nthrough (py4j|pyspark)\b"
_START = r"JAVA_GATEWAY_EXITED|SparkStartError"

ENTRIES: tuple[Entry, ...] = (
    *cluster.ENTRIES,
    Entry(
        "interrupted",
        None,
        "You have interrupted this cell",
        "The interrupt reached Python while it was talking to Spark; the error below comes of that.",
        "Nothing needs repair: the cell's Spark jobs have been ended. Run it again when you like.",
        (rf"\A(?=.*{_NO_ANSWER})(?=.*Py4J).*builtins\.KeyboardInterrupt",),
    ),
    # --- Spark is gone ----------------------------------------------------------------------------
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
    # --- Row 3 and 4 and 5, before the start: parts that do not fit --------------------------------
    Entry(
        "parts-do-not-fit",
        3,
        "Spark's parts do not fit together",
        "pyspark, Java and the jars must be of versions that were built for each other. Here they "
        "are not:\n{said}",
        "Nothing in a notebook can repair this: the lab image has to be built again from its lock "
        "files. Show this message to your instructor.",
        (r"MisfitError",),
    ),
    # --- Row 1: Java did not start ----------------------------------------------------------------
    Entry(
        "packages-not-downloaded",
        1,
        "Spark could not download extra packages",
        "spark.jars.packages (or --packages) makes Spark fetch jars from the internet at its "
        "start. A lab has no such access, and needs none: Delta, Kafka and S3 are built in.",
        "Remove spark.jars.packages and configure_spark_with_delta_pip from the notebook and "
        "PYSPARK_SUBMIT_ARGS from the environment, then run spark_restart().\n{said}",
        (rf"\A(?=.*({_START}))(?=.*(UNRESOLVED DEPENDENCIES|unresolved dependenc|ivy))",),
    ),
    Entry(
        "heap-too-large",
        1,
        "Java was refused the memory it asked for",
        "Spark's JVM asked for {heap} of data memory; the whole lab has {limit}.",
        "Set DATAFLOW_DRIVER_MEMORY to less than half of the lab's memory, or shut down other "
        "notebooks, then run spark_restart().\n{said}",
        (
            rf"\A(?=.*({_START}))(?=.*(Could not reserve enough space|insufficient memory|"
            r"Invalid maximum heap size|Too small maximum heap|Cannot allocate memory))",
        ),
    ),
    Entry(
        "java-not-found",
        1,
        "Spark could not find Java",
        "Spark runs on Java. JAVA_HOME names the folder of a Java installation, and there is none "
        "in the one that it names now.",
        "Remove JAVA_HOME from your notebook or terminal settings: the lab image sets the right "
        "one. Then restart the kernel.\n{said}",
        (
            rf"\A(?=.*({_START}))(?=.*(JAVA_HOME is not set|bin/java: (No such file|Not a dir|"
            r"not found|Permission denied)|cannot execute))",
        ),
    ),
    Entry(
        "java-ended-at-start",
        1,
        "Spark's JVM ended before it was ready",
        "Something in the settings, or in what Java met at its start, kept it from running.",
        "Remove changes to PYSPARK_SUBMIT_ARGS and other Spark variables, then run "
        "spark_restart().\n{said}",
        (_START, r"Java gateway process exited before sending its port number"),
    ),
    # --- Row 3 and 4: found only when a class is used ------------------------------------------------
    Entry(
        "delta-built-for-another-spark",
        3,
        "Delta Lake was built for another version of Spark",
        "A class or method that Delta expects in Spark is not there. It happens when another "
        "pyspark or delta-spark has been installed over the lab's own.",
        "If you ran pip install for pyspark or delta-spark, undo it with pip uninstall of the same "
        "package, then restart the kernel. Otherwise show this to your instructor.",
        (
            r"(NoSuchMethodError|NoClassDefFoundError|AbstractMethodError|NoSuchFieldError|"
            r"IncompatibleClassChangeError|ClassNotFoundException)[^\n]*"
            r"(ParquetToSparkSchemaConverter|IgnoreCachedData|spark/sql/(catalyst|execution)|"
            r"spark\.sql\.(catalyst|execution))",
            r"io\.delta\.\S+ does not exist in the JVM",
            r"'JavaPackage' object is not callable.*io\.delta|io\.delta.*'JavaPackage' object",
        ),
    ),
    Entry(
        "kafka-source-missing",
        4,
        "Spark's Kafka source is missing or of another version",
        "Reading Kafka needs four jars of the versions that this Spark was built with. They are "
        "part of the lab image; a jar of another Scala or Spark version beside them breaks them.",
        "Remove spark.jars, spark.jars.packages or added jars from the notebook, then restart the "
        "kernel. Where Spark runs on workers, they must use the lab image too.",
        (
            r"(Failed to find (the )?data source|DATA_SOURCE_NOT_FOUND)[^\n]*kafka",
            r"(NoClassDefFoundError|ClassNotFoundException|NoSuchMethodError)[^\n]*"
            r"(KafkaSourceProvider|kafka010|org[./]apache[./]kafka|commons[./]pool2)",
        ),
    ),
    Entry(
        "scala-versions-mixed",
        4,
        "A jar for another Scala version is in use",
        "Jars with _2.12 and _2.13 in their names cannot work together. One that does not belong "
        "to this Spark was added.",
        "Remove spark.jars, spark.jars.packages or the added jar from the notebook, then restart "
        "the kernel.",
        (r"(NoClassDefFoundError|NoSuchMethodError|ClassNotFoundException)[^\n]*\bscala[./]",),
    ),
    # --- Row 2: Delta not there ---------------------------------------------------------------------
    Entry(
        "delta-not-configured",
        2,
        "This Spark session does not know Delta Lake",
        "Delta is set up when the first session of a notebook starts. A session made by other "
        "code, or with other settings, comes without it.",
        "Use the ready-made `spark` and make no SparkSession of your own; run spark_restart() to "
        "get the lab's session back.",
        (
            r"(Failed to find (the )?data source|DATA_SOURCE_NOT_FOUND)[^\n]*\bdelta\b",
            r"delta\.DefaultSource|Cannot use io\.delta\.sql\.DeltaSparkSessionExtension",
            r"DELTA_CONFIGURE_SPARK_SESSION_WITH_EXTENSION_AND_CATALOG",
            r"CANNOT_CREATE_DATA_SOURCE_TABLE[^\n]*provider 'delta'",
        ),
    ),
    Entry(
        "data-source-unknown",
        2,
        "Spark does not know the format {source}",
        "The name after format(...) or USING is none of those that this lab has: delta, parquet, "
        "csv, json, text, orc, kafka, rate and a few more.",
        'Check the spelling. In this course tables are "delta".',
        (
            r"DATA_SOURCE_NOT_FOUND[^\n]*data source: (?P<source>[\w.-]+?)\.? ",
            r"Failed to find (the )?data source: (?P<source>[\w.-]+?)[.\s]",
        ),
    ),
    # --- Row 5: S3 jars -------------------------------------------------------------------------------
    Entry(
        "s3-parts-do-not-fit",
        5,
        "The parts that read S3 do not fit together",
        "hadoop-aws must have exactly the version of Spark's Hadoop, with the AWS parts it was "
        "built for. Here one is missing or of another version.",
        "Remove spark.jars, spark.jars.packages or added jars from the notebook, then restart the "
        "kernel: the lab image brings the right ones.",
        (
            r"(ClassNotFoundException|NoClassDefFoundError)[^\n]*(s3a\.S3AFileSystem|amazonaws|"
            r"software[./]amazon)",
            r"NoSuchMethodError[^\n]*(amazonaws|software[./]amazon|TransferManager)",
            r'NumberFormatException: For input string: "\d+[smhd]"',
        ),
    ),
    *storage.ENTRIES,
    # --- Row 6: S3 address and keys ---------------------------------------------------------------------
    Entry(
        "s3-host-unknown",
        6,
        "The S3 server was not found: {host}",
        "No computer of that name answers. Either the address in fs.s3a.endpoint is wrong, the "
        "storage of the class is not running, or the bucket's name was put before the address.",
        "Check LAKEHOUSE_ROOT and the endpoint with your instructor. Without S3, leave "
        "LAKEHOUSE_ROOT unset: the lakehouse then lies in your home.",
        (
            r"\A(?=.*s3a).*UnknownHostException: (?P<host>[\w.-]+)(?=:|\s*(\n|$))",
            r"\A(?=.*s3a).*UnknownHostException",
        ),
    ),
    Entry(
        "s3-refused",
        6,
        "The S3 server refused the request",
        "The key, the secret or the region is not what the server expects, or this key may not use "
        "that bucket.",
        "Use only places under your own LAKEHOUSE_ROOT. If it is one, your keys are wrong: stop "
        "and start your lab from the hub's control panel to get fresh ones.",
        (
            r"\A(?=.*s3a).*(Status Code: (301|400|403)|SignatureDoesNotMatch|InvalidAccessKeyId|"
            r"AccessDenied|NoAwsCredentials|NoAuthWithAWSException|No AWS Credentials|"
            r"CredentialInitializationException|Unable to load credentials)",
        ),
    ),
    # --- Row 7 -----------------------------------------------------------------------------------------
    Entry(
        "java-too-new",
        7,
        "This Java is too new for this Hadoop",
        "Hadoop asks Java for something that newer Javas no longer have (getSubject).",
        "Remove JAVA_HOME and SPARK_HOME from your settings: the lab image brings a pair that "
        "fits. Then restart the kernel.",
        (r"getSubject is (not )?supported", r"UnsupportedOperationException[^\n]*getSubject"),
    ),
    # --- Row 8 -----------------------------------------------------------------------------------------
    Entry(
        "python-versions-differ",
        8,
        "Spark's workers use another Python than this notebook",
        "A function of yours is sent to Python processes beside Spark. They are Python {worker}, "
        "the notebook is Python {driver}, and the two cannot understand each other.",
        "Remove PYSPARK_PYTHON from your notebook and settings, then run spark_restart(). Where "
        "Spark runs on workers, they must use the lab image.",
        (
            r"PYTHON_VERSION_MISMATCH.*?worker has different version[^:\d]*:?\s*(?P<worker>[\d.]+\d)"
            r".*?driver[^:\d]*:?\s*(?P<driver>[\d.]+\d)",
            r"PYTHON_VERSION_MISMATCH",
        ),
    ),
    Entry(
        "worker-python-missing",
        8,
        "Spark could not start Python for your function",
        "PYSPARK_PYTHON names a program that is not there or does not run.",
        "Remove PYSPARK_PYTHON from your notebook and settings, then run spark_restart().",
        (
            r'Cannot run program "(?P<program>[^"]*python[^"]*)"',
            r"Python worker failed to connect back|PYTHON_DAEMON_EXECUTION_ERROR",
        ),
    ),
    # --- Row 9 -----------------------------------------------------------------------------------------
    *kafka.ENTRIES,
    Entry(
        "kafka-unreachable",
        9,
        "No Kafka answers at the address that was given",
        "The broker is not running, has another address, or tells its clients an address that "
        "cannot be reached from here.",
        "Start it, `from lab_kernel import kafka; broker = kafka.start()`, and use "
        "broker.bootstrap as the address, not one that you typed.",
        (
            r"Timed out waiting for a node assignment",
            r"TimeoutException[^\n]*(Failed to (update|get offsets)|metadata|describeTopics|"
            r"listTopics|listOffsets|fetch)",
            r"No resolvable bootstrap urls|Couldn't resolve server",
            r"Connection to node -1|NoBrokersAvailable|KafkaTimeoutError|KafkaConnectionError",
        ),
    ),
    Entry(
        "kafka-topic-unknown",
        9,
        "That Kafka topic does not exist",
        "The broker answers, but has no topic of this name.",
        "Make it first: broker.create_topic(name). broker.topics() lists those that exist.",
        (r"UnknownTopicOrPartition|This server does not host this topic-partition",),
    ),
    # --- Row 10 ----------------------------------------------------------------------------------------
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
    # --- Beyond the first ten ---------------------------------------------------------------------------
    Entry(
        "value-not-castable",
        14,
        "A value does not fit the type it was cast to: {value}",
        "Spark refuses a cast to {type} that loses the value. Before Spark 4 it silently became null.",
        "Use try_cast(column as type), which gives null, and keep such rows apart: that is what a "
        "quarantine table is for. A decimal comma: try_cast(replace(column, ',', '.') as double).",
        (
            r"CAST_INVALID_INPUT[^\n]*?The value (?P<value>'[^\n]*?') of the type \"\w+\" cannot be "
            r"cast to \"(?P<type>[^\"]+)\"",
            r"CAST_INVALID_INPUT|CANNOT_PARSE_TIMESTAMP",
        ),
    ),
    Entry(
        "divided-by-zero",
        14,
        "A division by zero",
        "Spark refuses to divide by zero. Before Spark 4 the result silently became null.",
        "Use try_divide(a, b), which gives null, or leave rows with a zero out first.",
        (r"DIVIDE_BY_ZERO",),
    ),
    Entry(
        "result-too-large",
        None,
        "The result is too large to bring to Python",
        "collect() and toPandas() bring every row into the notebook's memory. Spark stopped before "
        "that would have filled it.",
        "Aggregate or limit() first, or write the result to a table.",
        (r"spark\.driver\.maxResultSize",),
    ),
    Entry(
        "no-more-threads",
        None,
        "The lab may not start another thread",
        "All programs of a lab together may have a limited number of processes and threads, and they are used up. Java reports "
        "it as a lack of memory, which it is not.",
        "Shut down notebooks you no longer need (Running Terminals and Kernels, at the left edge), stop "
        "loops that start threads or processes, then run spark_restart().",
        (r"unable to create native thread",),
    ),
    Entry(
        "heap-full",
        None,
        "One step needed more memory than Spark has",
        "Spark's JVM may use {heap} for its data.",
        "Select fewer columns and rows before collecting, caching or joining; unpersist() what you "
        "no longer need. If Spark answers strangely now, run spark_restart().",
        (r"java\.lang\.OutOfMemoryError|Java heap space|GC overhead limit",),
    ),
    Entry(
        "table-not-found",
        None,
        "There is no table {table}",
        "SQL knows the Delta tables in the layers bronze, silver and gold under "
        "{root}, and none of them has this name.",
        "lakehouse.tables() lists those that exist. If yours should be there, run the cell that "
        "writes it.",
        (
            r"TABLE_OR_VIEW_NOT_FOUND[^\n]*?The table or view (?P<table>\S+) cannot be found",
            r"DELTA_TABLE_NOT_FOUND",
        ),
    ),
    Entry(
        "schema-does-not-match",
        None,
        "The rows have other columns than the table",
        "A Delta table keeps to its columns and types, so that one bad file cannot spoil it.",
        'If the new column is wanted, add .option("mergeSchema", "true") to the write; if it is '
        "not, select the table's columns before writing.",
        (
            r"A schema mismatch detected when writing to the Delta table",
            r"DELTA_(FAILED_TO_MERGE_FIELDS|METADATA_MISMATCH|SCHEMA_MISMATCH)",
        ),
    ),
    Entry(
        "disk-full",
        None,
        "No space is left",
        "Your home, or the lab's temporary folder, is full.",
        "Delete what you no longer need: lakehouse.tables() shows sizes, lakehouse.reset(name) "
        "removes all of a name. Empty the trash, ~/.local/share/Trash, too.",
        (r"No space left on device|Disk quota exceeded",),
    ),
)
