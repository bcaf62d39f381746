"""Every word that a shown plan has of ours, as templates with named fields.

Invariant: names of plan nodes and their expressions are Spark's and stay as they are; everything else
that a student reads is here, so that it can be translated.
"""

# Refusals
NO_DATAFRAME = "plan() shows the plan of a Spark DataFrame; this is of type {type}."
STREAMING = (
    "This DataFrame is a stream. It has a plan for each batch, not one plan: take the same query with "
    "spark.read instead of spark.readStream."
)
CONNECT = "This DataFrame belongs to a Spark on another computer (Spark Connect), which does not show its plans."
NO_FACT = "{node} has no {fact!r}. It has: {known}."

# What Spark's pages call a query that plan(df, run=True) runs
RUN_NAME = "plan() run {number}"

# Words of the marks
WORDS = {
    "exchange": "SHUFFLE",
    "broadcast": "BROADCAST",
    "reused": "REUSED",
    "scan": "SCAN",
    "join": "JOIN",
    "python": "PYTHON",
    "cache": "CACHED",
    "shuffle_read": "AQE",
}
SUBQUERY = "for a filter:"

# The line above the tree
FINAL = "Final plan"
NOT_FINAL = "Plan before the run (AQE may still change it)"
NOTHING = "no shuffle, no join, no scan"
COUNTS = {
    "exchange": ("1 shuffle", "{number} shuffles"),
    "broadcast": ("1 broadcast", "{number} broadcasts"),
    "join": ("1 join", "{number} joins"),
    "scan": ("1 scan", "{number} scans"),
    "cache": ("1 read of a cache", "{number} reads of a cache"),
    "python": ("1 step in Python", "{number} steps in Python"),
}
SECONDS = "ran in {seconds:.1f} s"
EXECUTION = "query {number} on Spark's SQL page"
CUT = "… and {more} more nodes"

# Details
HASH = "by {by}, into {partitions} partitions"
RANGE = "by ranges of {by}, into {partitions} partitions"
SINGLE = "everything into 1 partition"
ROUND_ROBIN = "evenly into {partitions} partitions"
OTHER_EXCHANGE = "{partitioning}, {partitions} partitions"
TO_EVERY_TASK = "to every task"
FILES_ONE, FILES = "1 file", "{files} files"
TABLE_PARTITIONS_ONE, TABLE_PARTITIONS = "1 partition", "{partitions} partitions"
SCAN_COLUMNS = "columns: {columns}"
PARTITION_FILTERS = "partition filters: {filters}"
PUSHED_FILTERS = "pushed filters: {filters}"
JOIN_ON = "{type} on {keys}"
JOIN_WITHOUT_KEYS = "{type} without equal keys"
SKEWED = "skewed=true"
READ_ONE, READ = "1 partition", "{partitions} partitions"
COALESCED = "coalesced"
READ_SKEWED = "skewed parts split"
READ_LOCAL = "local"
CACHE_FILLED, CACHE_EMPTY = "from the cache", "will be cached by the first run"
KEYS = "by {by}"
NO_KEYS = "all rows together"
ROWS_ONE, ROWS = "1 row", "{rows:,} rows"
BYTES = "{size} B"
KILOBYTES = "{size:.1f} kB"
MEGABYTES = "{size:.1f} MB"
