"""What only the hub's container can say of the class: `python -m lab_hub.doctor routes|orphans|visit [--fix]`.

Invariant: prints the finding, then its remedy, a line each; exits 0 if all is well, 1 if not, 3 if it is only worth knowing.
Nothing is changed without --fix, but by `visit`, which removes all that it made.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence

from lab_hub import doctor_orphans, doctor_routes, doctor_visit, settings
from lab_hub.finding import Finding
from lab_hub.settings import Settings

CHECKS: dict[str, Callable[[Settings, bool], Finding]] = {
    "routes": doctor_routes.check,
    "orphans": doctor_orphans.check,
    "visit": lambda found, _: asyncio.run(doctor_visit.check(found)),
}


def main(arguments: Sequence[str] | None = None) -> int:
    made = argparse.ArgumentParser(prog="python -m lab_hub.doctor", description="What is wrong with the class, and the remedy.")
    made.add_argument("check", choices=CHECKS)
    made.add_argument("--fix", action="store_true", help="do what is safe")
    asked = made.parse_args(arguments)
    finding = CHECKS[asked.check](settings.read(), asked.fix)
    print(finding.text)
    if finding.remedy:
        print(finding.remedy)
    return finding.status


if __name__ == "__main__":
    sys.exit(main())
