"""`with tuned(shuffle_partitions=64):` an experiment with Spark's settings that leaves none behind.

Invariant: when the block ends, in whatever way, each setting is what it was before, also if it was not
set at all. A kernel puts back what is still set when a cell ends, so that the next one is not concerned.
"""

import threading
from typing import Any

from lab_kernel.tuning import messages
from lab_kernel.tuning.settings import TuningError, pairs

__all__ = ["TuningError", "put_back_all", "tuned"]

_open: "list[tuned]" = []


class tuned:
    """Sets Spark's settings for the queries of a block: `with tuned(adaptive=False): …`

    `tuned()` without anything says what can be set. Raises TuningError, before anything is set, for an
    unknown name or a value that is not possible.
    """

    def __init__(self, **settings: Any) -> None:
        self._pairs = pairs(settings)
        self._before: list[tuple[str, str | None]] = []
        self._spark: Any = None

    def __enter__(self) -> "tuned":
        if self._spark is not None:
            raise TuningError(messages.TWICE)
        self._spark = _session()
        _open.append(self)
        try:
            for key, text in self._pairs:
                self._before.append((key, self._spark.conf.get(key, None)))
                self._spark.conf.set(key, text)
        except BaseException:
            self.put_back()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.put_back()

    def put_back(self) -> None:
        """Makes each setting what it was before. A second call does nothing."""
        spark, before = self._spark, self._before
        self._spark, self._before = None, []
        if self in _open:
            _open.remove(self)
        if spark is None or spark.sparkContext._jsc is None:
            return  # that Spark was stopped; a new one starts with its own settings
        # In a thread of its own: after an interrupt, this one's connection to the JVM still waits for
        # the answer to the query that was interrupted.
        failures: list[Exception] = []
        thread = threading.Thread(target=_restore, args=(spark, before, failures), name="tuned-put-back")
        thread.start()
        while thread.is_alive():
            try:
                thread.join()
            except KeyboardInterrupt:
                continue  # a second interrupt: it takes a moment only
        if failures and _lives(spark):
            raise failures[0]


def put_back_all() -> None:
    """Ends every block that is still open, the innermost first."""
    while _open:
        _open[-1].put_back()


def _restore(spark: Any, before: list[tuple[str, str | None]], failures: list[Exception]) -> None:
    try:
        for key, text in reversed(before):
            if text is None:
                spark.conf.unset(key)
            else:
                spark.conf.set(key, text)
    except Exception as error:
        failures.append(error)


def _session() -> Any:
    """This kernel's Spark; outside of a kernel the active one."""
    from lab_kernel import extension

    kernel = extension.current()
    if kernel is not None:
        return kernel.session.get()
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is None:
        raise TuningError(messages.NO_SPARK)
    return session


def _lives(spark: Any) -> bool:
    try:
        return bool(spark.sparkContext._jvm is not None and spark.conf.get("spark.app.name"))
    except Exception:
        return False
