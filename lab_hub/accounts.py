"""Accounts on the operator's command line: `python -m lab_hub.accounts add|ensure-admin NAME`.

Invariant: a refusal says why and what to do, changes nothing and exits 2; a one-time password is printed once and stored only as
a hash. Runs in the hub's container, beside a running hub.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from lab_hub import account_rules as rules
from lab_hub import messages, settings
from lab_hub.account_store import AccountExists, AccountStore, hash_password


class Refused(Exception):
    """The reason, as it is printed."""


def add(store: AccountStore, name: str, admin: bool) -> str:
    """Make an account; return what to print. Raises Refused."""
    password = rules.one_time_password()
    try:
        store.add(name, hash_password(password), admin=admin)
    except AccountExists:
        raise Refused(messages.ACCOUNT_EXISTS.format(name=name)) from None
    role = messages.ROLE_ADMIN if admin else messages.ROLE_STUDENT
    return messages.ACCOUNT_MADE.format(name=name, role=role, password=password)


def ensure_admin(store: AccountStore, name: str, password_file: Path) -> str:
    """Make the first administrator unless the name has an account; return what to print. Raises Refused."""
    if store.find(name) is not None:
        return messages.ADMIN_EXISTS.format(name=name)
    try:
        password = (password_file.read_text(encoding="utf-8").splitlines() or [""])[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Refused(messages.PASSWORD_FILE.format(path=password_file, reason=reason)) from None
    if len(password) < rules.SHORTEST_PASSWORD or rules.too_long(password):
        reason = messages.PASSWORD_FILE_SHORT.format(length=len(password), minimum=rules.SHORTEST_PASSWORD)
        raise Refused(messages.PASSWORD_FILE.format(path=password_file, reason=reason))
    store.add(name, hash_password(password), admin=True)
    return messages.ADMIN_MADE.format(name=name)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m lab_hub.accounts", description="Who may log in.")
    commands = made.add_subparsers(dest="command", required=True)
    command = commands.add_parser("add", help="make an account; prints its one-time password")
    command.add_argument("name")
    command.add_argument("--admin", action="store_true", help="an administrator")
    command = commands.add_parser("ensure-admin", help="make the first administrator, unless the name has an account")
    command.add_argument("name")
    command.add_argument("--password-file", type=Path, required=True, help="its first line is the one-time password")
    return made


def main(arguments: Sequence[str] | None = None, store: AccountStore | None = None) -> int:
    asked = parser().parse_args(arguments)
    name = asked.name.strip().lower()
    try:
        if problem := rules.name_problem(name):
            raise Refused(problem)
        store = store or AccountStore(settings.read().database_url)
        if asked.command == "add":
            print(add(store, name, asked.admin))
        else:
            print(ensure_admin(store, name, asked.password_file))
    except (Refused, settings.SettingsError) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
