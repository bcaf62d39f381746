"""Replaces what reads and compares in its own process, where nothing is compared. expect: check_failed"""
import builtins

import pyarrow.parquet
import pyspark.sql

import exercises.checks

pyspark.sql.DataFrame.count = lambda self: 254
pyspark.sql.DataFrame.__eq__ = lambda self, other: True
pyarrow.parquet.ParquetFile = None
exercises.checks.Result.table = lambda *_: []
exercises.checks.CheckFailed = type("Nothing", (Exception,), {})
builtins.AssertionError = ValueError
builtins.sum = lambda *_: 0
