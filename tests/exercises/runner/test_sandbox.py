"""What a run left is taken whoever else keeps the engine busy: its trouble is never told as the run's."""

import pytest
from docker.errors import APIError

from exercises.runner.limits import Limits, SandboxError
from exercises.runner.sandbox import FREEZE_TRIES, Box, Sandbox

pytestmark = [pytest.mark.docker, pytest.mark.timeout(120)]

OWNER = "dataflow-test-sandbox"
LEAVE = ["sh", "-c", "echo kept > /out/left"]


@pytest.fixture
def box(lab_image):
    sandbox = Sandbox(lab_image, owner=OWNER)
    sandbox.sweep()
    made = sandbox.open(Limits(seconds=30))
    yield made
    made.close()
    sandbox.sweep()


class Unwilling:
    """An engine call that fails as often as it is told to, in the engine's words, and then is the real one."""

    def __init__(self, call, times: int) -> None:
        self.call, self.times, self.asked = call, times, 0

    def __call__(self, *arguments, **options):
        self.asked += 1
        if self.asked <= self.times:
            raise APIError("Cannot pause container: OCI runtime pause failed: unable to freeze: unknown")
        return self.call(*arguments, **options)


def test_a_container_that_cannot_be_frozen_at_once_is_frozen_a_little_later(box: Box):
    box._api.pause = unwilling = Unwilling(box._api.pause, 2)
    box.start(LEAVE)
    run = box.finish()
    assert unwilling.asked == 3
    assert (run.exit_code, run.refused, dict(run.files)) == (0, None, {"left": b"kept\n"})


def test_what_forks_without_end_is_held_still_by_taking_its_room_for_more(box: Box):
    refused = Unwilling(box._api.pause, 1)

    def pause(identity):
        answer = refused(identity)
        assert box._api.inspect_container(identity)["HostConfig"]["PidsLimit"] == 1
        return answer

    box._api.pause = pause
    box.start(["sh", "-c", "echo kept > /out/left; (while :; do sleep 0.05 & done) > /dev/null 2>&1 & sleep 0.5"])
    run = box.finish()
    assert (refused.asked, run.refused, run.files["left"]) == (2, None, b"kept\n")


@pytest.mark.parametrize("call", ["pause", "get_archive"])
def test_an_engine_that_does_not_hand_out_what_was_left_is_our_fault(box: Box, call, monkeypatch):
    monkeypatch.setattr("exercises.runner.sandbox.FREEZE_SECONDS", 0.01)
    monkeypatch.setattr(box._api, call, Unwilling(getattr(box._api, call), FREEZE_TRIES))
    box.start(LEAVE)
    with pytest.raises(SandboxError, match="unable to freeze"):
        box.finish()


def test_a_container_that_has_ended_itself_is_the_run_that_ended(box: Box):
    # Its first process passes the signal on to its child, and ends with it.
    box.start(["sh", "-c", "echo kept > /out/left; kill -TERM 1; sleep 20"])
    run = box.finish()
    assert (run.exit_code, dict(run.files)) == (137, {})


def test_what_is_refused_at_its_beginning_is_not_read_to_its_end(box: Box):
    """Nor is the engine asked about a container whose archive it is still handing out, for which it would not answer."""
    long = "d=$(printf 'a%.0s' $(seq 200)); mkdir -p /out/$d/$d; echo > /out/$d/$d/x; head -c 60000000 /dev/zero > /out/z"
    box.start(["bash", "-c", long])
    run = box.finish()
    assert (run.exit_code, dict(run.files)) == (0, {}) and "is longer than 400 characters" in run.refused
