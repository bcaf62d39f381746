"""Small pieces of HTML for notebooks.

Invariant: whatever is not markup of this module is escaped; colours are JupyterLab's own variables
with a fall-back, so both themes stay readable; no script, no style sheet, nothing loaded from elsewhere.
"""

from collections.abc import Collection, Sequence
from html import escape

FONT = "font-family:var(--jp-code-font-family,monospace);font-size:var(--jp-code-font-size,13px)"
FAINT = "color:var(--jp-ui-font-color2,#666)"
BORDER = "var(--jp-border-color2,#bbb)"
CELL = f"padding:2px 10px;border-bottom:1px solid {BORDER};vertical-align:top;white-space:pre-wrap"
KINDS = {
    "error": "var(--jp-error-color1,#d32f2f)",
    "warning": "var(--jp-warn-color1,#f57c00)",
    "info": "var(--jp-info-color1,#0288d1)",
    "success": "var(--jp-success-color1,#388e3c)",
}


class Markup(str):
    """HTML of this module's own making, safe as it is."""


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    *,
    types: Sequence[str] | None = None,
    caption: str | None = None,
    right: Collection[int] = (),
    null: str = "null",
) -> str:
    """Returns a table; a None cell is shown as a faint `null`."""

    def align(index: int) -> str:
        return "right" if index in right else "left"

    parts = ['<div style="overflow-x:auto">']
    if headings:
        parts.append(
            '<table class="dataflow-table" style="border-collapse:collapse;margin:0;'
            f'color:var(--jp-ui-font-color1,inherit);{FONT}"><thead><tr>'
        )
        for index, heading in enumerate(headings):
            kind = ""
            if types is not None:
                kind = f'<br><span style="font-weight:normal;{FAINT}">{escape(types[index])}</span>'
            parts.append(
                f'<th style="{CELL};text-align:{align(index)}">{escape(str(heading))}{kind}</th>'
            )
        parts.append("</tr></thead><tbody>")
        for row in rows:
            cells = (
                f'<td style="{CELL};text-align:{align(index)}">{_cell(cell, null)}</td>'
                for index, cell in enumerate(row)
            )
            parts.append(f"<tr>{''.join(cells)}</tr>")
        parts.append("</tbody></table>")
    if caption:
        parts.append(f'<div style="{FAINT};padding:4px 10px">{escape(caption)}</div>')
    parts.append("</div>")
    return "".join(parts)


def sections(
    headings: Sequence[str],
    groups: Sequence[tuple[str, Sequence[Sequence[str]]]],
    *,
    caption: str,
    right: Collection[int] = (),
) -> str:
    """Returns a table in groups of rows, each below its heading; a row's first cell names the row."""
    parts = [
        '<div style="overflow-x:auto"><table class="dataflow-table" style="border-collapse:collapse;margin:0;'
        'color:var(--jp-ui-font-color1,inherit);font-family:var(--jp-ui-font-family,sans-serif);'
        f'font-size:var(--jp-ui-font-size1,13px)"><caption style="caption-side:top;text-align:left;{FAINT};'
        f'padding:4px 10px">{escape(caption)}</caption><thead><tr>'
    ]
    align = ["right" if index in right else "left" for index in range(len(headings))]
    for index, heading in enumerate(headings):
        parts.append(f'<th scope="col" style="{CELL};text-align:{align[index]}">{escape(heading)}</th>')
    parts.append("</tr></thead>")
    for heading, rows in groups:
        parts.append(
            f'<tbody><tr><th scope="rowgroup" colspan="{len(headings)}" style="{CELL};text-align:left;'
            f'padding-top:10px">{escape(heading)}</th></tr>'
        )
        for name, *cells in rows:
            parts.append(f'<tr><th scope="row" style="{CELL};text-align:left;font-weight:normal">{_cell(name, "")}</th>')
            for index, cell in enumerate(cells, start=1):
                parts.append(f'<td style="{CELL};text-align:{align[index]}">{_cell(cell, "")}</td>')
            parts.append("</tr>")
        parts.append("</tbody>")
    parts.append("</table></div>")
    return "".join(parts)


def panel(
    kind: str, title: str, paragraphs: Sequence[tuple[str, str]] = (), details: str | None = None
) -> str:
    """Returns a bordered box: `kind` error, warning, info or success; (label, text) paragraphs."""
    colour = KINDS[kind]
    parts = [
        f'<div class="dataflow-panel dataflow-{kind}" style="border:1px solid {BORDER};'
        f"border-left:4px solid {colour};padding:8px 12px;margin:4px 0;"
        "background:var(--jp-layout-color1,transparent);color:var(--jp-ui-font-color1,inherit);"
        'font-family:var(--jp-ui-font-family,sans-serif);font-size:var(--jp-ui-font-size1,13px)">'
        f'<div style="font-weight:600;color:{colour}">{escape(title)}</div>'
    ]
    for label, text in paragraphs:
        head = f"<b>{escape(label)}</b> " if label else ""
        parts.append(f'<div style="margin-top:6px;white-space:pre-wrap">{head}{escape(text)}</div>')
    if details:
        parts.append(f'<pre style="margin-top:6px;{FAINT};{FONT};overflow-x:auto">')
        parts.append(f"{escape(details)}</pre>")
    parts.append("</div>")
    return "".join(parts)


def link(url: str, text: str) -> str:
    """Returns a link that opens in a new tab."""
    return f'<a href="{escape(url, quote=True)}" target="_blank" rel="noopener">{escape(text)}</a>'


def inner_link(url: str, text: str) -> Markup:
    """Returns a link to a file of the lab, by its path from the notebook's folder; it opens in this JupyterLab."""
    return Markup(
        f'<a style="color:var(--jp-content-link-color,revert)" href="{escape(url, quote=True)}">{escape(text)}</a>'
    )


def _cell(cell: str | None, null: str) -> str:
    if isinstance(cell, Markup):
        return cell
    if cell is None:
        return f'<i style="{FAINT}">{escape(null)}</i>'
    return escape(str(cell))
