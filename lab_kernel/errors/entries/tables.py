"""What a Delta table refuses, or cannot do any more.

Invariant: the advice never is the switch that turns Delta's own check off.
"""

from lab_kernel.errors.entry import Entry

ENTRIES: tuple[Entry, ...] = (
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
        "vacuum-too-short",
        None,
        "VACUUM would delete files that may still be needed",
        "A table keeps the files that it has crossed out for a week, or for the time that it names itself. A query may still be "
        "reading them, and a writer may have written files that its commit has not named yet.",
        "Leave out RETAIN: VACUUM then keeps what the table promises. If this one table may forget sooner and nobody else uses it, "
        "set its property delta.deletedFileRetentionDuration. Do not turn the check off: that holds for every table.",
        (r"DELTA_VACUUM_RETENTION_PERIOD_TOO_SHORT",),
    ),
    Entry(
        "past-not-kept",
        None,
        "The table does not promise a past that old",
        "Time travel reaches back as far as the table keeps deleted files (its property delta.deletedFileRetentionDuration). This "
        "version is older, so VACUUM may have taken away what it consists of.",
        "DESCRIBE HISTORY lists the versions with their times: choose a newer one. What is older can only be made again from the "
        "layer below.",
        (r"DELTA_UNSUPPORTED_TIME_TRAVEL_BEYOND_DELETED_FILE_RETENTION_DURATION",),
    ),
    Entry(
        "data-file-missing",
        None,
        "A file that belongs to the data is gone",
        "What was to be read names a file that is not in its folder any more. VACUUM has deleted it, if you asked for an old "
        "version of a table. Otherwise it was deleted by hand, or written anew since this DataFrame was made.",
        "If you asked for an old version, choose a newer one. If you have written or reset the table since, run the cells that "
        "made the DataFrame again. If neither is so, make the table again from the layer below.",
        (r"FAILED_READ_FILE\.FILE_NOT_EXIST",),
    ),
)
