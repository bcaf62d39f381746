"""The table of explanations. That real errors match is tried with real Spark, in ../spark."""

import string
import time

import pytest

from lab_kernel.errors import ENTRIES, Facts, chain, translate
from tests.helpers.versions import ROOT

FACTS = Facts(limit="2 GiB", heap="1 GiB", root="/home/ana/lakehouse", said="Java said so.")
FOLDERS = ("tests/kernel/spark", "tests/platform/spark/in_lab", "tests/platform/storage/in_lab")
CASES = "".join(path.read_text() for folder in FOLDERS for path in (ROOT / folder).glob("*_cases.py"))
CASES += (ROOT / "tests/platform/kafka/test_spark.py").read_text()
# Tried where a broker runs, a disk is full or memory is small, or covered by an entry before it.
NOT_TRIED_HERE = {
    "interrupted": "pyspark turns only some interrupts into another error; progress_cases tries both",
    "spark-heap-full": "needs a heap that Spark itself gives up",
    "heap-full": "would harm the kernel that the other cases share",
    "heap-too-large": "settings refuse such a heap before Java could",
    "disk-full": "needs a full disk",
    "checkpoint-of-another-query": "beyond the first ten",
    "cluster-left": "the master lets an application go only when an operator ends it, or after minutes",
}


def test_ids_are_unique_and_the_first_ten_rows_are_covered():
    ids = [entry.id for entry in ENTRIES]
    assert len(set(ids)) == len(ids)
    assert set(range(1, 11)) <= {entry.row for entry in ENTRIES}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_entry_is_complete(entry):
    fields = set(vars(FACTS)) | {name for pattern in entry.compiled for name in pattern.groupindex}
    for text in (entry.title, entry.why, entry.next):
        used = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert text and used <= fields, f"{used - fields} would always be a question mark"
    assert entry.patterns or entry.fact
    assert not entry.title.endswith(".")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_entry_is_tried_with_a_real_error(entry):
    tried = f'"{entry.id}"' in CASES
    assert tried != (entry.id in NOT_TRIED_HERE), "try it in tests/kernel/spark, or say why not"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_entry_is_documented(entry):
    assert f"`{entry.id}`" in (ROOT / "docs/kernel.md").read_text()


def test_causes_count_and_cycles_end():
    first, second = ValueError("outer"), OSError("No space left on device")
    first.__cause__, second.__context__ = second, first
    assert [type(error) for error in chain.exceptions(first)] == [ValueError, OSError]
    assert translate(first, FACTS).id == "disk-full"


def test_an_error_that_cannot_say_its_words_is_no_second_error():
    class Mute(Exception):
        def __str__(self):
            raise ConnectionRefusedError("the JVM is gone")

    assert "Mute: DIVIDE_BY_ZERO" in chain.text(Mute("DIVIDE_BY_ZERO"))


def test_unknown_errors_have_no_explanation():
    assert translate(ZeroDivisionError("division by zero"), FACTS) is None
    # With Spark dead, an error that has nothing to do with Spark is still its own.
    dead = Facts(jvm_dead=True, exit_code=-9)
    assert translate(ConnectionRefusedError("[Errno 111] Connection refused"), dead) is None


def test_an_interrupt_that_became_another_error_is_still_an_interrupt():
    class Py4JNetworkError(Exception):
        pass

    source = "def ask():\n try:\n  raise KeyboardInterrupt\n finally:\n  raise error"
    names = {"__name__": "py4j.clientserver", "error": Py4JNetworkError("Error while receiving")}
    exec(source, names)
    with pytest.raises(Py4JNetworkError) as caught:
        names["ask"]()
    assert translate(caught.value, FACTS).id == "interrupted"


def test_fields_are_filled_from_the_error_and_from_the_facts():
    error = ValueError(
        "[CAST_INVALID_INPUT] The value '12,50' of the type \"STRING\" cannot be cast to \"DOUBLE\" because"
    )
    found = translate(error, FACTS)
    assert found.title == "A value does not fit the type it was cast to: '12,50'"
    assert "to DOUBLE" in found.why
    full = translate(RuntimeError("java.lang.OutOfMemoryError: Java heap space"), FACTS)
    assert "1 GiB" in full.why


def test_no_pattern_is_slow_on_a_long_text():
    long = ValueError("x s3a py4j SparkStart UnknownHost through " * 3000)
    began = time.process_time()
    assert translate(long, FACTS) is None
    assert time.process_time() - began < 2
