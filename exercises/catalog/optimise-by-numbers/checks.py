"""Looks at the files of silver.readings: how many there are, which of them a question has to open, and what of the past is left.

What a file holds is read from its rows. Only two checks go by the log's own word, for three points of twenty: what a stream is sent
again, and that VACUUM was there.
"""

from collections import Counter
from datetime import date

from exercises.checks import CheckFailed, check, some

MOST_FILES, LOADS = 24, 2
# A file that is written as the rows come has all stations and all days: then this share is 1.
MOST_READ = 0.6


def tidied(result):
    """The table. Raises CheckFailed when it is as it was loaded."""
    table = result.table("silver", "readings")
    if not table.replaced:
        raise CheckFailed("No file of silver.readings was replaced by another: the table is as it was loaded.")
    return table


def read(result, column, values):
    """Which share of the files a question for one value has to open, in the mean of all values."""
    files = tidied(result).files
    if not files:
        raise CheckFailed("silver.readings has no files.")
    return sum(file.may_hold(column, value) for value in values for file in files) / len(files) / len(values)


@check("no row has changed", points=4)
def rows(result):
    wanted = result.facts["rows"]
    found = Counter(f"{row['station']}|{row['day']}|{row['sensor']}|{row['value']}" for row in tidied(result).rows())
    missing = sum(max(0, count - found[row]) for row, count in wanted.items())
    extra = sum(max(0, count - wanted.get(row, 0)) for row, count in found.items())
    if missing or extra:
        raise CheckFailed(f"silver.readings has {missing} rows less than were loaded, and {extra} that were not.")


@check("few files", points=3)
def few(result):
    count = len(tidied(result).files)
    if count > MOST_FILES:
        raise CheckFailed(f"silver.readings has {count} files; {MOST_FILES} are enough.")


@check("no stream is sent a row again", points=2)
def resent(result):
    table = tidied(result)
    new = [version for version, count in enumerate(table.resent) if count]
    if len(new) > LOADS:
        raise CheckFailed(
            f"There were {LOADS} loads, and {len(new)} versions of silver.readings have files with new rows, as its log says: "
            f"{some(new)}. What was no load is sent a second time to each stream that reads the table."
        )


@check("the folder was cleaned", points=1)
def cleaned(result):
    if not any(one.get("operation") == "VACUUM END" for one in tidied(result).history()):
        raise CheckFailed("The history of silver.readings has no VACUUM that came to its end.")


@check("files left out for a station", points=4, visible=False, message="A question for one station has to open too many files.")
def station(result):
    share = read(result, "station", result.facts["stations"])
    if share > MOST_READ:
        raise CheckFailed(f"A question for one station has to open {share:.0%} of the files; {MOST_READ:.0%} is the most.")


@check("files left out for a day", points=3, visible=False, message="A question for one day has to open too many files.")
def day(result):
    share = read(result, "day", [date.fromisoformat(one) for one in result.facts["days"]])
    if share > MOST_READ:
        raise CheckFailed(f"A question for one day has to open {share:.0%} of the files; {MOST_READ:.0%} is the most.")


@check("the past can be read", points=3, visible=False, message="Files that older versions need are no longer there.")
def past(result):
    gone = tidied(result).gone
    if gone:
        raise CheckFailed(f"{len(gone)} files that older versions of silver.readings need are no longer there.")
