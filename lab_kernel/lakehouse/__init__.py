"""Where a student's tables lie, by layer and name, and what can be done with all parts of a name together.

Invariant: every location is computed from the root and a checked name, so nothing outside the root is
ever written or removed; locations need no running Spark.
"""

from lab_kernel.lakehouse.lakehouse import LAYERS, Lakehouse, LakehouseError

__all__ = ["LAYERS", "Lakehouse", "LakehouseError"]
