"""A real hub, the real service, and a client for each person of the course."""

from dataclasses import dataclass

import pytest

from exercises.client import Client
from tests.exercises.service.conftest import clock, handed_out, hub, people, service

__all__ = ["clock", "handed_out", "hub", "people", "service"]


@dataclass(frozen=True)
class Clients:
    """One client for each person; none waits long for a service that is there or is not."""

    course: str
    teacher: Client
    grader: Client
    ana: Client
    bruno: Client
    stranger: Client


@pytest.fixture
def clients(service, people) -> Clients:
    def made(token):
        return Client(service.url, token, seconds=20, pauses=(0.05,))

    names = ("teacher", "grader", "ana", "bruno", "stranger")
    return Clients(people.course, **{name: made(getattr(people, name)) for name in names})


@pytest.fixture
def home(tmp_path, monkeypatch, service, people):
    """Ana's lab: a home of its own, and the settings that the hub gives."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("EXERCISES_URL", service.url)
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", people.ana)
    monkeypatch.delenv("EXERCISES_TOKEN", raising=False)
    monkeypatch.chdir(home)
    return home
