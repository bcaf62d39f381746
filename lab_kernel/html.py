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


def _cell(cell: str | None, null: str) -> str:
    if cell is None:
        return f'<i style="{FAINT}">{escape(null)}</i>'
    return escape(str(cell))
