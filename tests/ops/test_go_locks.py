"""go.mod and go.sum of what is built from Go modules: made by `make lock` from go.in and versions.env, never by hand."""

import re

import pytest

from tests.helpers.versions import ROOT, read

IMAGES = sorted(path.parent for path in (ROOT / "images").glob("*/go.sum"))
PROGRAM = re.compile(r"^require (\S+) v\$(GO_[A-Z]+)$", re.MULTILINE)


def test_each_has_what_it_is_made_from():
    assert IMAGES
    assert [path.name for path in IMAGES] == sorted(path.parent.name for path in (ROOT / "images").glob("*/go.in"))


@pytest.mark.parametrize("folder", IMAGES, ids=lambda path: path.name)
def test_it_is_locked_at_the_version_of_versions_env(folder):
    source, lock, sums = ((folder / name).read_text() for name in ("go.in", "go.mod", "go.sum"))
    program, setting = PROGRAM.search(source).groups()
    settings = read(environment={})
    version = settings[setting]
    assert re.search(rf"^(require |\t){re.escape(program)} v{re.escape(version)}( // indirect)?$", lock, re.MULTILINE)
    assert f"{program} v{version} h1:" in sums
    replaced = [line for line in source.splitlines() if line.startswith("replace ")]
    assert [line for line in replaced if re.sub(r"\$(GO_\w+)$", lambda found: settings[found[1]], line) not in lock] == []
    assert re.search(rf'^import _ "{re.escape(program)}(/\S+)?"$', (folder / "tools.go").read_text(), re.MULTILINE)
