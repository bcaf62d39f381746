"""Spark's process ends in the middle, and takes its last word along. expect: cell_failed kernel_died check_failed"""
try:
    spark._jvm.java.lang.Runtime.getRuntime().halt(0)
except Exception:
    pass
