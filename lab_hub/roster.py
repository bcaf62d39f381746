"""A class's roster on the operator's command line: `python -m lab_hub.roster [--dry] [--remove] [--slips] < class.csv`.

Invariant: text for people goes to standard error, slips to print, as HTML, to standard output; a refusal changes nothing and exits
2, an import that the hub did not let finish exits 1. Runs in the hub's container, beside the running hub.
"""

import argparse
import sys
from collections.abc import Sequence

from lab_hub import members, roster_file, roster_plan, rosters, settings, slips
from lab_hub import people_messages as messages
from lab_hub.account_store import AccountStore


def report(importer: rosters.Importer, content: bytes, asked: argparse.Namespace) -> tuple[str, str, int]:
    """Import a file; return what to say, the slips as HTML, and the exit status. Raises BadRoster and Refused."""
    roster = roster_file.read(content)
    plan = importer.plan(roster, remove=asked.remove, slips=asked.slips)
    said = list(roster.notes)
    if plan.lines:
        said.append(roster_plan.table(plan))
    if asked.dry:
        return "\n\n".join([*said, messages.NOTHING_TO_DO if plan.empty else messages.DRY]), "", 0
    if plan.absent:
        said.append(messages.ABSENT_NAMED.format(count=len(plan.absent)))
    if plan.empty:
        return "\n\n".join([*said, messages.NOTHING_TO_DO]), "", 0
    done = importer.apply(roster, plan)
    said.append(plan.summary())
    if done.slips:
        said.append(slips.text(done.slips, asked.address))
    if done.partly:
        said.append(done.partly)
    return "\n\n".join(said), slips.html(done.slips, asked.address) if done.slips else "", 1 if done.partly else 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m lab_hub.roster", description="Bring a class to what its roster says.")
    made.add_argument("--dry", action="store_true", help="show what would change, and change nothing")
    made.add_argument("--remove", action="store_true", help="who is not in the file leaves its courses")
    made.add_argument("--slips", action="store_true", help="a new slip for whoever never logged in")
    made.add_argument("--address", required=True, help="where people find the class; printed on the slips")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    asked = parser().parse_args(arguments)
    try:
        lab = settings.read()
        ask = members.asker(lab.own_api_url, lab.secret("operator_token"))
        importer = rosters.Importer(AccountStore(lab.database_url), ask, lab.secret("crypt_key"))
        said, html, status = report(importer, sys.stdin.buffer.read(roster_file.MOST_BYTES + 1), asked)
    except (roster_file.BadRoster, rosters.Refused, members.Refused, settings.SettingsError) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    print(said, file=sys.stderr)
    sys.stdout.write(html)
    return status


if __name__ == "__main__":
    sys.exit(main())
