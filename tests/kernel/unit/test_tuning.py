"""What tuned() sets, refuses and puts back, with a Spark that only remembers its settings."""

import subprocess
import sys
import threading

import pytest

from lab_kernel import tuned, tuning
from lab_kernel.tuning import settings
from lab_kernel.tuning.settings import SETTINGS, TuningError


class Conf(dict):
    """Settings as Spark's `conf` has them; `breaks_at` makes setting that key an error or an interrupt."""

    breaks_at: "dict[str, BaseException]" = {}

    def set(self, key, text):
        assert isinstance(text, str)
        if key in self.breaks_at:
            raise self.breaks_at[key]
        self[key] = text

    def unset(self, key):
        self.pop(key, None)


class Spark:
    def __init__(self):
        self.conf = Conf({"spark.app.name": "test", "spark.sql.shuffle.partitions": "2"})
        self.sparkContext = type("Context", (), {"_jsc": object(), "_jvm": object()})()


@pytest.fixture
def spark(monkeypatch):
    found = Spark()
    monkeypatch.setattr(tuning, "_session", lambda: found)
    before = dict(found.conf)
    yield found
    tuning.put_back_all()
    assert dict(found.conf) == before


def test_it_sets_and_puts_back(spark):
    with tuned(shuffle_partitions=64, adaptive=False, broadcast_bytes=-1, skew_factor=1.5):
        assert spark.conf["spark.sql.shuffle.partitions"] == "64"
        assert spark.conf["spark.sql.adaptive.enabled"] == "false"
        assert spark.conf["spark.sql.autoBroadcastJoinThreshold"] == "-1"
        assert spark.conf["spark.sql.adaptive.skewJoin.skewedPartitionFactor"] == "1.5"
    assert "spark.sql.adaptive.enabled" not in spark.conf


def test_nested_blocks_end_in_their_order(spark):
    with tuned(shuffle_partitions=8):
        with tuned(shuffle_partitions=16, adaptive=False):
            assert spark.conf["spark.sql.shuffle.partitions"] == "16"
        assert spark.conf["spark.sql.shuffle.partitions"] == "8"
        assert "spark.sql.adaptive.enabled" not in spark.conf


@pytest.mark.parametrize("end", [ValueError("x"), KeyboardInterrupt()])
def test_an_error_or_interrupt_in_the_block_puts_back_too(spark, end):
    with pytest.raises(type(end)), tuned(shuffle_partitions=8):
        raise end


@pytest.mark.parametrize("end", [ValueError("x"), KeyboardInterrupt()])
def test_an_error_while_setting_leaves_nothing(spark, end):
    spark.conf.breaks_at = {"spark.sql.adaptive.enabled": end}
    with pytest.raises(type(end)), tuned(shuffle_partitions=8, adaptive=True):
        pass


def test_putting_back_uses_another_connection_than_the_interrupted_one(spark):
    threads = set()
    spark.conf.unset = lambda key: threads.add(threading.current_thread().name) or dict.pop(spark.conf, key)
    with tuned(adaptive=True):
        pass
    assert threads == {"tuned-put-back"}


def test_a_block_that_nobody_ended_is_ended_with_the_cell(spark):
    tuned(shuffle_partitions=8).__enter__()
    tuned(shuffle_partitions=16).__enter__()
    tuning.put_back_all()
    assert spark.conf["spark.sql.shuffle.partitions"] == "2"


def test_a_spark_that_has_ended_needs_nothing(spark):
    with tuned(shuffle_partitions=8):
        spark.conf["spark.sql.shuffle.partitions"] = "2"
        spark.sparkContext._jsc = None


def test_a_block_cannot_be_entered_twice(spark):
    block = tuned(shuffle_partitions=8)
    with block, pytest.raises(TuningError, match="write a new one"):
        block.__enter__()


def test_unknown_names_are_refused_with_the_list_of_known_ones():
    with pytest.raises(TuningError) as refused:
        tuned(shuffle=8, adaptive=True)
    assert "does not know shuffle." in str(refused.value)
    for setting in SETTINGS:
        assert f"  {setting.name}: " in str(refused.value)
    with pytest.raises(TuningError, match="shuffle_partitions"):
        tuned()


@pytest.mark.parametrize(
    "name, value, allowed",
    [
        ("shuffle_partitions", 0, "a whole number from 1 to 2000"),
        ("shuffle_partitions", 2.0, "a whole number"),
        ("shuffle_partitions", True, "a whole number"),
        ("shuffle_partitions", "64", "a whole number"),
        ("adaptive", 1, "True or False"),
        ("adaptive", None, "True or False"),
        ("broadcast_bytes", -2, "from -1"),
        ("skew_factor", 0.5, "a number from 1 to 1000"),
        ("skew_factor", float("nan"), "a number from 1 to 1000"),
    ],
)
def test_bad_values_are_refused_with_what_is_allowed(name, value, allowed):
    with pytest.raises(TuningError) as refused:
        tuned(**{name: value})
    assert name in str(refused.value) and repr(value) in str(refused.value) and allowed in str(refused.value)


def test_no_setting_twice():
    assert len({setting.key for setting in SETTINGS}) == len(settings.BY_NAME) == len(SETTINGS)


def test_importing_it_is_light():
    code = (
        "import sys; from lab_kernel import tuned; import lab_kernel.plan; print({'pyspark', 'pandas', 'py4j'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
