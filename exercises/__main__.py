"""`python -m exercises`."""

import sys

from exercises.cli import main

if __name__ == "__main__":
    sys.exit(main())
