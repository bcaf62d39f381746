"""The storage's pages, over the real storage: what each person sees, page by page."""

import re
import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from lab_platform.consoles import storage as console
from tests.platform.storage.conftest import client_of

pytestmark = pytest.mark.docker
DOOR = "the door's own secret"


@contextmanager
def served(server, buckets):
    """The pages on a free port of loopback; gives their address."""
    app = FastAPI()
    app.state.settings = SimpleNamespace(gateway_token=DOOR)
    app.state.storage, app.state.buckets = server.client(), tuple(buckets.split())
    app.include_router(console.router, prefix="/services/storage")
    runner = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=runner.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not runner.started:
        assert time.monotonic() < until, "the pages were not served within 20 s"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{runner.servers[0].sockets[0].getsockname()[1]}/services/storage/"
    runner.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def app(storage):
    with served(storage.server(), storage.settings["STORAGE_BUCKETS"]) as address:
        yield address


@pytest.fixture(scope="module")
def files(storage):
    root = storage.server().client()
    root.put_object(Bucket="bronze", Key="shared/prices.csv", Body=b"1;2")
    bob = client_of(storage, storage.keys().grant("bob"))
    bob.put_object(Bucket="bronze", Key="bob/secret", Body=b"secret")
    ana = client_of(storage, storage.keys().grant("ana"))
    for number in range(console.PAGE + 5):
        ana.put_object(Bucket="bronze", Key=f"ana/many/file-{number:04}", Body=b"x" * number)
    ana.put_object(Bucket="bronze", Key="ana/day=1/a <b> & ção.csv", Body=b"odd name")


class Person:
    """Somebody behind the front door, which names them in every request."""

    def __init__(self, app, name, role="student", door=DOOR):
        self.app, self.headers = app, {"X-Dataflow-User": name, "X-Dataflow-Role": role, "X-Dataflow-Door": door}

    def get(self, path, **options):
        return httpx.get(self.app + path, headers=self.headers, timeout=30, **options)


def links(page):
    return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', page.text)]


def browse(app, name, prefix, role="student", bucket="bronze"):
    return Person(app, name, role).get("browse", params={"bucket": bucket, "prefix": prefix})


def test_a_student_begins_with_their_own_folder_and_the_shared_one(app, files):
    page = Person(app, "ana").get("")
    assert page.status_code == 200
    shown = {parse_qs(urlsplit(link).query)["prefix"][0] for link in links(page) if link.startswith("browse")}
    assert shown == {"ana/", "shared/"}


def test_folders_files_sizes_and_a_download_with_an_odd_name(app, files):
    page = browse(app, "ana", "ana/day=1/")
    assert "a &lt;b&gt; &amp; ção.csv" in page.text and "8 bytes" in page.text
    link = next(link for link in links(page) if link.startswith("download"))
    answer = Person(app, "ana").get(link)
    assert answer.content == b"odd name"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''a%20%3Cb%3E%20%26%20%C3%A7%C3%A3o.csv"


def test_a_large_folder_is_shown_in_pages(app, files):
    page, seen = browse(app, "ana", "ana/many/"), []
    for _ in range(3):
        seen += re.findall(r">(file-\d{4})<", page.text)
        more = re.search(r'<a href="([^"]+)">more</a>', page.text)
        if more is None:
            break
        page = Person(app, "ana").get(more[1].replace("&amp;", "&"))
    assert seen == [f"file-{number:04}" for number in range(console.PAGE + 5)]


@pytest.mark.parametrize("prefix", ["", "bob/", "bob", "an", "ana", "sharedx/"])
def test_a_student_sees_nothing_of_others(app, files, prefix):
    page = browse(app, "ana", prefix)
    assert page.status_code == 403 and "secret" not in page.text


@pytest.mark.parametrize("prefix", ["ana/../bob/", "ana//bob/", "../x/", "ana/./"])
def test_a_path_with_two_meanings_is_none(app, files, prefix):
    assert browse(app, "ana", prefix).status_code == 404
    assert Person(app, "ana").get("download", params={"bucket": "bronze", "key": prefix + "secret"}).status_code == 404


def test_a_file_of_others_is_refused_and_one_that_is_not_there_is_named(app, files):
    ana = Person(app, "ana")
    assert ana.get("download", params={"bucket": "bronze", "key": "bob/secret"}).status_code == 403
    assert ana.get("download", params={"bucket": "bronze", "key": "shared/prices.csv"}).content == b"1;2"
    assert ana.get("download", params={"bucket": "bronze", "key": "ana/none"}).status_code == 404
    assert ana.get("browse", params={"bucket": "none", "prefix": "ana/"}).status_code == 404


def test_who_teaches_sees_everything(app, files):
    page = browse(app, "tom", "", "instructor")
    assert {"ana/", "bob/", "shared/"} <= set(re.findall(r">([^<]+/)</a>", page.text))


def test_nobody_comes_past_the_door(app, files):
    assert Person(app, "tom", "instructor", door="guessed").get("").status_code == 403
    assert httpx.get(app + "browse?bucket=bronze&prefix=bob/").status_code == 403


def test_without_the_storage_the_page_says_how_it_is_started(storage):
    server = storage.server()
    stopped = type(server)("http://127.0.0.1:9", "", server.region, server.key, server.secret)
    with served(stopped, storage.settings["STORAGE_BUCKETS"]) as address:
        page = Person(address, "ana").get("")
        assert page.status_code == 503 and "make start GROUPS=core" in page.text
