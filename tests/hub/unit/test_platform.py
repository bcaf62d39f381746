"""What is asked of the platform's service, and what a lab becomes when it does not answer."""

import asyncio
import json
from datetime import datetime

import pytest

from lab_hub import messages, platform
from tests.hub.unit.test_spawner import lab, played, start  # noqa: F401


class Service:
    """Answers like the platform's service; records what it was asked."""

    def __init__(self, status=200, body=b'{"environment": {"LAKEHOUSE_ROOT": "s3a://x"}, "missing": ["kafka"]}', error=None):
        self.status, self.body, self.error, self.asked = status, body, error, []

    async def __call__(self, method, path):
        self.asked.append((method, path))
        if self.error:
            raise self.error
        return self.status, self.body


def test_keys_become_the_labs_environment():
    service = Service()
    granted = asyncio.run(platform.grant(service, "ana"))
    assert granted == platform.Granted({"LAKEHOUSE_ROOT": "s3a://x"}, ("kafka",))
    assert service.asked == [("POST", "/keys/ana")]


def test_keys_of_whoever_had_the_name_before_are_told_by_when_the_account_was_made():
    service = Service()
    asyncio.run(platform.grant(service, "ana", datetime(2026, 1, 2, 3, 4, 5, 678_901)))
    assert service.asked == [("POST", "/keys/ana?since=1767323045")]


def test_a_name_is_one_part_of_the_path():
    service = Service()
    asyncio.run(platform.grant(service, "ana/../../bruno?x"))
    assert service.asked == [("POST", "/keys/ana%2F..%2F..%2Fbruno%3Fx")]


@pytest.mark.parametrize(
    ("service", "reason"),
    [
        (Service(status=503, body=b"storage is not there"), "HTTP 503: storage is not there"),
        (Service(body=b"<html>"), "JSONDecodeError"),
        (Service(body=b"[]"), "TypeError"),
        (Service(body=json.dumps({"environment": {}}).encode()), "KeyError"),
        (Service(error=ConnectionRefusedError("nobody there")), "nobody there"),
    ],
)
def test_whatever_else_it_answers_is_a_reason(service, reason):
    with pytest.raises(platform.PlatformSilent, match=reason):
        asyncio.run(platform.grant(service, "ana"))


def test_revoking_what_is_gone_already_is_fine_and_a_refusal_is_not():
    asyncio.run(platform.revoke(Service(status=204, body=b""), "ana"))
    with pytest.raises(platform.PlatformSilent, match="HTTP 500"):
        asyncio.run(platform.revoke(Service(status=500), "ana"))


def said(made):
    return [entry["what"] for entry in made.timeline._entries]


def test_a_lab_is_told_that_it_works_on_the_platform(lab, played, monkeypatch):  # noqa: F811
    played.there = False
    lab.platform_url = "http://platform:1"
    monkeypatch.setattr(platform, "asker", lambda url, token: Service())
    start(lab, monkeypatch)
    assert any(text.startswith(messages.PLATFORM_GRANTED) for text in said(lab))
    assert lab.granted.environment == {"LAKEHOUSE_ROOT": "s3a://x"}


def test_a_silent_platform_stops_no_start_and_is_told(lab, played, monkeypatch):  # noqa: F811
    played.there = False
    lab.platform_url = "http://platform:1"
    lab.granted = platform.Granted({"LAKEHOUSE_ROOT": "s3a://old"})
    monkeypatch.setattr(platform, "asker", lambda url, token: Service(error=OSError("down")))
    assert start(lab, monkeypatch) == ("10.0.0.9", lab.port)
    assert any(text.startswith(messages.PLATFORM_SILENT) for text in said(lab))
    assert lab.granted.environment == {}, "keys of the start before are not used again"


def test_a_class_without_groups_hears_nothing_of_it(lab, played, monkeypatch):  # noqa: F811
    played.there = False
    lab.platform_url = "http://platform:1"
    monkeypatch.setattr(platform, "asker", lambda url, token: Service(body=b'{"environment": {}, "missing": ["kafka", "storage"]}'))
    start(lab, monkeypatch)
    assert not [text for text in said(lab) if "platform" in text]


def test_an_account_that_goes_takes_its_keys_along(lab, monkeypatch):  # noqa: F811
    service = Service(status=204)
    lab.platform_url = "http://platform:1"
    monkeypatch.setattr(platform, "asker", lambda url, token: service)
    asyncio.run(lab.delete_forever())
    assert service.asked == [("DELETE", "/keys/ana")]
