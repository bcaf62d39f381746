"""The slip of paper that a person gets: where the class is, as whom to log in, and the password that works once.

Invariant: whatever a spreadsheet wrote into a name is shown as text, on a terminal and in HTML; nothing is kept here.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from lab_hub import people_messages as messages

WIDTH = 80
# Cards on a sheet of paper; the next one begins a page.
ON_A_PAGE = 8


@dataclass(frozen=True)
class Slip:
    """What one person is told."""

    name: str
    full_name: str
    password: str
    courses: tuple[str, ...] = ()


def text(slips: Sequence[Slip], address: str) -> str:
    """Return the slips for a terminal or a plain printer, with lines to cut along."""
    cut = "-" * WIDTH
    how = textwrap.fill(messages.SLIP_HOW, WIDTH - 4, initial_indent="  ", subsequent_indent="  ")
    parts = []
    for slip in slips:
        courses = ", ".join(slip.courses)
        room = max(WIDTH - 4 - len(messages.SLIP_TITLE), 1)
        lines = [f"  {messages.SLIP_TITLE}{courses:>{room}}", ""]
        if slip.full_name:
            lines += [f"  {slip.full_name}"]
        lines += [
            f"  {messages.SLIP_ADDRESS:<10} {address}",
            f"  {messages.SLIP_NAME:<10} {slip.name}",
            f"  {messages.SLIP_PASSWORD:<10} {slip.password}   ({messages.SLIP_ONCE})",
            "",
            how,
        ]
        parts.append("\n".join(lines))
    return f"{cut}\n" + f"\n{cut}\n".join(parts) + f"\n{cut}\n" if parts else ""


def html(slips: Sequence[Slip], address: str) -> str:
    """Return the slips as a page of its own, to be printed and cut."""
    templates = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True)
    return templates.get_template("slips_file.html").render(**values(slips, address))


def values(slips: Sequence[Slip], address: str) -> dict:
    """Return what the templates of slips want to know."""
    return {"slips": slips, "address": address, "words": messages, "on_a_page": ON_A_PAGE}
