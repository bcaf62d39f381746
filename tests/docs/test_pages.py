"""The reader of pages finds what a person would."""

from pathlib import Path

import pytest

from tests.docs import pages
from tests.helpers import literals

PAGE = pages.Page(
    pages.ROOT / "docs" / "x.md",
    '# The `lab` image\n[a](b.md#c) ![d](e.png) <img src="f.png">\n```\n[no](code)\n# no\n```\n',
)


def test_links_leave_code_out():
    assert PAGE.links() == ["b.md#c", "e.png", "f.png"]


def test_anchors_are_those_of_a_forge():
    assert PAGE.anchors() == {"the-lab-image"}


def test_targets_are_those_with_a_description():
    makefile = (
        "help: ## Say it\nup: build ## Start\n.PHONY: x\nhidden:\nbuild/%: ## One\nA := b ## c\n"
    )
    assert pages.make_targets(makefile) == {"help", "up", "build/%"}


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (literals.VERSION, "spark 4.2.0, v1.14.11", ["4.2.0", "v1.14.11"]),
        (literals.VERSION, "1.234.567,89 127.0.0.1 123.456.789-09 3.13", []),
        (literals.REGISTRY_HOST, "from pypi.org or quay.io", ["pypi.org", "quay.io"]),
        (literals.MACHINE_PATH, "in /ro" + "ot/x, not /home/student", ["/ro" + "ot"]),
        (literals.known_port({"A_PORT": "4040", "B_PORT": "8000"}), "4040 8000 14040", ["4040"]),
    ],
)
def test_literals(pattern, text, found):
    assert [literal for _, literal in literals.find(pattern, text)] == found


def test_project_files_leave_out_what_git_ignores():
    names = {path.relative_to(pages.ROOT).parts[0] for path in literals.project_files()}
    assert "versions.env" in names
    assert not names & {".venv", "build", ".git"}
    assert Path(__file__) in literals.project_files()
