"""Kafka's pages: the topics with what is in them, and one topic with its partitions, readers and last messages.

Invariant: the broker is asked as its administrator, so every name is checked against the viewer before anything of it is shown; a
student sees what begins with their own prefix and what is shared.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, HTTPException, Query, Request
from fastapi.responses import Response
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from lab_platform import pages
from lab_platform.consoles import kafka_messages as messages
from lab_platform.consoles import kafka_topics
from lab_platform.consoles.storage_places import human
from lab_platform.keys import kafka_admin
from lab_platform.keys import kafka_names as names
from lab_platform.viewer import Viewer, Viewing

EACH = 20

router = APIRouter()


def prepare(app: FastAPI) -> None:
    """Find out where the broker is."""
    app.state.kafka = kafka_admin.access(app.state.settings)


@router.get("/")
def overview(request: Request, viewer: Viewing) -> Response:
    """All topics and groups that the viewer may see."""
    own = names.prefix(viewer.name)
    with _asked(request) as admin:
        found = kafka_topics.topics(admin, _may_see(viewer))
        groups = kafka_topics.progress(admin, found, _may_see(viewer))
    said = messages.EVERYTHING if viewer.sees_everything else messages.OWN
    return pages.page(
        "kafka_topics.html", say=messages, size=human, about=said.format(own=own, shared=names.SHARED),
        topics=[(one, "topic?" + urlencode({"name": one.name})) for one in found], groups=groups,
    )


@router.get("/topic")
def topic(request: Request, viewer: Viewing, name: Annotated[str, Query(max_length=249)]) -> Response:
    """One topic."""
    if not _may_see(viewer)(name):
        raise HTTPException(403, messages.REFUSED.format(topic=name, own=names.prefix(viewer.name), shared=names.SHARED))
    with _asked(request) as admin:
        found = kafka_topics.topics(admin, lambda one: one == name)
        if not found:
            raise HTTPException(404, messages.NO_TOPIC.format(topic=name))
        groups = kafka_topics.progress(admin, found, _may_see(viewer))
        last = kafka_topics.last_messages(request.app.state.kafka, found[0], EACH)
    return pages.page("kafka_topic.html", say=messages, size=human, topic=found[0], groups=groups, last=last)


def _may_see(viewer: Viewer) -> Callable[[str], bool]:
    """Whether a person may see a topic or group of this name."""
    visible = (names.prefix(viewer.name), names.SHARED)
    return lambda name: viewer.sees_everything or name.startswith(visible)


@contextmanager
def _asked(request: Request) -> Iterator[KafkaAdminClient]:
    """A connection to the broker. Raises 503, in plain words, when it is not there or does not answer."""
    broker = request.app.state.kafka
    if not broker.running():
        raise HTTPException(503, messages.NOT_STARTED)
    try:
        with broker.admin() as admin:
            yield admin
    except KafkaError as error:
        raise HTTPException(503, messages.NOT_ANSWERING) from error
