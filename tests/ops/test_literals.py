"""Versions, image names and ports are in versions.env alone; no file names a registry's host; nothing floats."""

import re

import pytest

from tests.helpers import literals
from tests.helpers.versions import ROOT, read

# Written by `make lock`, or measured on a machine that is named beside.
GENERATED = re.compile(r"\.lock$|(^|/)package(-lock)?\.json$|^docs/benchmarks\.md$|^CHANGELOG\.md$")
# Samples of what the tests look for.
SAMPLES = re.compile(r"^tests/")
CODE = re.compile(r"Dockerfile$|Makefile$|\.(ya?ml|sh|py|js|xml|ipynb|conf|toml|properties|in|html)$|/start-\w+$|^\.ci/")

FILES = [(str(path.relative_to(ROOT)), path) for path in literals.project_files()]
PLAIN = [(name, path) for name, path in FILES if not GENERATED.search(name) and name != "versions.env"]


def text(path):
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def findings(pattern, files):
    found = []
    for name, path in files:
        lines = text(path).splitlines()
        for number, literal in literals.find(pattern, "\n".join(lines)):
            if not FORMAT.search(lines[number - 1]):
                found.append(f"{name}:{number}: {literal}")
    return found


# The file format's own version, and the root of a container.
FORMAT = re.compile(r"<modelVersion>|POM/|target=/root/")

CODE_FILES = [(n, p) for n, p in PLAIN if CODE.search(n) and not SAMPLES.search(n)]


def test_there_is_something_to_look_at():
    names = [name for name, _ in CODE_FILES]
    assert {"Makefile", "compose.yaml", "scripts/up.sh", "images/hub/Dockerfile"} <= set(names)


def test_versions_are_in_one_place():
    assert findings(literals.VERSION, CODE_FILES) == []


def test_ports_are_in_one_place():
    assert findings(literals.known_port(read(environment={})), CODE_FILES) == []


def test_no_registry_is_named():
    everything = [(n, p) for n, p in FILES if not SAMPLES.search(n)]
    assert findings(literals.REGISTRY_HOST, everything) == []


def test_nothing_floats():
    floating = re.compile(r"(?<![\w-]):latest\b")
    assert findings(floating, CODE_FILES) == []


def test_no_path_of_one_machine():
    assert findings(literals.MACHINE_PATH, [(n, p) for n, p in PLAIN if not SAMPLES.search(n)]) == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("images/*/Dockerfile")), ids=lambda p: p.parent.name)
def test_an_old_engine_can_build_it(path):
    lines = path.read_text()
    assert not re.search(r"<<-?['\"]?\w", lines), "no heredocs in Docker 20.10"
    assert "COPY --link" not in lines
    assert not re.match(r"#\s*syntax=", lines), "it would pull an image"
    assert set(re.findall(r"^FROM (\S+)", lines, re.MULTILINE)) & {"${base_image}"}
    stages = set(re.findall(r"^FROM \S+ AS (\S+)", lines, re.MULTILINE)) | {"${base_image}"}
    assert set(re.findall(r"^FROM (\S+)", lines, re.MULTILINE)) <= stages


LOCKS = [path for name, path in FILES if name.endswith("requirements.lock")]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_python_lock_has_a_hash_for_everything(path):
    pinned = re.findall(r"^[a-z0-9][\w.-]*==\S+.*(?:\n    --hash=sha256:\w{64})?", path.read_text(), re.MULTILINE)
    assert pinned
    assert [line for line in pinned if "--hash" not in line] == []


ALL_LOCKS = [path for name, path in FILES if name.endswith(".lock")]


@pytest.mark.parametrize("path", ALL_LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_lock_names_its_sources_by_the_checkouts_own_paths(path):
    """One that was made by hand tells where somebody's checkout lay."""
    assert [line for line in path.read_text().splitlines() if "-r /" in line] == []
