"""The documentation names what exists, its links lead somewhere, and it holds no leftovers."""

import re
from urllib.parse import unquote

import pytest

from tests.docs.pages import make_targets, pages
from tests.helpers import literals
from tests.helpers.versions import ROOT, read
from tests.notebooks import lessons

PAGES = pages()
EVERYTHING = "\n".join(page.text for page in PAGES)

# Measurements name the machine they were made on, versions included.
MAY_NAME_VERSIONS = {"docs/benchmarks.md"}


def test_readme_is_there():
    assert (ROOT / "README.md").is_file()


@pytest.mark.parametrize("target", sorted(make_targets((ROOT / "Makefile").read_text())))
def test_make_target_is_documented(target):
    plain = re.escape(target).replace("%", r"[\w-]+")
    assert re.search(rf"\bmake (?:[\w/=-]+ )*{plain}(?![\w/-])", EVERYTHING), (
        f"no page says when to use `make {target}`: describe it in README.md or docs/"
    )


@pytest.mark.parametrize("key", sorted(read(environment={})))
def test_setting_is_documented(key):
    assert re.search(rf"\b{key}\b", EVERYTHING), (
        f"no page says what {key} of versions.env is: describe it in docs/settings.md"
    )


@pytest.mark.parametrize("lesson", lessons.lessons(), ids=lambda lesson: lesson.name)
def test_lesson_is_documented(lesson):
    assert lesson.name in EVERYTHING


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    dead = []
    for link in page.links():
        if re.match(r"[a-z]+:", link):
            continue
        name, _, fragment = unquote(link).partition("#")
        target = (page.path.parent / name).resolve() if name else page.path
        if not target.exists():
            dead.append(f"{link}: no such file")
        elif fragment and target.suffix == ".md":
            known = next(other for other in PAGES if other.path == target).anchors()
            if fragment not in known:
                dead.append(f"{link}: no such heading; there are {sorted(known)}")
    assert not dead, "\n".join(dead)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_holds_no_leftovers(page):
    patterns = [literals.REGISTRY_HOST, literals.MACHINE_PATH]
    if page.name not in MAY_NAME_VERSIONS:
        patterns.append(literals.VERSION)
    found = [
        f"{page.name}:{number}: {literal}"
        for pattern in patterns
        for number, literal in literals.find(pattern, page.text)
    ]
    assert not found, "\n".join(found)


def test_a_student_is_told_where_the_course_begins_and_how_far_it_is_done():
    page = next(page for page in PAGES if page.name == "docs/student.md")
    assert "../notebooks/README.md" in page.links() and "`course()`" in page.text


def test_every_picture_of_the_readme_is_small():
    heavy = [p.name for p in (ROOT / "docs" / "images").glob("*") if p.stat().st_size > 250_000]
    assert not heavy, "quantise them: make screenshots does"
