"""`make bench`: starts the bench, which lives beside the tests because it shares their tools."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

if __name__ == "__main__":
    command = [sys.executable, "-m", "tests.bench", *sys.argv[1:]]
    sys.exit(subprocess.run(command, cwd=ROOT).returncode)
