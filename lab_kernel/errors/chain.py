"""The whole text of an exception: of itself, its causes, and what Java said about it.

Invariant: never raises, also when the JVM that an exception refers to is gone.
"""

from collections.abc import Iterator

MAX_CHARACTERS = 60_000


def exceptions(error: BaseException) -> Iterator[BaseException]:
    """The error, then its causes and contexts, each once."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        # pyspark keeps Java's cause in an attribute of its own.
        for name in ("__cause__", "_cause", "__context__"):
            following = getattr(current, name, None)
            if isinstance(following, BaseException):
                waiting.append(following)


def text(error: BaseException) -> str:
    """Returns one block of text to search in; each exception begins with its type's name."""
    parts = []
    for current in exceptions(error):
        parts.append(f"{type(current).__module__}.{type(current).__name__}: {_words(current)}")
        parts += [f"through {library}" for library in sorted(_libraries(current))]
        stack = getattr(current, "_stackTrace", None)
        if isinstance(stack, str):
            parts.append(stack)
    return "\n".join(parts)[:MAX_CHARACTERS]


def _libraries(error: BaseException) -> set[str]:
    """Which of Spark's Python libraries the exception came through."""
    found, traceback = set(), error.__traceback__
    while traceback is not None:
        module = traceback.tb_frame.f_globals.get("__name__", "").partition(".")[0]
        if module in ("py4j", "pyspark"):
            found.add(module)
        traceback = traceback.tb_next
    return found


def _words(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # pyspark and py4j ask the JVM for the words
        return " ".join(str(argument) for argument in error.args if isinstance(argument, str))
