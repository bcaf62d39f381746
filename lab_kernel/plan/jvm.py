"""Small questions to Spark's objects through py4j.

Invariant: expressions come back as people write them, without the numbers by which Spark tells columns
of the same name apart.
"""

import re
from collections.abc import Iterator
from typing import Any

_NUMBERS = re.compile(r"(?:, \[(?:plan_)?id=#?\d+\])|#\d+L?")


def class_of(thing: Any) -> str:
    """The class's name without its package, and without the $ of a Scala object."""
    return thing.getClass().getSimpleName().removesuffix("$")


def each(sequence: Any) -> Iterator[Any]:
    """The items of a Scala sequence."""
    iterator = sequence.iterator()
    while iterator.hasNext():
        yield iterator.next()


def words(thing: Any) -> str:
    """An expression as text."""
    return _NUMBERS.sub("", thing.toString())


def texts(sequence: Any) -> list[str]:
    """Each expression of a Scala sequence as text."""
    return [words(thing) for thing in each(sequence)]


def scala_object(jvm: Any, path: str) -> Any:
    """The one instance of a Scala object, by its full name."""
    place = jvm
    *packages, name = path.split(".")
    for package in packages:
        place = getattr(place, package)
    return getattr(getattr(place, f"{name}$"), "MODULE$")


def metrics(plan: Any) -> dict[str, int]:
    """What Spark counts at a node, by Spark's names: rows, bytes, files, nanoseconds."""
    return {pair._1(): pair._2().value() for pair in each(plan.metrics())}


def split_list(text: str) -> list[str]:
    """Splits `[a, f(b, c)]` at the commas that stand in no brackets."""
    parts, depth, start = [], 0, 0
    inner = text.removeprefix("[").removesuffix("]")
    for place, letter in enumerate(inner):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            parts.append(inner[start:place].strip())
            start = place + 1
    parts.append(inner[start:].strip())
    return [part for part in parts if part]
