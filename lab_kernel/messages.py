"""Every sentence of the kernel's core that a student reads, as a template with named fields.

Invariant: no sentence is put together anywhere else, so that all of them can be translated.
Explanations of errors are beside their patterns in `lab_kernel.errors.entries`.
"""

# Settings
BAD_SETTING = "{name} is {found!r}. Allowed: {allowed}."
ALLOWED_SIZE = "a number with k, m or g, such as 768m"
ALLOWED_AT_LEAST = "at least {least}; Spark does not start with less"
ALLOWED_BELOW_LIMIT = "less than the lab's memory, {limit}"
ALLOWED_ROOT = "an absolute folder or s3a://bucket/path"
ALLOWED_MASTER = "local, local[n], local[*] or spark://host:port"
ALLOWED_SWITCH = "on or off"
ALLOWED_NUMBER = "a number from {low} to {high}"

# Starting
STARTING = "Starting Spark…"
STILL_STARTING = "Spark is still starting; you have interrupted the wait. Run the cell again."
START_TITLE = "Spark did not start"
START_TOO_SLOW = "Spark did not start within {seconds:.0f} s."
EXTENSION_TITLE = "This kernel is not complete"
EXTENSION_WHY = "The lab's part of the kernel could not be loaded: {reason}"
EXTENSION_NEXT = "Restart the kernel. If it happens again, show this message to your instructor."
NO_SPARK_HOME = "Spark is not installed where this kernel looks for it: {home}."
RESTARTED = (
    "Spark is running again. Earlier DataFrames and streams are gone: run their cells again."
)
JAVA_SAID = "Java's last words were:\n{tail}"
JAVA_SAID_NOTHING = "Java said nothing."

# The class's Spark cluster
CLUSTER_NOT_STARTED = "The Spark cluster at {master} is not started ({reason}): make start GROUPS=processing"
CLUSTER_NO_SECRET = "The Spark cluster at {master} is closed to this lab: SPARK_SECRET is not set."
CLUSTER_GIVEN_UP = (
    "The Spark cluster at {master} did not take this lab's Spark, which asked it for a minute: the class's secret is not the one "
    "that this lab was given, or the master was away."
)
CLUSTER_LOCAL_FILES = (
    "This notebook computes on the class's Spark cluster, whose workers cannot see this lab's folder {root}: tables cannot be "
    "written or read there. Set LAKEHOUSE_ROOT to an s3a:// address, or unset SPARK_MASTER to compute in the lab."
)
EXERCISE_IN_THE_LAB = (
    "An exercise computes in this lab and keeps its tables on the lab's own disk, in {root}: there check() finds them, and graded "
    "runs do the same. Lessons go on using the class's {what}."
)
PLACES = {"SPARK_MASTER": "Spark cluster", "LAKEHOUSE_ROOT": "storage"}
PLACES_AND = " and "
CLUSTER_WAITING = "waiting for an executor of the class's cluster"

# Parts that do not fit together
MISFIT_TITLE = "Spark's parts do not fit together"
MISFIT_MISSING = "no {artifact} jar in {folder}"
MISFIT_TWICE = "{artifact} is there more than once: {found}"
MISFIT_SPARK = "pyspark is {pyspark}, but its spark-core jar is {jar}"
MISFIT_DELTA_SPARK = "{jar} was built for Spark {built}, this is Spark {spark}"
MISFIT_DELTA_PYTHON = "delta-spark for Python is {python}, its jar is {jar}"
MISFIT_SAME = "{artifact} is {found}, but {other} is {wanted}; they must be the same"
MISFIT_SCALA = "{jar} is for Scala {found}, this Spark is for Scala {wanted}"
MISFIT_JAVA_OLD = "Java is {found}; Spark {spark} needs {least} or newer"
MISFIT_JAVA_NEW = "Java is {found}; Hadoop {hadoop} works up to {most}"

# Lakehouse
BAD_NAME = (
    "{name!r} cannot name a table. Use letters, digits and _, beginning with a letter, "
    "such as sales_2013."
)
NO_FILES = "Nothing to land: no files were given for {name!r}."
FILE_MISSING = "{path} cannot be landed: it is not a file."
SAME_FILE_NAME = "Two of the files are called {name}; the second would replace the first."
RESET_REMOVED = "{name}: removed {parts}."
RESET_NOTHING = "{name}: nothing to remove."
RESET_STREAM = "{name}: stopped the stream {stream} first."
RESET_TOPIC_LATER = "{name}: the Kafka topic could not be removed: {reason}"
PART_LANDING = "landing files"
PART_TABLE = "{layer} table"
PART_CHECKPOINT = "checkpoints"
PART_TOPIC = "Kafka topic"
TABLES_EMPTY = "No tables yet in {root}."
TABLES_CAPTION = "Tables in {root}"
TABLE_BROKEN = "unreadable: {reason}"
ROOT_UNREACHABLE = "The lakehouse at {root} cannot be reached: {reason}"
DROPPED_KEEPS_FILES = (
    "{table} is no longer known to SQL, but its files are still there. "
    'lakehouse.reset("{name}") deletes them.'
)

# DataFrames
SHOWING_ALL = "{rows} rows"
SHOWING_ONE = "1 row"
SHOWING_NONE = "no rows"
SHOWING_SOME = "showing {rows} of many rows"
STREAMING = "A stream: its rows appear where it is written to. Its columns:"
COLUMN, TYPE = "column", "type"
SQL_DONE = "Done: {statement}"
SQL_EMPTY = "There is no SQL statement in this cell."
SQL_WHICH = "In statement {number} of {total}: {statement}"
SQL_BAD_NAME = "-o {name!r}: not a name for a variable"
SQL_BAD_COUNT = "{found} rows; at least 1 is needed"
SQL_PARAMETER_MISSING = (
    "The statement asks for the value of :{name}, and this notebook has no variable {name}. "
    "Give {name} a value in a cell above, run that cell, then this one again."
)
SQL_PARAMETER_TYPE = (
    "The value of {name}, of type {type}, cannot be a parameter. A parameter is a number that SQL can hold, "
    "a text, True or False, None, a date or time, bytes, or a list of one kind of these."
)
SQL_PARAMETER_PLACE = (
    "There is a variable {name}, but no parameter may stand where :{name} stands: "
    "only in a query, where a value may stand."
)
SQL_PARAMETER_SYNTAX = (
    "A parameter (:name) may stand only in a query, where a value may stand: "
    "not after VERSION AS OF, and not in a statement about a table's settings or files."
)

# Links
SPARK_UI = "Spark's own pages (jobs, stages, storage, streams)"
SPARK_UI_OFF = "Spark's own pages are switched off (SPARK_UI=off)."
MLFLOW_UI = "MLflow: your experiments and models"

# The course
COURSE_LESSON, COURSE_MINUTES, COURSE_TASKS = "lesson", "minutes", "tasks passed"
COURSE_SOME = "{done} of {total}"
COURSE_ALL = "{done} of {total} ✓"
COURSE_NO_TASKS = "no tasks"
COURSE_CAPTION = "{lessons} lessons; you have passed {done} of {total} tasks"
COURSE_EMPTY = "There is no course here: no lesson was delivered with this lab, and the folder course has none."

# Progress
PROGRESS_JOB = "{done} of {total} tasks"
PROGRESS_HEAD = "Spark is working: {jobs}, {seconds:.0f} s"
PROGRESS_DONE = "Spark: {jobs}, {tasks} tasks, {seconds:.1f} s"
PROGRESS_FAILED = "{failed} failed"
PROGRESS_STAGE = "stage {stage}"
PROGRESS_MORE = "and {more} more stages"
JOBS_ONE, JOBS_MANY = "1 job", "{jobs} jobs"

# Errors
WHY, WHAT_NEXT = "Why:", "What to do:"
EXPLAINED = "{title} [{id}]\nWhat to do: {next}\n"

# Memory
KERNEL_KILLED_TITLE = "The kernel of this notebook was killed: the lab's memory was used up"
KERNEL_KILLED_WHY = (
    "All of your lab together may use {limit}. It needed more, and the operating system ended this "
    "notebook's Python. All its variables are gone; saved files and tables are not. Incident {incident}."
)
# In the lab's log, for the operator.
KERNEL_KILLED_LOG = "kernel {kernel} was killed: the lab used all of its {limit}"
KERNEL_KILLED_NEXT = (
    "Keep large data in Spark and bring only small results to Python: use limit() or an aggregate "
    "before toPandas() or collect(). Shut down notebooks that you do not use (the list of running "
    "kernels is in the left side bar). Then run the notebook again from the top."
)

# Activity
ACTIVE_JOBS = "{jobs} in kernel {kernel}"
ACTIVE_STREAM = "stream {name} in kernel {kernel}"
