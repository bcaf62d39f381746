"""Homes and courses' folders for a backup: which volumes they are, and what of an archive is believed."""

import gzip
import io
import subprocess
import sys
import tarfile

import pytest

from lab_hub import volume_tar
from lab_hub.volume_copies import Volumes, parser
from lab_hub.volume_tar import ArchiveError

PLAIN = (("./", tarfile.DIRTYPE), ("./thesis.txt", tarfile.REGTYPE), ("./way", tarfile.SYMTYPE), ("./pipe", tarfile.FIFOTYPE))


def archive(*members: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        for name, kind in members:
            one = tarfile.TarInfo(name)
            one.type, one.linkname = kind, "/etc/passwd" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            one.size = 700 if kind == tarfile.REGTYPE else 0
            tar.addfile(one, io.BytesIO(bytes(700)) if one.size else None)
    return made.getvalue()


@pytest.mark.parametrize("own", ["../x", "", "-x", "a/b", "Ana", "a b", "a\n"])
@pytest.mark.parametrize("kind", ["home", "shared"])
def test_a_name_leads_to_no_other_volume(kind, own):
    with pytest.raises(ArchiveError, match="is no home and no course's folder"):
        Volumes("dataflow", "image").name(kind, own)


def test_a_volume_is_called_as_the_spawner_calls_it():
    volumes = Volumes("dataflow", "image")
    assert volumes.name("home", "ana-2eb") == "dataflow-home-ana-2eb"
    assert volumes.name("shared", "spark1") == "dataflow-shared-spark1"
    with pytest.raises(ArchiveError):
        volumes.name("hub", "data")


def test_a_home_has_files_folders_links_and_pipes():
    volume_tar.check(io.BytesIO(archive(*PLAIN)))


@pytest.mark.parametrize(
    "member",
    [
        ("../outside", tarfile.REGTYPE),
        ("./a/../../outside", tarfile.REGTYPE),
        ("/etc/passwd", tarfile.REGTYPE),
        ("./disk", tarfile.BLKTYPE),
        ("./memory", tarfile.CHRTYPE),
    ],
)
def test_what_no_home_contains_is_refused_wherever_it_is(member):
    with pytest.raises(ArchiveError):
        volume_tar.check(io.BytesIO(archive(*PLAIN, member)))


@pytest.mark.parametrize("damage", [lambda whole: whole[:1500], lambda whole: b"", lambda whole: b"no archive" * 100])
def test_what_is_no_whole_archive_is_refused(damage):
    with pytest.raises((tarfile.TarError, EOFError, OSError)):
        volume_tar.check(io.BytesIO(damage(gzip.compress(gzip.decompress(archive(*PLAIN)), 0))))


def test_a_class_of_homes_does_not_wait_for_the_hubs_parts():
    """They are loaded in seconds, and a backup begins a process for each home."""
    ask = "import sys, lab_hub.volume_copies; print([name for name in ('jupyterhub', 'sqlalchemy') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_command_line_says_what_it_knows(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["out", "hub", "data"])
    assert "invalid choice: 'hub'" in capsys.readouterr().err
