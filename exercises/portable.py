"""The command line as one file, for a laptop or a CI: `python exercises.pyz push shops`.

Invariant: the standard library is all it needs, the same sources make the same bytes, and neither the service nor an exercise of
the catalog, with its solution, is in it.
"""

import functools
import io
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
NAME = "exercises.pyz"
OF_SERVICE = ("service/__init__.py", "service/clock.py", "service/rules.py")
PACKED = ("*.py", "form/*.py", "runner/*.py", *OF_SERVICE, "template/**/*", "course/**/*")
LEFT_OUT = ("__pycache__", ".ipynb_checkpoints", ".ruff_cache")
SHEBANG = b"#!/usr/bin/env python3\n"
# What an old Python would say instead is a traceback.
MAIN = """import sys

if sys.version_info < (3, 11):
    sys.exit("exercises: Python 3.11 or newer is needed; this is %d.%d." % sys.version_info[:2])

from exercises.cli import main

sys.exit(main())
"""
# No time of packing in it.
TIME = (1980, 1, 1, 0, 0, 0)


@functools.cache
def packed() -> bytes:
    """Return the file. Python runs it as it is."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("__main__.py", TIME), MAIN)
        for path in files():
            told = zipfile.ZipInfo(f"{HERE.name}/{path.relative_to(HERE).as_posix()}", TIME)
            archive.writestr(told, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return SHEBANG + made.getvalue()


def files() -> list[Path]:
    """Return what is packed, in one order everywhere."""
    found = {path for pattern in PACKED for path in HERE.glob(pattern) if path.is_file()}
    return sorted(path for path in found if not set(path.parts) & set(LEFT_OUT))
