"""What a run left behind, reduced to data that the checks may read.

Invariant: what passes is Parquet files, Delta logs and streaming checkpoints under `lakehouse/`, MLflow's database and the text
that describes each model, and nothing else: nothing that Python or Spark would import, unpickle or take for configuration. A
Delta log names only files inside its own table.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

LAKEHOUSE = "lakehouse/"
MOST_LOG_BYTES = 8 * 1024 * 1024

_PARQUET = re.compile(r"lakehouse/(?:[^/]+/)+[^/]+\.parquet")
_COMMIT = re.compile(r"lakehouse/(?:[^/]+/)+_delta_log/\d{20}\.json")
_LOG_OTHER = re.compile(r"lakehouse/(?:[^/]+/)+_delta_log/(?:_last_checkpoint|\d{20}\.crc)")
# A streaming checkpoint's own folders. Their content is read as lines of JSON.
_STREAM = re.compile(r"lakehouse/(?:[^/]+/)+(?:metadata|(?:offsets|commits)/\d+|sources/\d+/\d+(?:\.compact)?)")
# MLflow's store. The models themselves, which are code and pickles, stay out.
_MLFLOW = re.compile(r"mlflow\.db|mlflow/\d+/models/m-[0-9a-f]{32}/artifacts/MLmodel")
_PATH_KEYS = ("add", "remove", "cdc")

OUTSIDE = "the log of {table} names the file {path!r}, which lies outside the table"
NOT_JSON = "{name} is not a Delta log: {reason}"
LOG_TOO_BIG = "{name} is larger than {limit} MB"


class LeftRefused(ValueError):
    """What was left is no honest lakehouse; the text says why, for the student."""


def harmless(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files that the checks may read, of everything that was left. Raises LeftRefused."""
    kept = {}
    for name, content in files.items():
        if _COMMIT.fullmatch(name):
            _look_through(name, content)
        elif not any(kind.fullmatch(name) for kind in (_PARQUET, _LOG_OTHER, _STREAM, _MLFLOW)):
            continue
        kept[name] = content
    return kept


def _look_through(name: str, content: bytes) -> None:
    if len(content) > MOST_LOG_BYTES:
        raise LeftRefused(LOG_TOO_BIG.format(name=name, limit=MOST_LOG_BYTES // 1024**2))
    table = name.rpartition("/_delta_log/")[0]
    for line in content.splitlines():
        if not line.strip():
            continue
        try:
            action = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise LeftRefused(NOT_JSON.format(name=name, reason=type(error).__name__)) from None
        if not isinstance(action, dict):
            raise LeftRefused(NOT_JSON.format(name=name, reason="a line is no object"))
        for key in _PATH_KEYS:
            if key in action:
                check_path(table, action[key])


def check_path(table: str, file: Any) -> None:
    """Raise LeftRefused unless a log's file entry names a plain file inside its table."""
    path = file.get("path") if isinstance(file, dict) else None
    vector = file.get("deletionVector") if isinstance(file, dict) else None
    if isinstance(vector, dict) and vector.get("storageType") == "p":
        # A deletion vector by absolute path; Delta writes them by name or inline.
        raise LeftRefused(OUTSIDE.format(table=table, path=str(vector.get("pathOrInlineDv"))[:120]))
    plain = unquote(path) if isinstance(path, str) else ""
    parts = plain.split("/")
    if not plain or ":" in parts[0] or plain.startswith("/") or ".." in parts or "\\" in plain or "\0" in plain:
        raise LeftRefused(OUTSIDE.format(table=table, path=str(path)[:120]))
