"""The administrators' page of the roster: /hub/people/roster.

Invariant: what is applied is what was shown: the file goes along with the preview, and if it would change something else by then,
the new preview is shown instead. Slips are shown once, in the answer, and are kept nowhere.
"""

import base64
import binascii
import hashlib

from jupyterhub.scopes import needs_scope
from tornado import web

from lab_hub import people_messages as messages
from lab_hub import roster_file, rosters
from lab_hub.members import Refused
from lab_hub.people_pages import ADMIN, PeopleHandler
from lab_hub.roster_plan import Plan


class RosterHandler(PeopleHandler):
    """Choose a file, look at what it would change, apply it, print the slips."""

    @web.authenticated
    @needs_scope(ADMIN)
    async def get(self) -> None:
        await self.show("roster.html")

    @web.authenticated
    @needs_scope(ADMIN)
    async def post(self) -> None:
        content = self._content()
        if content is None:
            await self.show("roster.html", 400, problem=messages.NO_FILE)
            return
        options = {name: bool(self.get_body_argument(name, "")) for name in ("remove", "slips")}
        importer = self.authenticator.importer
        try:
            roster = roster_file.read(content)
            plan = await self.work(importer.plan, roster, **options)
        except roster_file.BadRoster as bad:
            await self.show("roster.html", 400, problems=bad.problems)
            return
        except Refused as refusal:
            await self.show("roster.html", 409, problem=str(refusal))
            return
        preview = {"content": base64.b64encode(content).decode(), "plan": plan, "seen": _mark(plan), "options": options}
        seen = self.get_body_argument("seen", "")
        if not seen or plan.empty:
            await self.show("roster.html", notes=roster.notes, **preview)
        elif seen != preview["seen"]:
            await self.show("roster.html", 409, problem=messages.SEEN_ANOTHER, notes=roster.notes, **preview)
        else:
            try:
                done = await self.work(importer.apply, roster, plan)
            except rosters.Refused as refusal:
                await self.show("roster.html", 409, problem=str(refusal))
                return
            self.log.info("Roster applied by %s: %s", self.current_user.name, plan.summary())
            await self.show_slips(list(done.slips), summary=plan.summary(), problem=done.partly, back=self.address_of())

    def _content(self) -> bytes | None:
        """Return the file that was sent, with the form or from the preview."""
        if sent := self.request.files.get("file"):
            return sent[0]["body"] or None
        try:
            return base64.b64decode(self.get_body_argument("content", ""), validate=True) or None
        except binascii.Error:
            return None


def _mark(plan: Plan) -> str:
    return hashlib.sha256(repr(plan.lines).encode()).hexdigest()
