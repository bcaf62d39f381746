"""Plain-text twins of what is shown as HTML.

Invariant: every row has the same width; no cell breaks a line.
"""

from collections.abc import Collection, Sequence


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    types: Sequence[str] | None = None,
    right: Collection[int] = (),
) -> str:
    """Returns an aligned table; columns in `right` are aligned right."""
    lines = [[_one_line(cell) for cell in headings]]
    if types is not None:
        lines.append([_one_line(cell) for cell in types])
    lines += [[_one_line(cell) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    head = 1 if types is None else 2

    def line(cells: Sequence[str]) -> str:
        aligned = (
            cell.rjust(width) if index in right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return " | ".join(aligned).rstrip()

    rule = "-+-".join("-" * width for width in widths)
    return "\n".join([*map(line, lines[:head]), rule, *map(line, lines[head:])])


def _one_line(cell: str) -> str:
    return str(cell).replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")
