"""Spark did not start.

Invariant: each but the last asks for more than that Java ended, so the general one is what is left.
"""

from lab_kernel.errors.entry import Entry

_START = r"JAVA_GATEWAY_EXITED|SparkStartError"

ENTRIES: tuple[Entry, ...] = (
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
)
