"""A plan as people read it: a tree in HTML and in plain text.

Invariant: a mark is always a word, colour only repeats it; the HTML is nested lists, so a screen reader
knows the depth; both forms have the same nodes in the same order, at most MAX_NODES of them.
"""

from collections.abc import Iterator
from html import escape

from lab_kernel.html import BORDER, FAINT, FONT, KINDS
from lab_kernel.plan import messages
from lab_kernel.plan.nodes import BROADCAST, CACHE, EXCHANGE, JOIN, PYTHON, REUSED, SCAN, SHUFFLE_READ, Node, Plan

MAX_NODES = 150
MAX_DETAIL = 220
_COLOURS = {
    EXCHANGE: KINDS["error"],
    BROADCAST: KINDS["warning"],
    REUSED: "var(--jp-ui-font-color2,#666)",
    SCAN: KINDS["info"],
    JOIN: KINDS["success"],
    PYTHON: KINDS["error"],
    CACHE: KINDS["info"],
    SHUFFLE_READ: "var(--jp-ui-font-color2,#666)",
}
_MARK = (
    "display:inline-block;border:1px solid {colour};border-left-width:6px;border-radius:3px;padding:0 5px;"
    "margin-right:6px;font-size:85%;font-weight:600"
)
# Safari reads a list without bullets as none, unless it says what it is.
_LIST = '<ul role="list" style="list-style:none;margin:0;padding:0 0 0 {indent}px{rule}">'


def headline(plan: Plan) -> str:
    """Says in one line what matters in a plan."""
    found = plan.nodes
    counts = []
    for kind, (one, many) in messages.COUNTS.items():
        number = sum(node.kind == kind for node in found)
        if number:
            counts.append(one if number == 1 else many.format(number=number))
    parts = [", ".join(counts) or messages.NOTHING]
    if plan.seconds is not None:
        parts.append(messages.SECONDS.format(seconds=plan.seconds))
    if plan.execution is not None:
        parts.append(messages.EXECUTION.format(number=plan.execution))
    return f"{messages.FINAL if plan.final else messages.NOT_FINAL}: {'; '.join(parts)}"


def text(plan: Plan) -> str:
    """Returns the tree with Spark's own branches, each mark as [WORD]."""
    lines = [headline(plan)]
    for node, prefix in _branches(plan.root):
        if len(lines) > MAX_NODES:
            break
        word = messages.WORDS.get(node.kind)
        mark = f"[{word}] " if word else ""
        before = f"{messages.SUBQUERY} " if node.subquery else ""
        said = "; ".join(filter(None, (_cut(node.detail), measured(node))))
        lines.append(f"{prefix}{before}{mark}{node.name}{f'  {said}' if said else ''}")
    return "\n".join([*lines, *_rest(plan)])


def page(plan: Plan) -> str:
    """Returns the tree as HTML."""
    budget = [MAX_NODES]
    tree = f"{_LIST.format(indent=0, rule='')}{_item(plan.root, budget)}</ul>"
    rest = "".join(f'<div style="{FAINT}">{escape(line)}</div>' for line in _rest(plan))
    return (
        f'<div class="dataflow-plan" style="overflow-x:auto;color:var(--jp-ui-font-color1,inherit);{FONT}">'
        f'<div style="font-weight:600;margin-bottom:4px">{escape(headline(plan))}</div>{tree}{rest}</div>'
    )


def measured(node: Node) -> str:
    """Rows and bytes of a node, where Spark has counted them."""
    parts = []
    if node.rows is not None:
        parts.append(messages.ROWS_ONE if node.rows == 1 else messages.ROWS.format(rows=node.rows))
    if node.facts.get("bytes") is not None:
        parts.append(size(node.facts["bytes"]))
    return ", ".join(parts)


def size(count: int) -> str:
    """Returns bytes as people read them."""
    if count >= 1_000_000:
        return messages.MEGABYTES.format(size=count / 1_000_000)
    if count >= 10_000:
        return messages.KILOBYTES.format(size=count / 1_000)
    return messages.BYTES.format(size=count)


def _item(node: Node, budget: list[int]) -> str:
    budget[0] -= 1
    word = messages.WORDS.get(node.kind)
    mark = ""
    if word:
        mark = f'<span style="{_MARK.format(colour=_COLOURS[node.kind])}">{escape(word)}</span>'
    before = f'<span style="{FAINT}">{escape(messages.SUBQUERY)} </span>' if node.subquery else ""
    name = f"<b>{escape(node.name)}</b>" if word else escape(node.name)
    detail = f' <span style="{FAINT}">{escape(_cut(node.detail))}</span>' if node.detail else ""
    numbers = f" <span>· {escape(measured(node))}</span>" if measured(node) else ""
    # At most what is left may be shown, depth first, as in the text.
    children = "".join(_item(child, budget) for child in node.children if budget[0] > 0)
    below = f"{_LIST.format(indent=14, rule=f';border-left:1px solid {BORDER}')}{children}</ul>" if children else ""
    return f'<li style="padding:1px 0">{before}{mark}{name}{detail}{numbers}{below}</li>'


def _branches(node: Node, lead: str = "", mark: str = "") -> Iterator[tuple[Node, str]]:
    yield node, lead + mark
    below = lead + {"": "", "+- ": "   ", ":- ": ":  "}[mark]
    for index, child in enumerate(node.children):
        last = index == len(node.children) - 1
        yield from _branches(child, below, "+- " if last else ":- ")


def _rest(plan: Plan) -> list[str]:
    more = len(plan.nodes) - MAX_NODES
    return [messages.CUT.format(more=more)] if more > 0 else []


def _cut(detail: str) -> str:
    return detail if len(detail) <= MAX_DETAIL else detail[: MAX_DETAIL - 1] + "…"
