"""One person on the operator's command line: `python -m lab_hub.person reset|lock|unlock|remove|restore NAME`.

Invariant: a refusal says why and what to do and exits 2. Runs in the hub's container and asks the running hub.
"""

import argparse
import sys
from collections.abc import Sequence

from sqlalchemy.exc import OperationalError

from lab_hub import account_rules, members, messages, settings
from lab_hub import people_messages as words
from lab_hub.account_store import AccountStore
from lab_hub.archives import Archives
from lab_hub.people import People


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m lab_hub.person", description="What is done for one person.")
    commands = made.add_subparsers(dest="command", required=True)
    for command, told in (
        ("reset", "a new one-time password; sessions and tokens end"),
        ("lock", "log out, stop the lab, and let nobody in"),
        ("unlock", "let them in again"),
        ("remove", "archive the home, then remove it and the account"),
        ("restore", "a new account whose home is an archive's"),
    ):
        one = commands.add_parser(command, help=told)
        one.add_argument("name")
        if command == "restore":
            one.add_argument("archive")
    return made


def run(people: People, asked: argparse.Namespace, name: str) -> str:
    def said(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    if asked.command == "reset":
        return messages.ACCOUNT_RESET.format(name=name, password=people.reset(name))
    if asked.command == "lock":
        return people.lock(name)
    if asked.command == "unlock":
        return people.unlock(name)
    if asked.command == "remove":
        return people.remove(name, said)
    return words.RESTORED.format(name=name, archive=asked.archive, password=people.restore(name, asked.archive, said))


def of(lab: settings.Settings) -> People:
    """Return what works on this class, from inside the hub's container. Raises SettingsError."""
    ask = members.asker(lab.own_api_url, lab.secret("operator_token"))
    return People(AccountStore(lab.database_url), ask, archives(lab))


def archives(lab: settings.Settings) -> Archives:
    return Archives(lab.archives, lab.project, lab.lab_image, lab.archives_on_host)


def main(arguments: Sequence[str] | None = None, people: People | None = None) -> int:
    asked = parser().parse_args(arguments)
    name = asked.name.strip().lower()
    try:
        if problem := account_rules.name_problem(name):
            raise members.Refused(problem)
        print(run(people or of(settings.read()), asked, name))
    except (members.Refused, settings.SettingsError) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except OperationalError as error:
        print(words.DATABASE_BUSY.format(reason=error.orig), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
