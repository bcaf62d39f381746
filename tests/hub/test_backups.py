"""`make backup TO=... HOMES=1`, `make restore FROM=...`: what a disk took comes back, and a damaged backup changes nothing."""

import os
import shutil
import stat
from pathlib import Path

import pytest

from tests.helpers.hub_client import Lab, log_in
from tests.helpers.stack import StackError
from tests.hub.conftest import OWN_PASSWORD, docker

pytestmark = pytest.mark.docker

COURSE = "kept1"
STORED = "/srv/exercises/store/ab/cd/abcd"
MEANWHILE = "/srv/exercises/store/meanwhile"


def written(lab: Lab, path: str, text: str) -> None:
    body = {"type": "file", "format": "text", "content": text}
    assert lab.request("PUT", f"api/contents/{path}", json=body).status_code in (200, 201)


def read(lab: Lab, path: str) -> str:
    return lab.request("GET", f"api/contents/{path}?type=file&format=text&content=1").json()["content"]


@pytest.fixture(scope="module")
def rui(stack, enrol):
    person = enrol("rui")
    stack.script("member", COURSE, person.name, "instructor")
    yield person
    person.stop()


@pytest.fixture(scope="module")
def backup(stack, rui, tmp_path_factory):
    """One with somebody's work in it, whose lab ran and for whom something was submitted meanwhile; and what the command said."""
    exercises = f"{stack.project}-exercises"
    docker("exec", exercises, "sh", "-c", f"mkdir -p {STORED.rpartition('/')[0]} && printf submitted > {STORED}")
    docker("exec", exercises, "sh", "-c", f"mkdir -p {MEANWHILE} && head -c 60000000 /dev/urandom > {MEANWHILE}/large")
    docker("exec", "--detach", exercises, "sh", "-c", f"while date > {MEANWHILE}/$(date +%N); do sleep 0.02; done 2> /dev/null")
    lab = rui.start()
    written(lab, "thesis.txt", "years of work")
    written(lab, f"shared/{COURSE}/handout.txt", "for all")
    to = tmp_path_factory.mktemp("other disk")
    try:
        said = stack.script("backup", str(to), "1")
    finally:
        # Without its folder, whatever writes there ends too.
        docker("exec", exercises, "sh", "-c", f"mv {MEANWHILE} {MEANWHILE}.gone && rm -r {MEANWHILE}.gone")
    (made,) = to.iterdir()
    return made, said


def test_a_backup_has_everything_and_is_its_owners_alone(stack, rui, backup):
    made, said = backup
    names = {str(path.relative_to(made)) for path in made.rglob("*") if path.is_file()}
    assert {"SHA256SUMS", "versions.env", "secrets.tar", "exercises.tar.gz"} <= names
    assert {f"homes/{rui.name}.tar.gz", f"shared/{COURSE}.tar.gz"} <= names
    assert sorted(name.split("-")[0] for name in names if name.startswith("data")) == ["databases/exercises", "databases/hub"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in [made, *made.rglob("*")]} <= {0o600, 0o700}
    assert len((made / "SHA256SUMS").read_text().splitlines()) == len(names) - 1
    assert rui.name in said.partition("labs were running: ")[2]


def test_without_the_hub_there_is_no_backup_that_has_no_homes(stack, tmp_path):
    docker("pause", f"{stack.project}-hub")
    try:
        with pytest.raises(StackError, match="could not say which homes there are, so nothing was copied"):
            stack.script("backup", str(tmp_path), "1")
    finally:
        docker("unpause", f"{stack.project}-hub")
    assert list(tmp_path.iterdir()) == []


def test_what_a_restore_left_half_is_removed_and_nobody_elses_home(stack, rui, backup):
    """The hub, or the machine, went away while a home was brought back: its container is what is left of that."""
    half, read = f"{stack.project}-home-half", f"{stack.project}-home-{rui.name}"
    labels = {"restored": half, "archive": read}
    image = docker("inspect", "--format", "{{.Config.Image}}", f"{stack.project}-lab-{rui.name}")
    for part, volume in labels.items():
        docker("create", "--label", f"dataflow.project={stack.project}", "--label", f"dataflow.part={part}", "--name",
               f"{stack.project}-left-{part}", "--volume", f"{volume}:/home/student", image)
    try:
        ask = ("exec", f"{stack.project}-hub", "python", "-m", "lab_hub.volume_copies", "forget-halves")
        docker("create", "--name", f"{stack.project}-using", "--volume", f"{half}:/home/student", image)
        with pytest.raises(AssertionError, match=f"{half} is only half restored, and a lab uses it"):
            docker(*ask)
        docker("rm", f"{stack.project}-using")
        assert docker(*ask) == f"the volume {half} was only half restored, and is removed"
        assert docker("volume", "ls", "--quiet", "--filter", f"name={half}") == ""
        assert docker("ps", "--all", "--quiet", "--filter", f"name={stack.project}-left-restored") == ""
        assert docker("volume", "ls", "--quiet", "--filter", f"name={read}") == read
        assert docker(*ask) == ""
    finally:
        docker("rm", "--force", *(f"{stack.project}-left-{part}" for part in labels), f"{stack.project}-using")
        docker("volume", "rm", "--force", half)


def test_a_copy_and_what_comes_back_of_it_have_nothing_of_the_image(stack):
    """A new volume begins with what the image has where it is mounted: that must be nothing."""
    hub, image = f"{stack.project}-hub", docker("inspect", "--format", "{{.Config.Image}}", f"{stack.project}-hub")
    volumes = [f"{stack.project}-shared-{name}" for name in ("void", "again")]
    docker("volume", "create", volumes[0])
    try:
        ask = "python -m lab_hub.volume_copies"
        docker("exec", hub, "sh", "-c", f"{ask} out shared void > /tmp/void && {ask} in shared again < /tmp/void; rm /tmp/void")
        for volume in volumes:
            look = ("run", "--rm", "--user", "0", "--volume", f"{volume}:/x:ro", "--entrypoint", "sh", image, "-c")
            assert docker(*look, "ls -A /x; stat -c %u /x") == "1000"
    finally:
        docker("volume", "rm", "--force", *volumes)


def test_one_home_alone_comes_back_from_a_backup(stack, rui, backup):
    """By the path of its file: the hub has no way to it, and its own folder is not the operator's to fill by hand."""
    made, _ = backup
    home = str(made / "homes" / f"{rui.name}.tar.gz")
    name = f"tom{os.urandom(3).hex()}"
    said = stack.script("user", name, "", "", "", "", "", home)
    assert f"{name} can log in now, with the home from" in said
    found = docker("run", "--rm", "--user", "0", "--volume", f"{stack.project}-home-{name}:/home:ro", "--entrypoint", "cat",
                   docker("inspect", "--format", "{{.Config.Image}}", f"{stack.project}-hub"), "/home/thesis.txt")
    assert found == "years of work"
    assert [path.name for path in (stack.state / "archives").iterdir() if path.name == Path(home).name] == []


def test_a_damaged_backup_changes_nothing(stack, rui, backup, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(backup[0], broken)
    with (broken / "homes" / f"{rui.name}.tar.gz").open("r+b") as file:
        file.seek(100)
        file.write(b"\0\0\0\0")
    began = docker("inspect", "--format", "{{.State.StartedAt}}", f"{stack.project}-hub")
    with pytest.raises(StackError, match=f"homes/{rui.name}.tar.gz(.|\n)*nothing was restored"):
        stack.script("restore", "", str(broken), "1")
    shutil.copy(backup[0] / "homes" / f"{rui.name}.tar.gz", broken / "homes")
    shutil.copy(backup[0] / "secrets.tar", broken / "homes" / "root.tar.gz")
    with pytest.raises(StackError, match="not of this backup: ./homes/root.tar.gz(.|\n)*nothing was restored"):
        stack.script("restore", "", str(broken), "1")
    assert docker("inspect", "--format", "{{.State.StartedAt}}", f"{stack.project}-hub") == began


@pytest.mark.skipif(not os.environ.get("DATAFLOW_TEST_FULL"), reason="hub and exercises start again, 50 s: DATAFLOW_TEST_FULL=1")
def test_what_a_disk_took_comes_back_and_what_is_there_is_left_alone(stack, rui, backup, enrol):
    made, _ = backup
    newer = enrol("sol")
    rui.stop()
    docker("volume", "rm", f"{stack.project}-home-{rui.name}")
    docker("exec", f"{stack.project}-exercises", "rm", STORED)
    said = stack.script("restore", "", str(made), "1", seconds=400)
    assert f"shared-{COURSE}" in said.partition("left alone")[2]
    assert docker("exec", f"{stack.project}-exercises", "cat", STORED) == "submitted"
    again = log_in(stack.url, rui.name, OWN_PASSWORD)
    lab = again.start()
    assert read(lab, "thesis.txt") == "years of work"
    assert read(lab, f"shared/{COURSE}/handout.txt") == "for all"
    written(lab, "thesis.txt", "more of it")
    with pytest.raises(AssertionError, match="could not log in"):
        log_in(stack.url, newer.name, OWN_PASSWORD)


def test_what_is_no_folder_or_no_backup_is_refused(stack, tmp_path):
    for words, reason in ((("backup", str(tmp_path / "none"), ""), "no folder that can be written to"),
                          (("backup", "", "1"), "Homes go to another disk"),
                          (("restore", "", str(tmp_path), ""), "is no backup of a class"),
                          (("restore", "hub-x", str(tmp_path), ""), "Give one of them")):
        with pytest.raises(StackError, match=reason):
            stack.script(*words)
