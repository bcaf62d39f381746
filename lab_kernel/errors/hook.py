"""Puts the explanation above the traceback.

Invariant: the original traceback, name and value of the error are passed on unchanged; if explaining
fails, the error appears as it would have without us.
"""

import traceback
from collections.abc import Callable
from typing import Any

from lab_kernel import html, messages
from lab_kernel.errors.translate import Explanation, Facts, translate
from lab_kernel.kernel_io import Cell


def bundle(explanation: Explanation) -> dict[str, str]:
    """Returns the panel as HTML and plain text."""
    paragraphs = [
        (messages.WHY, explanation.why),
        (messages.WHAT_NEXT, explanation.next),
    ]
    plain = "\n".join([explanation.title, *(f"{label} {text}" for label, text in paragraphs)])
    return {
        "text/html": html.panel("error", explanation.title, paragraphs),
        "text/plain": plain,
    }


def install(shell: Any, facts: Callable[[], Facts]) -> None:
    """Makes the shell explain the errors it shows. `facts` is asked at each error."""
    # The last step of every way in which IPython shows an error; the exception itself has been
    # recorded for the reply by then, so the cell stays failed.
    original = shell._showtraceback

    def show(etype: type, value: BaseException, lines: list[str]) -> None:
        try:
            explanation = translate(value, facts())
        except Exception:
            explanation = None
        if explanation is not None:
            Cell(shell).show(bundle(explanation))
            head = messages.EXPLAINED.format(
                title=explanation.title, id=explanation.id, next=explanation.next
            )
            lines = [head, *lines]
        original(etype, value, lines)

    shell._showtraceback = show
    formatter = shell.InteractiveTB
    format_nicely = formatter.structured_traceback

    def structured(etype, value, tb, *args, **options) -> list[str]:
        try:
            return format_nicely(etype, value, tb, *args, **options)
        except Exception:
            # IPython would print its own failure and send no error at all to the notebook.
            return "".join(traceback.format_exception(etype, value, tb)).splitlines()

    formatter.structured_traceback = structured


def uninstall(shell: Any) -> None:
    """Takes `install` back."""
    vars(shell).pop("_showtraceback", None)
    vars(shell.InteractiveTB).pop("structured_traceback", None)
