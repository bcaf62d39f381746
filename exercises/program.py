"""How this program was called, so that the command a sentence tells to type next works as it stands.

Invariant: the answer is a whole command for a shell in the folder where the person is.
"""

import shlex
import sys
from pathlib import Path

MODULE = "python -m exercises"
ONE_FILE = "python {file}"


def program() -> str:
    """Return `python exercises.pyz` for the one file that the service hands out, else `python -m exercises`."""
    started = Path(sys.argv[0])
    return ONE_FILE.format(file=shlex.quote(str(started))) if started.suffix == ".pyz" else MODULE
