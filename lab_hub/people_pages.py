"""The administrators' pages of people: /hub/people, and one page for each person.

Invariant: administrators only; every change is a form that the hub's own token guards against being sent from elsewhere, and works
without JavaScript; the work is what the command line does (people.py), in a thread, never in the hub's loop.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from jupyterhub.handlers import BaseHandler
from jupyterhub.scopes import needs_scope
from jupyterhub.utils import url_path_join
from tornado import web
from tornado.httputil import url_concat

from lab_hub import members, people_list, roster_file, slips
from lab_hub import people_messages as messages
from lab_hub.members import Refused
from lab_hub.people_list import Entry
from lab_hub.people_removals import Removals
from lab_hub.slips import Slip

Value = TypeVar("Value")

# Whoever may change users may see the pages; the hub gives it to administrators.
ADMIN = "admin:users"


class PeopleHandler(BaseHandler):
    """What the pages share."""

    @property
    def store(self):
        return self.authenticator.store

    @property
    def people(self):
        return self.authenticator.people

    @property
    def removals(self) -> Removals:
        return self.settings.setdefault("dataflow_removals", Removals())

    def address_of(self, *parts: str) -> str:
        return url_path_join(self.hub.base_url, "people", *parts)

    @property
    def class_address(self) -> str:
        """Where people find the class: as the operator said, or else as this administrator found it."""
        return self.authenticator.class_address or f"{self.request.protocol}://{self.request.host}"

    async def work(self, job: Callable[..., Value], *arguments, **named) -> Value:
        return await asyncio.to_thread(job, *arguments, **named)

    async def everybody(self) -> list[Entry]:
        return await self.work(lambda: people_list.everybody(self.authenticator.ask, self.store.known()))

    async def show(self, template: str, status: int = 200, **values) -> None:
        self.set_status(status)
        # Names, and sometimes passwords that are shown once.
        self.set_header("Cache-Control", "no-store")
        self.finish(await self.render_template(template, people_url=self.address_of(), **{"words": messages, **values}))

    async def show_slips(self, made: list[Slip], **values) -> None:
        # Where an administrator sits at the machine itself, a slip would lead everybody to their own.
        alone = urlsplit(self.class_address).hostname in ("localhost", "127.0.0.1", "::1")
        await self.show("people_slips.html", **slips.values(made, self.class_address), only_here=alone, **values)


class ListHandler(PeopleHandler):
    """/hub/people"""

    @web.authenticated
    @needs_scope(ADMIN)
    async def get(self) -> None:
        everybody = await self.everybody()
        asked = {name: self.get_argument(name, "") for name in ("words", "course", "state")}
        await self.show(
            "people.html",
            entries=people_list.chosen(everybody, **asked),
            total=len(everybody),
            labs=sum(entry.lab for entry in everybody),
            courses=people_list.courses(everybody),
            states=people_list.STATES,
            asked=asked,
        )


class PersonHandler(PeopleHandler):
    """/hub/people/person/NAME, and what its buttons do: /hub/people/person/NAME/lock and so on."""

    @web.authenticated
    @needs_scope(ADMIN)
    async def get(self, name: str, job: str = "") -> None:
        if job:
            self.redirect(self.address_of("person", name))
            return
        await self.page(name, said=messages.SAID.get(self.get_argument("said", ""), ""))

    @web.authenticated
    @needs_scope(ADMIN)
    async def post(self, name: str, job: str = "") -> None:
        jobs = {one: getattr(self, f"_{one}") for one in ("reset", "lock", "unlock", "details", "join", "leave", "remove")}
        if job not in jobs:
            raise web.HTTPError(404)
        if name == self.current_user.name and job in ("reset", "lock", "remove"):
            await self.page(name, messages.YOURSELF, status=400)
            return
        try:
            said = await jobs[job](name)
        except Refused as refusal:
            await self.page(name, str(refusal), status=409)
            return
        if said:
            self.log.info("%s: %s by %s", job, name, self.current_user.name)
            self.redirect(url_concat(self.address_of("person", name), {"said": said}))

    async def page(self, name: str, problem: str = "", said: str = "", status: int = 200) -> None:
        everybody = await self.everybody()
        entry = next((one for one in everybody if one.name == name), None)
        if entry is None:
            raise web.HTTPError(404)
        await self.show(
            "person.html",
            status,
            entry=entry,
            problem=problem,
            said=said,
            courses=people_list.courses(everybody),
            roles=members.ROLES,
            removal=self.removals.of(name),
            itself=name == self.current_user.name,
        )

    # Each returns what was done, or nothing when it has answered itself. All raise Refused.

    async def _reset(self, name: str) -> None:
        password = await self.work(self.people.reset, name)
        known = self.store.known()[name]
        self.log.info("reset: %s by %s", name, self.current_user.name)
        await self.show_slips([Slip(name, known.full_name, password)], back=self.address_of("person", name))

    async def _lock(self, name: str) -> str:
        await self.work(self.people.lock, name)
        return "locked"

    async def _unlock(self, name: str) -> str:
        await self.work(self.people.unlock, name)
        return "unlocked"

    async def _details(self, name: str) -> str:
        said = {field: roster_file.text_of(self.get_body_argument(field, "")) for field in ("full_name", "email")}
        if problem := roster_file.details_problem(**said):
            raise Refused(problem)
        await self.work(self.people.describe, name, said)
        return "details"

    async def _join(self, name: str) -> str:
        course, role = self._membership()
        await self.work(self.people.set_role, name, course, role)
        return "joined"

    async def _leave(self, name: str) -> str:
        course, role = self._membership()
        await self.work(members.leave, self.authenticator.ask, course, role, [name])
        return "left"

    def _membership(self) -> tuple[str, str]:
        return self.get_body_argument("course", "").strip().lower(), self.get_body_argument("role", "")

    async def _remove(self, name: str) -> None:
        typed = self.get_body_argument("confirm", "").strip()
        if typed != name:
            raise Refused(messages.NAME_DIFFERS.format(typed=typed, name=name))
        self.removals.begin(name, self.people)
        self.log.info("removal of %s begun by %s", name, self.current_user.name)
        self.redirect(self.address_of("removal", name))


class RemovalHandler(PeopleHandler):
    """/hub/people/removal/NAME: how far it is; the page asks again by itself."""

    @web.authenticated
    @needs_scope(ADMIN)
    async def get(self, name: str) -> None:
        removal = self.removals.of(name)
        if removal is None:
            self.redirect(self.address_of())
            return
        await self.show("person_removal.html", removal=removal)
