"""Spark runs, but its jars, its Java or its Python do not belong together.

Invariant: found only when a class is used; a wrong mixture that is known before the start is refused there.
"""

from lab_kernel.errors.entry import Entry

ENTRIES: tuple[Entry, ...] = (
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
    Entry(
        "java-too-new",
        7,
        "This Java is too new for this Hadoop",
        "Hadoop asks Java for something that newer Javas no longer have (getSubject).",
        "Remove JAVA_HOME and SPARK_HOME from your settings: the lab image brings a pair that "
        "fits. Then restart the kernel.",
        (r"getSubject is (not )?supported", r"UnsupportedOperationException[^\n]*getSubject"),
    ),
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
)
