"""Whose folders a lab sees, and which of them it may write: the hub's groups decide."""

import asyncio
from types import SimpleNamespace

import pytest
import requests
from docker.errors import NotFound
from dockerspawner import DockerSpawner

from lab_hub import course_folders
from lab_hub.course_folders import CourseFolderSpawner


@pytest.mark.parametrize("groups, found", [
    ([], {}),
    (["admins", "course-", "course-spark1", "course-spark1-guest"], {}),
    (["course-spark1-student"], {"spark1": False}),
    (["course-spark1-grader", "course-sql-2-student"], {"spark1": False, "sql-2": False}),
    (["course-spark1-instructor", "course-sql-student"], {"spark1": True, "sql": False}),
    # Who teaches a course and is in it too may write.
    (["course-spark1-student", "course-spark1-instructor", "course-spark1-grader"], {"spark1": True}),
])
def test_the_groups_decide(groups, found):
    assert course_folders.of(groups) == found


class Volumes:
    """An engine that knows volumes, and records what it was asked for."""

    def __init__(self, *there):
        self.there, self.calls, self.trouble = set(there), [], None

    async def __call__(self, method, *args, **kwargs):
        self.calls.append(method)
        if self.trouble:
            raise self.trouble
        if method == "inspect_volume" and args[0] not in self.there:
            raise NotFound("no such volume")
        if method == "create_volume":
            self.there.add(args[0])
        return {"Id": "c0ffee"}


@pytest.fixture
def lab(monkeypatch):
    home = {"k-home-ana": {"bind": "/home/student", "mode": "rw"}}
    monkeypatch.setattr(DockerSpawner, "volume_binds", property(lambda self: dict(home)))
    made = CourseFolderSpawner.__new__(CourseFolderSpawner)
    made.__dict__.update(docker=Volumes("k-shared-old"), image="lab")
    made.course_volume = "k-shared-{course}"
    groups = [SimpleNamespace(name=name) for name in ("course-old-student", "course-new-instructor")]
    made.user = SimpleNamespace(name="ana", groups=groups)
    return made


def test_a_new_course_gets_its_folder_and_an_old_one_is_left_alone(lab):
    asyncio.run(lab.find_course_folders({}))
    assert lab.docker.there == {"k-shared-old", "k-shared-new"}
    assert lab.docker.calls.count("create_volume") == 1
    assert lab.docker.calls[-2:] == ["remove_container", "inspect_volume"]
    assert lab.volume_binds == {
        "k-home-ana": {"bind": "/home/student", "mode": "rw"},
        "k-shared-old": {"bind": "/srv/shared/old", "mode": "ro"},
        "k-shared-new": {"bind": "/srv/shared/new", "mode": "rw"},
    }


def test_a_lab_starts_without_a_folder_that_cannot_be_made(lab, caplog):
    lab.docker.trouble = requests.ConnectionError("no engine")
    asyncio.run(lab.find_course_folders({}))
    assert list(lab.volume_binds) == ["k-home-ana"]


def test_who_left_a_course_does_not_see_its_folder_at_the_next_start(lab):
    asyncio.run(lab.find_course_folders({}))
    lab.user.groups = []
    asyncio.run(lab.find_course_folders({}))
    assert list(lab.volume_binds) == ["k-home-ana"]
