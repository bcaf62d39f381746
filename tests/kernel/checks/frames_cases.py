"""Answers as Spark and pandas give them; run by test_in_lab.py."""

import datetime
from decimal import Decimal

import pytest

from lab_kernel.checks import compare


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    session = SparkSession.builder.config("spark.ui.enabled", "false").getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def wanted(spark):
    return spark.sql(
        """
        SELECT * FROM VALUES
            ('Norte', DATE '2013-05-01', 12.50, 3L), ('Sul', DATE '2013-05-01', 0.10, 1L),
            ('Sul', DATE '2013-06-01', NULL, 2L)
        AS t(region, month, revenue, sales)
        """
    )


def test_neither_rows_nor_columns_have_an_order(wanted):
    other = wanted.orderBy("sales").select("sales", "revenue", "month", "region")
    assert compare(wanted, other).right


def test_types_that_mean_the_same(wanted):
    other = wanted.selectExpr(
        "region", "string(month) AS Month", "double(revenue) AS revenue", "int(sales) AS sales"
    )
    assert compare(wanted, other).right


def test_pandas_is_as_good_as_spark(wanted):
    frame = wanted.toPandas()
    assert compare(wanted, frame).right
    assert compare(wanted, frame.set_index("region")).right


def test_rows_are_as_good_as_a_table(wanted):
    assert compare(wanted, wanted.collect()).right
    assert compare(7, wanted.limit(1).selectExpr("7L")).right
    assert not compare(7, wanted.selectExpr("7L")).right, "three rows are no single cell, even of one value"
    assert compare("Norte", wanted.orderBy("region").select("region").first()).right
    assert compare({"Norte", "Sul"}, wanted.select("region").distinct()).right


def test_numpy_and_pandas_values(wanted):
    sums = wanted.toPandas()["sales"]
    assert compare(6, sums.sum()).right
    assert compare(2.0, sums.mean()).right
    assert compare([3, 1, 2], sums).right


def test_what_differs_is_shown_with_the_students_own_row(wanted):
    other = wanted.selectExpr("region", "month", "revenue + 1 AS revenue", "sales")
    verdict = compare(wanted, other)
    assert not verdict.right
    said = " ".join(verdict.difference)
    assert said.startswith("2 of 3 rows") and "revenue 13.5" in said and "12.5" not in said


def test_a_forgotten_aggregate_is_not_fetched(spark, wanted):
    verdict = compare(wanted, spark.range(100_000))
    assert not verdict.right and "more than 20000 rows" in verdict.difference[0]


def test_plain_values_of_spark(spark):
    row = spark.sql("SELECT DATE '2013-05-12' AS d, 1.50 AS x").first()
    assert compare(datetime.date(2013, 5, 12), row.d).right
    assert compare(Decimal("1.5"), row.x).right
