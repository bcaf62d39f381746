"""The class's Spark cluster: not there, lost while it computed, or asked for files that only the lab has.

Invariant: nothing here matches an error of a Spark inside the lab, whose tasks run in the driver.
"""

from lab_kernel.errors.entry import Entry

# How a task that failed on a worker is named: (TID 7) (172.18.0.5 executor 2). In the lab it is "executor driver".
_ON_WORKER = r"executor \d+\)"

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "cluster-not-started",
        None,
        "The Spark cluster is not started",
        "This lab computes on the class's Spark cluster, and nobody answers at its address.",
        "Whoever runs the class starts it with: make start GROUPS=processing. Then run spark_restart(). Without a cluster, a "
        "lab computes by itself when SPARK_MASTER is not set.",
        (r"ClusterNotStartedError",),
    ),
    Entry(
        "cluster-secret-missing",
        None,
        "This lab has no key to the Spark cluster",
        "The cluster serves only labs of this class, which know its secret (SPARK_SECRET). This lab was not given it: it was "
        "started before the cluster, or the secret has changed since.",
        "Stop your server and start it again (File, Hub Control Panel). If it stays so, show this message to your instructor.",
        (
            r"ClusterSecretError|ClusterGivenUpError",
            r"All masters are unresponsive! Giving up",
            r"SparkStartError.*(SparkContext has been shutdown|sparkContext stopped|stopped SparkContext|SaslException)",
        ),
    ),
    Entry(
        "cluster-cannot-see-files",
        None,
        "The workers of the cluster cannot see this lab's own files",
        "The work is done in other containers, and they do not have this lab's home folder. Here they were asked to read or "
        "write a file there.",
        "Keep tables on the class's storage: LAKEHOUSE_ROOT must be an s3a:// address when SPARK_MASTER is a cluster, and files "
        "reach it with lakehouse.land().",
        (
            rf"{_ON_WORKER}[^\n]*\n?[^\n]*Mkdirs failed to create file:",
            rf"{_ON_WORKER}.{{0,2000}}(File file:\S+ does not exist|FileNotFoundException: file:)",
        ),
    ),
    Entry(
        "executor-heap-full",
        None,
        "A task needed more memory than an executor of the cluster has",
        "An executor is smaller than the Spark of a lab by itself. This task was tried on several, and each ended when its own "
        "memory was full.",
        "Let each task hold less: more partitions (repartition), fewer columns, no collect_list of a large group. Spark itself "
        "goes on: nothing has to be restarted.",
        (
            rf"{_ON_WORKER}.{{0,2000}}(java\.lang\.OutOfMemoryError|Java heap space|GC overhead limit)",
            # What is left to read when Java's end was quicker than its message: 52 is what Spark ends with when its heap is full.
            r"ExecutorLostFailure.{0,300}exited with code 52\b",
        ),
    ),
    Entry(
        "executor-lost",
        None,
        "The cluster lost this work several times",
        "Spark does a task again when the executor that had it ends. This one took its executor with it each time: mostly "
        "because a task needed more memory than an executor has, else because workers were stopped.",
        "Run the cell again once: stopped workers come back by themselves. If it fails in the same way, let each task hold "
        "less: more partitions (repartition), fewer columns, no collect_list of a large group.",
        (r"ExecutorLostFailure",),
    ),
    Entry(
        "cluster-left",
        None,
        "The Spark cluster has given up this notebook",
        "Its master has ended this notebook's application, or was away for too long. Saved tables are not harmed.",
        "Run spark_restart(), then the cells that made your DataFrames. If the cluster does not come back, whoever runs the "
        "class looks at: make status.",
        (r"Master removed our application", r"Spark cluster looks dead"),
    ),
)
