"""What is handed in of a folder, and what is said before anything is sent."""

import pytest

from exercises.runner import archive
from exercises.student import packing
from exercises.student.place import Fetched, Trouble, sha
from tests.exercises.student.samples import first_version, notebook

SMALL = archive.Limits(bytes=20_000, files=5)
NOTHING = Fetched()


@pytest.fixture
def folder(tmp_path):
    write(tmp_path, "notebook.ipynb", notebook(*first_version()))
    return tmp_path


def write(folder, name, content=b"x"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_only_the_students_work_is_packed(folder):
    for name in ("notes/mine.md", "helper.py"):
        write(folder, name)
    left = (".exercise/fetched.json", ".exercise/receipts/0001.json", ".ipynb_checkpoints/notebook-checkpoint.ipynb")
    caches = ("__pycache__/helper.pyc", "notes/.ipynb_checkpoints/x.md", ".git/config", "spark-warehouse/t/x", "metastore_db/log")
    for name in (*left, *caches, "derby.log", ".DS_Store", "old.pyc", ".~notebook.ipynb"):
        write(folder, name)
    assert set(packing.files(folder, NOTHING)) == {"notebook.ipynb", "notes/mine.md", "helper.py"}


def test_what_was_handed_out_and_not_changed_stays_at_home(folder):
    for name in ("data/a.csv", "data/b.csv"):
        write(folder, name, b"handed out")
    write(folder, "data/b.csv", b"changed")
    hashes = {"data/a.csv": sha(b"handed out"), "data/b.csv": sha(b"handed out")}
    hashes["notebook.ipynb"] = sha((folder / "notebook.ipynb").read_bytes())
    assert set(packing.files(folder, Fetched(1, hashes))) == {"notebook.ipynb", "data/b.csv"}


def test_too_large_names_the_largest(folder):
    write(folder, "small.csv", b"x")
    write(folder, "large.csv", bytes(30_000))
    with pytest.raises(Trouble, match=r"Move out what is not part of your work. The largest: large.csv \(0.0 MB\), notebook"):
        packing.files(folder, NOTHING, SMALL)


def test_data_that_was_handed_out_counts_only_where_it_was_changed(folder):
    write(folder, "mine.csv", bytes(8_000))
    write(folder, "data.csv", bytes(15_000))
    fetched = Fetched(1, {"data.csv": sha(bytes(15_000))})
    assert set(packing.files(folder, fetched, SMALL)) == {"notebook.ipynb", "mine.csv"}
    write(folder, "data.csv", bytes(15_001))
    with pytest.raises(Trouble, match="data.csv"):
        packing.files(folder, fetched, SMALL)


def test_too_many(folder):
    for number in range(5):
        write(folder, f"{number}.csv")
    with pytest.raises(Trouble, match="has 6 files; 5 can be handed in"):
        packing.files(folder, NOTHING, SMALL)


def test_links_and_names_that_the_service_refuses(folder):
    (folder / "link.csv").symlink_to("/etc/hostname")
    with pytest.raises(Trouble, match="link.csv is a link"):
        packing.files(folder, NOTHING)
    (folder / "link.csv").unlink()
    write(folder, "a\\b.csv")
    with pytest.raises(Trouble, match="cannot be handed in"):
        packing.files(folder, NOTHING)


def test_there_must_be_a_notebook(folder):
    write(folder, "notebook.ipynb", b'{"cells"')
    with pytest.raises(Trouble, match="is no notebook any more"):
        packing.files(folder, NOTHING)
    (folder / "notebook.ipynb").rename(folder / "mine.ipynb")
    with pytest.raises(Trouble, match="There is no notebook.ipynb"):
        packing.files(folder, NOTHING)


def test_what_is_packed_the_service_would_take(folder):
    write(folder, "notes/ünïcode and spaces.md", b"text")
    found = packing.files(folder, NOTHING)
    assert archive.unpack(archive.pack(found, compress=True)) == found
