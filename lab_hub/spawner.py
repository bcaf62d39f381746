"""A student's lab: one container from the lab image, as limited and as alone as the class was promised.

Invariant: `start` returns only when JupyterLab answers, and otherwise raises StartFailed with a plain reason within seconds of the
cause. Waiting for a turn is in queued_spawner, how a lab ends in ending_spawner.
"""

import asyncio
import contextlib

from docker.errors import NotFound
from docker.types import LogConfig
from jupyterhub.utils import url_path_join
from tornado.httpclient import AsyncHTTPClient
from traitlets import Integer, Unicode

from lab_hub import engine, memory, messages, start_failures
from lab_hub.course_folders import CourseFolderSpawner
from lab_hub.ending_spawner import EndingSpawner
from lab_hub.labels import LABEL_PART, LABEL_PROJECT, LABEL_USER
from lab_hub.platform_spawner import PlatformSpawner
from lab_hub.queued_spawner import QueuedSpawner
from lab_hub.start_failures import StartFailed

HOME = "/home/student"
USER = "1000:1000"

# Room for the hub's own deadline (start_timeout) to be the later one, so that the reason is ours.
_MARGIN_SECONDS = 5
_PROBE_SECONDS = 0.15
# The engine tells when the container ends; it is asked only in case that it did not.
_LOOK_SECONDS = 1.0

_PERCENT = {"image": 15, "platform": 25, "create": 35, "start": 50, "await": 60, "answer": 95}
_EVENTS = {
    "create": (_PERCENT["create"], messages.CONTAINER_CREATED),
    "start": (_PERCENT["start"], messages.CONTAINER_STARTED),
}


class LabSpawner(QueuedSpawner, EndingSpawner, PlatformSpawner, CourseFolderSpawner):
    """DockerSpawner with one posture, a queue, honest progress and plain reasons."""

    project = Unicode(config=True, help="The class this lab belongs to.")
    activity_seconds = Integer(300, config=True, help="How often the lab reports its activity to the hub.")

    # The engine said that the container of this start has ended.
    _died = False

    # The container

    def get_env(self) -> dict[str, str]:
        env = super().get_env()
        env["JUPYTERHUB_ACTIVITY_INTERVAL"] = str(self.activity_seconds)
        return env

    async def create_object(self):
        self.extra_create_kwargs = {"user": USER, "hostname": "lab", "labels": self.labels()}
        self.extra_host_config = self.posture()
        return await super().create_object()

    def labels(self) -> dict[str, str]:
        """What tells a lab from other containers of the machine."""
        return {LABEL_PROJECT: self.project, LABEL_USER: self.user.name, LABEL_PART: "lab"}

    def posture(self) -> dict:
        """What a lab may not do, and what it may use."""
        return {
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges:true"],
            "pids_limit": self.pids_limit,
            # Equal to the memory limit: no swap, a lab that needs more is told so instead of slowing all others down.
            "memswap_limit": self.mem_limit,
            # If the machine itself runs out, labs go before the hub.
            "oom_score_adj": 500,
            "init": True,
            "log_config": LogConfig(type="json-file", config={"max-size": "5m", "max-file": "2"}),
            # The container is kept until its exit status and last lines are read; `stop` and `poll` remove it.
            "auto_remove": False,
        }

    # Starting

    async def refuse_at_once(self) -> None:
        await self.docker("inspect_image", self.image)
        self.timeline.mark(_PERCENT["image"], messages.IMAGE_FOUND)

    async def start(self):
        seconds = self.start_timeout - _MARGIN_SECONDS
        answered = False
        try:
            async with self.explained(seconds), asyncio.timeout(seconds):
                address = await self._start()
                answered = True
                return address
        finally:
            self.give_turn_away(answered)
            self.timeline.close()

    @contextlib.asynccontextmanager
    async def explained(self, seconds: float = 0):
        """Turn whatever ends a start into a StartFailed with a plain reason; log all that is known, leave nothing behind."""
        try:
            yield
            return
        except StartFailed as failure:
            failed = failure
        except TimeoutError:
            failed = StartFailed(start_failures.timed_out(seconds), await self.last_lines())
        except Exception as error:
            reason = start_failures.engine_error(error, self.image)
            if reason is None:
                raise
            failed = StartFailed(reason, str(error))
        self.log.error("Lab of %s not started after %.1f s: %s", self._log_name, self.timeline.seconds, failed.log_message)
        await self._remove_what_is_left()
        raise failed

    async def _start(self):
        self.stop_asked_by = None
        if self.ended_because:
            self.timeline.say(messages.LAST_TIME.format(what=self.ended_because))
            self.ended_because = ""
        self.limit_by_groups()
        self._refuse_without_memory()
        if told := await self.ask_the_platform():
            self.timeline.mark(_PERCENT["platform"], told)
        await self.find_course_folders({LABEL_PROJECT: self.project, LABEL_PART: "shared"})
        self._died = False
        async with self._events():
            address = await super().start()
            # Said by the engine's events, unless they could not be followed.
            self._on_event("create")
            self._on_event("start")
            self.timeline.mark(_PERCENT["await"], messages.SERVER_AWAITED)
            await self._until_it_answers(*address)
        self.timeline.mark(_PERCENT["answer"], messages.SERVER_ANSWERS)
        return address

    def _refuse_without_memory(self) -> None:
        available = memory.available()
        if available is not None and available < self.mem_limit:
            raise StartFailed(start_failures.no_memory(available, self.mem_limit))

    @contextlib.asynccontextmanager
    async def _events(self):
        """Follow the engine's events of this container; a start without them is still a start."""
        loop = asyncio.get_running_loop()
        events = engine.ContainerEvents(self.container_name, lambda word: loop.call_soon_threadsafe(self._on_event, word))
        try:
            await loop.run_in_executor(engine.executor(), events.open)
        except engine.UNREACHABLE as error:
            self.log.warning("No progress events for %s: %s", self._log_name, error)
        try:
            yield
        finally:
            events.close()

    def _on_event(self, word: str) -> None:
        self._died = self._died or word == "die"
        if word in _EVENTS:
            self.timeline.mark(*_EVENTS[word])

    async def _until_it_answers(self, ip: str, port: int) -> None:
        """Return when the lab answers; raise StartFailed when its container has ended first."""
        url = url_path_join(f"http://{ip}:{port}", self.server.base_url, "api")
        probe = AsyncHTTPClient()
        looked = -_LOOK_SECONDS
        while True:
            with contextlib.suppress(Exception):
                # Anything that is no answer is no answer; the container's state below tells whether to go on.
                answer = await probe.fetch(url, connect_timeout=1, request_timeout=5, raise_error=False)
                # 599 is the client's own word for "no connection".
                if answer.code < 500:
                    return
            if not self._died and self.timeline.seconds - looked < _LOOK_SECONDS:
                await asyncio.sleep(_PROBE_SECONDS)
                continue
            looked = self.timeline.seconds
            state = await self._state()
            if state is not None and not state.get("Running", False):
                reason = start_failures.exited(state, self.mem_limit)
                raise StartFailed(reason, await self.last_lines())
            await asyncio.sleep(_PROBE_SECONDS)

    async def _state(self) -> dict | None:
        """Return the container's state; a container that is gone has ended; None when the engine cannot tell."""
        try:
            return (await self.docker("inspect_container", self.container_id or self.container_name))["State"]
        except NotFound:
            return {"Running": False, "ExitCode": None}
        except Exception as error:
            if engine.cannot_tell(error):
                return None
            raise


def lab_ready(spawner: LabSpawner, event: dict) -> dict:
    """The last line of the spawn page, instead of the address."""
    seconds = spawner.timeline.seconds if spawner.timeline else 0.0
    message = messages.WITH_SECONDS.format(what=messages.LAB_READY, seconds=seconds)
    return {**event, "message": message, "html_message": message}
