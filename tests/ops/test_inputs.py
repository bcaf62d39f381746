"""An image is built again when, and only when, something it is made of has changed."""

import pytest

from tests.ops.run import shell


def inputs_hash(checkout, image, **settings):
    done = shell(f"inputs_hash {image}", root=checkout, BASE_IMAGE="dataflow/none:x", **settings)
    assert done.status == 0, done.err
    return done.out.strip()


@pytest.mark.parametrize(
    "path",
    ["images/proxy/Dockerfile", "images/proxy/start-proxy", "images/with-ca.sh", ".dockerignore",
     "images/proxy/error/error.html"],
)
def test_a_changed_part_counts(checkout, path):
    before = inputs_hash(checkout, "proxy")
    with (checkout / path).open("a") as file:
        file.write("\n")
    assert inputs_hash(checkout, "proxy") != before


def test_a_changed_setting_counts(checkout):
    path = checkout / "images/proxy/Dockerfile"
    path.write_text(path.read_text() + "ARG java_major\n")
    before = inputs_hash(checkout, "proxy")
    assert inputs_hash(checkout, "proxy", JAVA_MAJOR="1") != before


def test_what_is_not_copied_does_not_count(checkout):
    before = inputs_hash(checkout, "proxy")
    (checkout / "images/hub/health.py").write_text("")
    (checkout / "images/proxy/error/__pycache__").mkdir()
    (checkout / "images/proxy/error/__pycache__/x.pyc").write_text("")
    assert inputs_hash(checkout, "proxy") == before


def test_a_setting_that_is_not_there_is_named(checkout):
    path = checkout / "images/proxy/Dockerfile"
    path.write_text(path.read_text() + "ARG no_such_thing\n")
    done = shell("inputs_hash proxy", root=checkout)
    assert done.status != 0
    assert "versions.env has no NO_SUCH_THING" in done.err


def test_a_file_that_is_not_there_is_named(checkout):
    path = checkout / "images/proxy/Dockerfile"
    path.write_text(path.read_text() + "COPY images/none /\n")
    done = shell("inputs_hash proxy", root=checkout)
    assert done.status != 0
    assert "wants images/none, which is not there" in done.err


@pytest.mark.parametrize(
    ("found", "wanted", "enough"),
    [("2.26.1", "2.20.0", True), ("2.9.0", "2.20.0", False), ("2.20.0", "2.20.0", True),
     ("0.13.1", "0.9.0", True), ("1.29.2", "2.20.0", False)],
)
def test_versions_are_compared_as_numbers(found, wanted, enough):
    assert (shell(f"version_at_least {found} {wanted}").status == 0) is enough
