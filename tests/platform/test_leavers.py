"""Accounts that are removed while the storage and Kafka are off: their keys go when the services return, and nobody else's do."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.helpers import hub_client
from tests.helpers.stack import Stack
from tests.platform.conftest import OWN_PASSWORD, START_SECONDS

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]
# A look every five seconds, and the time that a service needs to answer its administrator.
NOTICED_SECONDS = 60
# In the platform's container: its own way to the services, and what a lab's keys are good for.
BEFORE = """
import json, sys
import botocore.session
from botocore.exceptions import ClientError
from lab_platform import settings
from lab_platform.keys import api
keys = api.all_keys(settings.read())
def listed(environment, user):
    client = botocore.session.Session().create_client(
        "s3", endpoint_url=environment["AWS_ENDPOINT_URL"], region_name=environment["AWS_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"], aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"])
    try:
        return client.list_objects_v2(Bucket="bronze", Prefix=user + "/")["KeyCount"]
    except ClientError as error:
        return error.response["Error"]["Code"]
def holders():
    return {name: sorted(keys[name].users()) for name in ("storage", "kafka")}
"""


def inside(stack: Stack, code: str, *arguments: str):
    command = ["docker", "exec", "--interactive", f"{stack.project}-platform", "python", "-", *arguments]
    done = subprocess.run(command, input=BEFORE + code, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def grant(stack: Stack, user: str) -> dict[str, str]:
    code = "print(json.dumps({k: v for name in ('storage', 'kafka') for k, v in keys[name].grant(sys.argv[1]).items()}))"
    return inside(stack, code, user)


def listed(stack: Stack, environment: dict[str, str], user: str):
    return inside(stack, "print(json.dumps(listed(json.loads(sys.argv[1]), sys.argv[2])))", json.dumps(environment), user)


def holders(stack: Stack) -> dict[str, list[str]]:
    return inside(stack, "print(json.dumps(holders()))")


def platform_log(stack: Stack) -> str:
    return subprocess.run(["docker", "logs", f"{stack.project}-platform"], capture_output=True, text=True).stderr


def wait_until(stack: Stack, what: str, holds: Callable[[], bool]) -> None:
    until = time.monotonic() + NOTICED_SECONDS
    while not holds():
        assert time.monotonic() < until, f"not within {NOTICED_SECONDS} s: {what}\n{holders(stack)}\n{platform_log(stack)[-3000:]}"
        time.sleep(1)


@contextmanager
def silent_hub(stack: Stack) -> Iterator[None]:
    """The hub is there, and does not answer."""
    hub = f"{stack.project}-hub"
    subprocess.run(["docker", "pause", hub], check=True, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        subprocess.run(["docker", "unpause", hub], check=True, stdout=subprocess.DEVNULL)


def test_whoever_left_while_the_services_were_off_loses_their_keys_when_these_return(stack: Stack, enrol, operator):
    leaver, stayer = enrol("leaves"), enrol("stays")
    keys = {person: grant(stack, person.name) for person in (leaver, stayer)}
    assert [listed(stack, environment, person.name) for person, environment in keys.items()] == [0, 0]
    stack.script("stop", "core")
    try:
        assert operator.api("DELETE", f"users/{leaver.name}").status_code == 204
        with silent_hub(stack):
            stack.script("start", "core", seconds=START_SECONDS)
            for service in ("storage", "kafka"):
                told = f"the keys of {service} could not be compared"
                wait_until(stack, f"its log says {told!r}", lambda told=told: told in platform_log(stack))
            assert all({leaver.name, stayer.name} <= set(found) for found in holders(stack).values())
    finally:
        stack.script("start", "core", seconds=START_SECONDS)
    wait_until(stack, "the leaver's keys are gone", lambda: not any(leaver.name in found for found in holders(stack).values()))
    assert listed(stack, keys[leaver], leaver.name) == "InvalidAccessKeyId"
    assert all(stayer.name in found for found in holders(stack).values())
    assert listed(stack, keys[stayer], stayer.name) == 0


def test_whoever_has_a_name_that_somebody_had_before_does_not_share_their_keys(stack: Stack, enrol, operator):
    first = enrol("twice")
    old = grant(stack, first.name)
    stack.script("stop", "core")
    try:
        assert operator.api("DELETE", f"users/{first.name}").status_code == 204
        password = stack.user(first.name)
    finally:
        stack.script("start", "core", seconds=START_SECONDS)
    second = hub_client.log_in(stack.url, first.name, password, OWN_PASSWORD)
    kernel = second.start().kernel()
    try:
        new = json.loads(kernel.run("import json, os; print(json.dumps(dict(os.environ)))").ok().text.strip().splitlines()[-1])
    finally:
        kernel.close()
        second.stop()
    assert listed(stack, new, second.name) == 0
    assert new["AWS_ACCESS_KEY_ID"] != old["AWS_ACCESS_KEY_ID"]
    assert listed(stack, old, second.name) == "InvalidAccessKeyId"
