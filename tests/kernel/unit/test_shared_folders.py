"""The way from the home to the courses' folders: there while there are any, and never in place of something of the person's."""

import pytest

from lab_kernel import start


@pytest.fixture
def shared(tmp_path):
    folder = tmp_path / "srv" / "shared"
    (folder / "spark1").mkdir(parents=True)
    return folder


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def links(home):
    return {entry.name: entry.readlink() for entry in home.iterdir() if entry.is_symlink()}


def test_it_leads_to_the_folders_and_goes_with_them(shared, home):
    start.link_shared(shared, home)
    start.link_shared(shared, home)
    assert links(home) == {"shared": shared}
    (shared / "spark1").rmdir()
    start.link_shared(shared, home)
    assert links(home) == {}


def test_a_folder_of_the_person_s_keeps_its_name(shared, home):
    (home / "shared").mkdir()
    start.link_shared(shared, home)
    assert links(home) == {"shared-by-courses": shared}
    (home / "shared-by-courses").unlink()
    (home / "shared-by-courses").symlink_to("/elsewhere")
    start.link_shared(shared, home)
    assert [str(target) for target in links(home).values()] == ["/elsewhere"]


def test_a_home_that_takes_no_link_does_not_keep_the_lab_from_starting(shared, tmp_path, capsys):
    start.link_shared(shared, tmp_path / "gone")
    assert "not linked into the home" in capsys.readouterr().out


def test_no_course_no_link(tmp_path, home):
    start.link_shared(tmp_path / "nowhere", home)
    assert links(home) == {}
