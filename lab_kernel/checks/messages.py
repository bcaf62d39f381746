"""Every sentence of a check's panel, as a template with named fields.

Invariant: no sentence is put together anywhere else, so that all of them can be translated. Hints of
single tasks are beside their tasks.
"""

PASSED = "passed"
FAILED = "failed"
UNANSWERED = "unanswered"

TITLE = {
    PASSED: "{task}: passed",
    FAILED: "{task}: not yet",
    UNANSWERED: "{task}: not answered yet",
}
EXPECTED, FOUND, DIFFERENCE, HINT = "expected", "found", "what differs", "hint"
ANSWER_FIRST = "Fill in the cell above, run it, then run this one again."
UNKNOWN_TASK = "There is no task {task!r}. Was the first argument of check() changed?"
CANNOT_CHECK = (
    "The expected value could not be computed, because something that the lesson makes is not there. "
    "Run the cells above from the top, then this one again. The reason: {reason}"
)
CANNOT_READ = "Your answer could not be read. The reason: {reason}"
NO_SPARK = "this notebook's kernel has no Spark; choose the kernel Spark + Delta"

# Kinds of values: what is expected, without saying which
KIND_BOOL = "True or False"
KIND_INT = "a whole number"
KIND_NUMBER = "a number"
KIND_TEXT = "a text"
KIND_DATE = "a date"
KIND_LIST = "{length} values"
KIND_TABLE = "a table with {rows} rows and the columns {columns}"
KIND_TABLE_ONE = "a table with 1 row and the columns {columns}"
KIND_OTHER = "a value of type {type}"

# What was found
FOUND_TABLE = "a table with {rows} rows and the columns {columns}"
FOUND_TABLE_ONE = "a table with 1 row and the columns {columns}"
FOUND_MANY_ROWS = "a table with more than {rows} rows"
FOUND_MORE = "{shown} … and {more} more"

# What differs
TOO_LOW = "The number is too low."
TOO_HIGH = "The number is too high."
PERCENT = "It looks like a percentage; a share between 0 and 1 is asked for."
SIGN = "The size is right, the sign is not."
CLOSE = "Very close: is something rounded, or counted once too often?"
WRONG_KIND = "This is {found}, but {expected} is asked for."
OTHER_TEXT = "It is another one."
OTHER_VALUE = "It is another value."
COLUMNS_MISSING = "Missing columns: {columns}."
COLUMNS_EXTRA = "Columns that nobody asked for: {columns}."
ROWS_MISSING = "{count} rows are missing."
ROWS_MISSING_ONE = "1 row is missing."
ROWS_EXTRA = "{count} rows too many."
ROWS_EXTRA_ONE = "1 row too many."
ROWS_DIFFER = "{count} of {rows} rows are not as expected; one of yours: {example}"
VALUES_MISSING = "{count} of the expected values are not there."
VALUES_EXTRA = "Not among the expected ones: {values}."
