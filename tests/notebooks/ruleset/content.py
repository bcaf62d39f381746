"""What a lesson says and does: claims, ending, literals, configuration, imports.

Invariant: a lesson runs unchanged on every machine and with every later version, and proves
something each time; what it needs comes from the kernel.
"""

import ast
import re
from collections.abc import Iterator
from typing import Any

from tests.helpers.literals import VERSION, known_port
from tests.notebooks.lessons import source_of, tags_of, task_of
from tests.notebooks.ruleset.base import Problem, Subject, python_of
from tests.notebooks.ruleset.form import CHECKED, PARAMETERS

ABOUT_KEYS = {"title", "minutes", "part", "teaches", "needs", "topics"}
PARTS = ("start", "bronze", "silver", "gold", "performance", "streaming", "mlflow", "engineering")
# What learners of the field look for; docs/course.md says which lesson teaches each.
TOPICS = frozenset(
    "medallion schema-evolution merge scd2 change-data-feed time-travel maintenance liquid-clustering constraints"
    " quarantine idempotent-ingest expectations windows-watermarks exactly-once checkpoint-recovery kafka features"
    " mlflow orchestration lineage small-files partitioning aqe broadcast-join skew plans-and-ui pipeline-tests".split()
)
MINUTES = range(20, 41)
ENDING = "what you should now be able to do"
# The ending and the cell that stops everything are the last things in a lesson.
ENDING_WITHIN = 4

_PATH = re.compile(
    r"(?<![\w.:/<>{}~$*-])/(?:home|opt|tmp|usr|var|etc|root|work|mnt|srv|proc|dev|repo|out|Users)\b"
    r"|\bfile:/|\b[A-Za-z]:\\\w"
)
_HOST = re.compile(r"\blocalhost\b|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_URL = re.compile(r"\b(?:https?|spark|tcp|jdbc:\w+)://")
_URL_PORT = re.compile(r"""["'`/@\s][A-Za-z][\w.-]*:\d{4,5}\b""")
_PORT = re.compile(r"\bports?\b\s*(?:=|:|is|number)?\s*\d{2,5}\b", re.IGNORECASE)
_NAMED_VERSION = re.compile(
    r"\b(?:py)?(?:spark|delta(?: lake)?|kafka|python|java|jdk|mlflow|pandas|hadoop|scala|jupyterlab"
    r"|scikit-learn|debian|docker)\s+(?:version\s+)?v?\d+(?:\.\d+)*\b",
    re.IGNORECASE,
)
_CONFIGURATION = re.compile(
    r"\.builder\b|\bSparkConf\b|\bSparkContext\s*\(|\.config\s*\(|\bconf\.set\b|PYSPARK_\w+"
    r"|\bSET\s+spark\.|[\"']spark\.(?:sql|driver|executor|databricks|hadoop|ui|jars|streaming)\."
)
# A path of the lab's own disk, made a text for Spark.
_OWN_FILE = re.compile(r"\.(?:csv|json|text|parquet|orc|load)\(\s*\[?\s*str\(")
_FORBIDDEN_IMPORTS = {"tests", "lab_hub", "exercises", "notebooks"}


def about_rule(subject: Subject) -> Iterator[Problem]:
    """The metadata say title, minutes, what is taught and what is needed; the first cell too."""
    about = subject.notebook.get("metadata", {}).get("dataflow", {})
    if set(about) != ABOUT_KEYS:
        message = f"metadata.dataflow: expected {sorted(ABOUT_KEYS)}, got {sorted(about)}"
        yield Problem("about", message)
        return
    if not isinstance(about["minutes"], int) or about["minutes"] not in MINUTES:
        message = f"minutes: expected {MINUTES[0]} to {MINUTES[-1]}, got {about['minutes']!r}"
        yield Problem("about", message)
    if about["part"] not in PARTS:
        yield Problem("about", f"part: expected one of {list(PARTS)}, got {about['part']!r}")
    for key in ("teaches", "needs", "topics"):
        value = about[key]
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            yield Problem("about", f"{key}: expected a list of texts, got {value!r}")
    for key in ("teaches", "topics"):
        if not about[key]:
            yield Problem("about", f"{key}: says nothing")
    for topic in about["topics"]:
        if topic not in TOPICS:
            yield Problem("about", f"topics: {topic!r} is none of {sorted(TOPICS)}")
    first = subject.cells[0] if subject.cells else {"cell_type": "none"}
    heading = source_of(first).partition("\n")[0]
    if first["cell_type"] != "markdown" or heading != f"# {about['title']}":
        message = f"the first cell is the heading `# {about['title']}`, got {heading!r}"
        yield Problem("about", message, 0)


def parameters_rule(subject: Subject) -> Iterator[Problem]:
    """Exactly one parameters cell, of plain assignments that papermill can see and replace."""
    found = [(i, cell) for i, cell in enumerate(subject.cells) if PARAMETERS in tags_of(cell)]
    if len(found) != 1:
        yield Problem("parameters", f"expected one cell tagged {PARAMETERS}, got {len(found)}")
        return
    index, cell = found[0]
    tree = _parse(cell) if cell["cell_type"] == "code" else None
    if tree is None:
        yield Problem("parameters", "the parameters cell is no Python", index)
        return
    for node in tree.body:
        named = isinstance(node, ast.Assign) and all(isinstance(t, ast.Name) for t in node.targets)
        named = named or (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name))
        try:
            ast.literal_eval(node.value)  # type: ignore[attr-defined]
        except (AttributeError, ValueError):
            named = False
        if not named:
            message = "a parameters cell has `name = literal` lines only"
            yield Problem("parameters", message, index)


def claims_rule(subject: Subject) -> Iterator[Problem]:
    """A lesson that proves nothing is no test: at least one kept output and one assert."""
    if not any(CHECKED in tags_of(cell) for _, cell in subject.code()):
        yield Problem("claims", f"no cell is tagged {CHECKED}")
    asserts = 0
    for index, cell in subject.code():
        tree = _parse(cell)
        if tree is None:
            yield Problem("claims", "does not parse as Python", index)
        elif task_of(cell) is None:
            asserts += sum(isinstance(node, ast.Assert) for node in ast.walk(tree))
    if not asserts:
        yield Problem("claims", "no cell asserts anything")


def ending_rule(subject: Subject) -> Iterator[Problem]:
    """The lesson ends with what was learnt, and a last code cell that stops every stream."""
    last = subject.cells[-ENDING_WITHIN:]
    headings = (
        line.strip("# \t?.").lower()
        for cell in last
        if cell["cell_type"] == "markdown"
        for line in source_of(cell).splitlines()
        if line.startswith("#")
    )
    if ENDING not in headings:
        yield Problem("ending", f"no heading `## {ENDING.capitalize()}` near the end")
    cell = subject.cells[-1] if subject.cells else {"cell_type": "none"}
    code = source_of(cell) if cell["cell_type"] == "code" else ""
    if "spark.streams.active" not in code or ".stop()" not in code:
        message = "the last cell stops every stream: `for query in spark.streams.active: ...stop()`"
        yield Problem("ending", message, len(subject.cells) - 1)


def literals_rule(subject: Subject) -> Iterator[Problem]:
    """No absolute path, host, port or version: they differ between machines and years."""
    for index, cell in enumerate(subject.cells):
        for text, kind in _texts(cell):
            for what, match in _literals(text, kind, subject):
                yield Problem("literals", f"{what} in {kind}: {match.strip()!r}", index)


def _texts(cell: Any) -> Iterator[tuple[str, str]]:
    yield source_of(cell), cell["cell_type"]
    for output in cell.get("outputs", []):
        yield str(output.get("text", "")), "output"
        yield str(output.get("data", {}).get("text/plain", "")), "output"


def _literals(text: str, kind: str, subject: Subject) -> Iterator[tuple[str, str]]:
    patterns = [("absolute path", _PATH), ("host", _HOST), ("version", VERSION)]
    if kind != "output":
        patterns += [("version", _NAMED_VERSION), ("port", _URL_PORT), ("port", _PORT)]
        patterns.append(("port", known_port(subject.settings)))
    if kind == "code":
        patterns.append(("address", _URL))
    for what, pattern in patterns:
        for match in pattern.finditer(text):
            yield what, match[0]


def configuration_rule(subject: Subject) -> Iterator[Problem]:
    """The kernel configures Spark; a notebook never does."""
    for index, cell in subject.code():
        match = _CONFIGURATION.search(source_of(cell))
        if match is not None:
            yield Problem("configuration", f"configures Spark: {match[0]!r}", index)


def files_rule(subject: Subject) -> Iterator[Problem]:
    """Spark reads what has landed: the lab's own disk is out of sight where a cluster computes."""
    for index, cell in subject.code():
        match = _OWN_FILE.search(source_of(cell))
        if match is not None:
            message = f"reads a file of the lab's own disk, {match[0]!r}: give it to lakehouse.land and read that"
            yield Problem("files", message, index)


def imports_rule(subject: Subject) -> Iterator[Problem]:
    """Lessons import lab_kernel and libraries of the lab, install nothing, run no shell."""
    for index, cell in subject.code():
        for line in source_of(cell).splitlines():
            if line.lstrip().startswith(("!", "%pip", "%conda", "%env", "%%bash", "%%sh")):
                yield Problem("imports", f"runs a shell: {line.strip()!r}", index)
        for node in ast.walk(_parse(cell) or ast.Module([], [])):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                if name.partition(".")[0] in _FORBIDDEN_IMPORTS:
                    yield Problem("imports", f"imports {name}", index)


def _parse(cell: Any) -> ast.Module | None:
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        return compile(python_of(cell), "<cell>", "exec", flags)
    except SyntaxError:
        return None


RULES = (
    about_rule,
    parameters_rule,
    claims_rule,
    ending_rule,
    literals_rule,
    configuration_rule,
    files_rule,
    imports_rule,
)
