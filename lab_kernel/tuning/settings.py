"""What `tuned` may set: plain names, what Spark calls them and which values are possible.

Invariant: pure; only settings that Spark reads anew for each query are here, so that nothing has to be
restarted and nothing of another query changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab_kernel.tuning import messages

GIGABYTE = 1 << 30


class TuningError(ValueError):
    """tuned() was asked for something it does not set; the message says what it does."""


@dataclass(frozen=True)
class Setting:
    """One setting. Without `low` it is a switch; `whole` is False for a factor. Sizes are in bytes."""

    name: str
    key: str
    about: str
    low: float | None = None
    high: float = GIGABYTE
    whole: bool = True

    @property
    def allowed(self) -> str:
        if self.low is None:
            return messages.SWITCH
        return (messages.NUMBER if self.whole else messages.FACTOR).format(low=self.low, high=self.high)

    def text(self, value: Any) -> str:
        """Returns a value as Spark's configuration writes it. Raises TuningError."""
        if self.low is None:
            good = isinstance(value, bool)
        else:
            kinds = (int,) if self.whole else (int, float)
            good = isinstance(value, kinds) and not isinstance(value, bool) and self.low <= value <= self.high
        if not good:
            raise TuningError(messages.BAD_VALUE.format(name=self.name, value=value, allowed=self.allowed))
        return str(value).lower()


SETTINGS = (
    Setting("shuffle_partitions", "spark.sql.shuffle.partitions", "partitions after a shuffle", 1, 2000),
    Setting("adaptive", "spark.sql.adaptive.enabled", "AQE: the plan may change while it runs"),
    Setting(
        "coalesce",
        "spark.sql.adaptive.coalescePartitions.enabled",
        "AQE joins small shuffle partitions",
    ),
    Setting(
        "coalesce_for_cores",
        "spark.sql.adaptive.coalescePartitions.parallelismFirst",
        "when it joins them, AQE first keeps all cores busy, then looks at partition_bytes",
    ),
    Setting(
        "partition_bytes",
        "spark.sql.adaptive.advisoryPartitionSizeInBytes",
        "bytes that AQE aims at for a shuffle partition",
        1,
    ),
    Setting("skew_join", "spark.sql.adaptive.skewJoin.enabled", "AQE splits large partitions of a join"),
    Setting(
        "skew_factor",
        "spark.sql.adaptive.skewJoin.skewedPartitionFactor",
        "so many times the median is a large partition",
        1,
        1000,
        whole=False,
    ),
    Setting(
        "skew_bytes",
        "spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes",
        "a smaller partition is never a large one",
        1,
    ),
    Setting(
        "broadcast_bytes",
        "spark.sql.autoBroadcastJoinThreshold",
        "largest table that a join broadcasts; -1 for none",
        -1,
    ),
    Setting(
        "dynamic_pruning",
        "spark.sql.optimizer.dynamicPartitionPruning.enabled",
        "a join may leave out partitions of the other table",
    ),
    Setting("file_bytes", "spark.sql.files.maxPartitionBytes", "bytes of files that one task reads", 1),
    Setting(
        "file_open_bytes",
        "spark.sql.files.openCostInBytes",
        "how many bytes opening one more file counts for",
        0,
    ),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}


def known() -> str:
    """All settings, one a line."""
    lines = (messages.LINE.format(name=s.name, about=s.about, allowed=s.allowed) for s in SETTINGS)
    return "\n".join(lines)


def pairs(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Returns Spark's keys and texts for plain names and values. Raises TuningError."""
    if not values:
        raise TuningError(messages.NOTHING.format(known=known()))
    unknown = sorted(set(values) - set(BY_NAME))
    if unknown:
        raise TuningError(messages.UNKNOWN.format(names=", ".join(unknown), known=known()))
    return [(BY_NAME[name].key, BY_NAME[name].text(value)) for name, value in values.items()]
