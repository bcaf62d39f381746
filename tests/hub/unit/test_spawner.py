"""What the engine is asked for, and what is made of its answers; the engine itself is played."""

import asyncio
import threading
from datetime import datetime
from types import SimpleNamespace
from unittest import mock

import pytest
import requests
from docker import APIClient
from docker.errors import APIError, ImageNotFound, NotFound
from dockerspawner import DockerSpawner
from jupyterhub import orm
from jupyterhub.objects import Hub
from traitlets.config import Config

from lab_hub import engine, memory, messages, platform, spawner
from lab_hub.platform_spawner import PlatformSpawner
from lab_hub.queued_spawner import QueuedSpawner
from lab_hub.spawner import LabSpawner
from lab_hub.start_failures import StartFailed
from lab_hub.start_queue import StartQueue
from tests.hub.unit.test_config import run as run_config

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

RUNNING = {"Running": True, "ExitCode": 0, "OOMKilled": False, "Error": "", "FinishedAt": ""}


def ended(code=1, killed=False):
    return {**RUNNING, "Running": False, "ExitCode": code, "OOMKilled": killed}


def api_error(status, text="trouble"):
    response = requests.Response()
    response.status_code = status
    return APIError(text, response=response, explanation=text)


class Engine:
    """Answers like an engine with one container; records what it was asked."""

    def __init__(self):
        self.calls = []
        self.state = RUNNING
        self.fail = {}
        self.there = True

    def __call__(self, method, *args, **kwargs):
        self.calls.append((method, args, kwargs))
        if method in self.fail:
            raise self.fail[method]
        if method == "inspect_container":
            if not self.there:
                raise NotFound("no such container")
            return {"Id": "c0ffee", "State": self.state, "NetworkSettings": {"Networks": {"klass-labs": {"IPAddress": "10.0.0.9"}}}}
        if method == "inspect_image":
            return {"Config": {"Cmd": ["/start"]}}
        if method == "create_container":
            self.there = True
            return {"Id": "c0ffee"}
        if method == "remove_container":
            self.there = False
        return b"last words\n" if method == "logs" else None

    def asked(self, method):
        return [(args, kwargs) for name, args, kwargs in self.calls if name == method]


@pytest.fixture
def played(monkeypatch):
    made = Engine()
    # Its client asks for the engine's version as soon as it is made, and is kept for all spawners.
    monkeypatch.setattr(APIClient, "_retrieve_server_version", lambda self: "1.41")
    monkeypatch.setattr(LabSpawner, "_client", None)
    monkeypatch.setattr(QueuedSpawner, "_queue", None)
    monkeypatch.setattr(LabSpawner, "_docker", lambda self, *args, **kwargs: made(*args, **kwargs))
    monkeypatch.setattr(engine.ContainerEvents, "open", lambda self: None)
    monkeypatch.setattr(memory, "available", lambda: 64 << 30)
    return made


@pytest.fixture
def lab(monkeypatch, tmp_path, played):
    config: Config = run_config(monkeypatch, tmp_path, PROJECT="klass", LAB_MEMORY="2G", LAB_CPUS="1.5", LAB_PIDS="300")
    user = mock.Mock(url="/user/ana/", admin=False, settings={})
    user.orm_user.created = datetime(2026, 1, 2, 3, 4, 5, 678_901)
    user.name, user.groups = "ana", []
    server = orm.Server(proto="http", ip="10.0.0.9", port=1, cookie_name="c", base_url="/user/ana/")
    made = LabSpawner(config=config, user=user, orm_spawner=orm.Spawner(name="", server=server), hub=Hub(), api_token="own-token")
    monkeypatch.setattr(LabSpawner, "get_env", lambda self: {"JUPYTERHUB_API_TOKEN": "own-token"})
    monkeypatch.setattr(made, "get_args", lambda: [])
    return made


def created(lab, played):
    played.there = False
    asyncio.run(lab.create_object())
    ((_, kwargs),) = played.asked("create_container")
    return kwargs


def test_the_container_has_the_promised_posture(lab, played):
    kwargs = created(lab, played)
    host = kwargs["host_config"]
    assert host["CapDrop"] == ["ALL"] and "CapAdd" not in host and "Privileged" not in host
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert host["PidsLimit"] == 300 and host["Init"] is True
    assert host["Memory"] == host["MemorySwap"] == 2 << 30
    assert host["CpuQuota"] == 150_000
    # The client leaves out what is false.
    assert not host.get("AutoRemove")
    assert host["OomScoreAdj"] > 0
    assert host["LogConfig"]["Config"] == {"max-size": "5m", "max-file": "2"}
    assert kwargs["user"] == "1000:1000"
    assert kwargs["labels"] == {"dataflow.project": "klass", "dataflow.user": "ana", "dataflow.part": "lab"}


def test_nothing_of_the_machine_is_in_it(lab, played):
    """A named volume has no slash; a folder of the machine would."""
    kwargs = created(lab, played)
    assert kwargs["host_config"]["Binds"] == ["klass-home-ana:/home/student:rw"]
    assert not kwargs["host_config"].get("PortBindings") and not kwargs["host_config"].get("Mounts")
    assert "docker.sock" not in str(kwargs)


ZONE = "klass-landing-data:/srv/landing:ro"


def volumes(lab, played):
    """What a lab that was asked for has mounted."""
    played.calls.clear()
    asyncio.run(lab.ask_the_platform())
    return created(lab, played)["host_config"]["Binds"]


def test_the_landing_zone_is_seen_where_there_is_one_and_never_written(lab, played, monkeypatch):
    monkeypatch.setattr(LabSpawner, "get_env", PlatformSpawner.get_env)
    monkeypatch.setattr(DockerSpawner, "get_env", lambda self: {})
    monkeypatch.setattr(platform, "grant", mock.AsyncMock(return_value=platform.Granted()))
    assert ZONE in volumes(lab, played)
    assert played.asked("inspect_volume") == [(("klass-landing-data",), {})]
    assert lab.get_env() == {"LANDING_ZONE": "/srv/landing"}
    # The next start asks again: meanwhile the group's data were wiped.
    played.fail["inspect_volume"] = NotFound("no such volume")
    assert ZONE not in volumes(lab, played)
    assert lab.get_env() == {}


@pytest.mark.parametrize("error", [NotFound("no such volume"), api_error(500), requests.exceptions.ReadTimeout("slow")])
def test_no_landing_zone_stops_no_start_and_makes_no_volume(lab, played, monkeypatch, error):
    monkeypatch.setattr(platform, "grant", mock.AsyncMock(return_value=platform.Granted()))
    played.fail["inspect_volume"] = error
    assert volumes(lab, played) == ["klass-home-ana:/home/student:rw"]


def test_a_lab_by_itself_is_not_asked_about(lab, played):
    lab.platform_url = ""
    assert volumes(lab, played) == ["klass-home-ana:/home/student:rw"]
    assert not played.asked("inspect_volume")


def test_names_are_the_projects(lab):
    assert lab.container_name == "klass-lab-ana"
    assert lab.network_name == "klass-labs"


def start(lab, monkeypatch, code=200):
    class Client:
        async def fetch(self, url, **_):
            self.url = url
            return mock.Mock(code=code)

    monkeypatch.setattr(spawner, "AsyncHTTPClient", Client)
    monkeypatch.setattr(spawner, "_PROBE_SECONDS", 0)
    return asyncio.run(begin(lab))


async def begin(lab):
    """As the hub does it."""
    await lab.run_pre_spawn_hook()
    return await lab.start()


def test_a_start_returns_when_the_lab_answers(lab, played, monkeypatch):
    played.there = False
    assert start(lab, monkeypatch) == ("10.0.0.9", lab.port)
    said = [entry["what"] for entry in lab.timeline._entries]
    assert said[0].startswith("Lab image found") and said[-1].startswith("JupyterLab answers")
    assert not played.asked("pull"), "nothing is ever pulled"


def failed(lab, monkeypatch, code=599):
    with pytest.raises(StartFailed) as raised:
        start(lab, monkeypatch, code)
    assert raised.value.incident in raised.value.jupyterhub_message
    assert raised.value.incident in raised.value.log_message
    return raised.value


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [
        (ended(74), "home_full", "home folder cannot be written to"),
        (ended(137, killed=True), "killed_for_memory", "more than its 2 GiB of memory"),
        (ended(3), "exited", "exit code 3"),
    ],
)
def test_a_container_that_ends_says_why(lab, played, monkeypatch, state, kind, words):
    played.state = state
    failure = failed(lab, monkeypatch)
    assert failure.kind == kind and words in failure.jupyterhub_message
    assert "last words" in failure.log_message and "last words" not in failure.jupyterhub_message
    assert played.asked("remove_container"), "nothing is left behind"


@pytest.mark.parametrize(
    ("method", "error", "kind"),
    [
        ("inspect_image", ImageNotFound("no such image"), "image_missing"),
        ("create_container", api_error(404, "No such image: x"), "image_missing"),
        ("start", api_error(500, "mkdir: no space left on device"), "disk_full"),
        ("create_container", api_error(500, "something inside"), "engine_failed"),
        ("create_container", requests.exceptions.ConnectionError("gone"), "engine_failed"),
    ],
)
def test_an_engine_that_refuses_says_why(lab, played, monkeypatch, method, error, kind):
    played.there = False
    played.fail[method] = error
    assert failed(lab, monkeypatch).kind == kind


def test_a_start_that_the_machine_has_no_memory_for_is_not_begun(lab, played, monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 700 << 20)
    failure = failed(lab, monkeypatch)
    assert "700 MiB" in failure.jupyterhub_message and "2 GiB" in failure.jupyterhub_message
    assert not played.asked("create_container")


def test_a_lab_that_never_answers_is_given_up_in_time(lab, played, monkeypatch):
    lab.start_timeout = spawner._MARGIN_SECONDS
    monkeypatch.setattr(spawner, "_MARGIN_SECONDS", lab.start_timeout - 0.3)
    assert failed(lab, monkeypatch).kind == "timed_out"


def test_a_fault_of_our_own_is_not_dressed_up(lab, played, monkeypatch):
    played.fail["inspect_image"] = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        start(lab, monkeypatch)


# Running


def test_a_running_lab_runs(lab, played):
    lab.object_id = "c0ffee"
    assert asyncio.run(lab.poll()) is None
    assert played.there


def test_a_container_that_no_start_finished_is_removed(lab, played):
    """The hub fell while it was starting; the next start is not held up by it."""
    assert asyncio.run(lab.poll()) is not None
    assert not played.there


def test_a_container_of_a_start_in_progress_is_not(lab, played):
    lab._spawn_pending = True
    assert asyncio.run(lab.poll()) is None
    assert played.there


@pytest.mark.parametrize("error", [api_error(500), api_error(503), requests.exceptions.ReadTimeout("slow")])
def test_an_engine_in_trouble_ends_no_lab(lab, played, error):
    """Upstream takes a 500 for "gone"."""
    played.fail["inspect_container"] = error
    assert asyncio.run(lab.poll()) is None


def test_a_container_that_is_gone_has_ended(lab, played):
    played.there = False
    assert asyncio.run(lab.poll()) == 0


def test_a_lab_that_ended_by_itself_says_why_and_leaves_nothing(lab, played):
    played.state = ended(137, killed=True)
    assert "OOMKilled=True" in asyncio.run(lab.poll())
    assert "more than its 2 GiB of memory" in lab.ended_because
    assert not played.there


def test_calls_run_beside_each_other():
    """One slow call holds up nobody."""
    assert engine.executor()._max_workers > 4


def test_a_slow_end_holds_up_no_start():
    """Calls that wait for a container to end have threads of their own, however many they are."""
    assert engine.executor("stop") is engine.executor("remove_container") is not engine.executor("create_container")
    quiet, release = threading.Event(), threading.Event()
    slow = [engine.executor("stop").submit(release.wait, 20) for _ in range(40)]
    try:
        engine.executor("start").submit(quiet.set).result(5)
        assert quiet.is_set() and not slow[-1].done()
    finally:
        release.set()


# The queue


def waiting(lab, monkeypatch):
    """One start is under way; this lab's waits."""
    monkeypatch.setattr(QueuedSpawner, "_queue", StartQueue(1))
    return QueuedSpawner._queue.enter(lambda turn: None)


def test_its_own_time_begins_with_its_turn(lab, played, monkeypatch):
    """The hub calls `start`, and counts start_timeout, after this hook."""

    async def story():
        before = waiting(lab, monkeypatch)
        hook = asyncio.create_task(lab.run_pre_spawn_hook())
        await asyncio.sleep(0.2)
        assert not hook.done() and not played.asked("create_container")
        lab._spawn_pending = True
        entries = lab.progress()
        told = [await anext(entries), await anext(entries)]
        assert told[0]["message"].startswith("Lab image found")
        assert told[1] == {"progress": 2, "waiting": True, "message": messages.place(1, 1, 8)}
        lab.queue.leave(before, True)
        await asyncio.wait_for(hook, 5)
        assert (await anext(entries))["message"].startswith("It is your turn")
        lab.clear_state()
        assert not lab.queue.enter(lambda turn: None).waits, "the turn is given away"

    asyncio.run(story())


def test_a_start_that_is_cancelled_leaves_the_queue(lab, played, monkeypatch):
    async def story():
        before = waiting(lab, monkeypatch)
        hook = asyncio.create_task(lab.run_pre_spawn_hook())
        await asyncio.sleep(0.2)
        hook.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hook
        assert len(lab.queue) == 0
        lab.queue.leave(before)

    asyncio.run(story())


def test_an_image_that_is_missing_is_told_without_a_turn(lab, played, monkeypatch):
    played.fail["inspect_image"] = ImageNotFound("no such image")

    async def story():
        waiting(lab, monkeypatch)
        with pytest.raises(StartFailed) as raised:
            await asyncio.wait_for(lab.run_pre_spawn_hook(), 5)
        assert raised.value.kind == "image_missing" and len(lab.queue) == 0

    asyncio.run(story())


@pytest.mark.parametrize(("kind", "person"), [("user", True), ("service", False)])
def test_a_lab_that_a_service_asks_for_can_wait(lab, kind, person):
    lab.handler = mock.Mock()
    lab.handler.current_user.kind = kind
    assert lab._asked_by_a_person() is person


def test_a_grader_has_more_and_a_role_that_ended_has_not(lab, played):
    lab.limits_by_group = {"grader": {"memory": 4 << 30, "cpus": 4.0, "home": 0}}
    lab.user.groups = [SimpleNamespace(name="course-sql-grader")]
    lab.limit_by_groups()
    host = created(lab, played)["host_config"]
    assert (host["Memory"], host["MemorySwap"], host["CpuQuota"], host["PidsLimit"]) == (4 << 30, 4 << 30, 400_000, 300)
    assert lab.home_quota == 0
    lab.user.groups = []
    lab.limit_by_groups()
    played.calls.clear()
    host = created(lab, played)["host_config"]
    assert (host["Memory"], host["CpuQuota"], lab.home_quota) == (2 << 30, 150_000, 2 << 30)
