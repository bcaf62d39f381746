"""A value, a result or a program that is too much.

Invariant: what the lab's limits end is told apart from what Spark's own memory ends; the ways out differ.
"""

from lab_kernel.errors.entry import Entry

ENTRIES: tuple[Entry, ...] = (
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
        "disk-full",
        None,
        "No space is left",
        "Your home, or the lab's temporary folder, is full.",
        "Delete what you no longer need: lakehouse.tables() shows sizes, lakehouse.reset(name) "
        "removes all of a name. Empty the trash, ~/.local/share/Trash, too.",
        (r"No space left on device|Disk quota exceeded",),
    ),
)
