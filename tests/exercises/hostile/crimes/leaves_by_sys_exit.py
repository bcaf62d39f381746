"""Ends before anything can be wrong. expect: cell_failed"""
import sys

sys.exit(0)
