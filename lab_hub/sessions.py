"""Ending what a person has open: sessions, and the API tokens that they made.

Invariant: in the hub's own process and session, so that nothing in its memory outlives it. The token of a lab that runs is the
lab's and not theirs: it stays, so that the lab goes on; whoever wants that ended stops the lab first. Which token that is, the hub
or the container says, never a note that anybody can write on a token.
"""

from jupyterhub import orm
from jupyterhub.apihandlers.base import APIHandler
from jupyterhub.utils import new_token
from tornado import web

from lab_hub import engine

SCOPE = "custom:sessions:end"
SCOPES = {SCOPE: {"description": "Log somebody out everywhere and revoke the tokens that they made."}}

_VARIABLE = "JUPYTERHUB_API_TOKEN="


async def end(db, user, *, tokens: bool) -> None:
    """Log the user out everywhere; with ``tokens``, everything they made for programs ends too."""
    labs = [await _token_of(spawner) for spawner in user.spawners.values() if spawner.active]
    kept = {orm.APIToken.find(db, token) for token in labs if token}
    for token in db.query(orm.APIToken).filter(orm.APIToken.user_id == user.id):
        if token not in kept and (tokens or token.session_id is not None):
            db.delete(token)
    user.orm_user.cookie_id = new_token()
    db.commit()


async def _token_of(spawner) -> str:
    """Return the running lab's own token; a hub that was restarted has forgotten it, and the container has not."""
    if spawner.api_token:
        return spawner.api_token
    try:
        found = await spawner.get_object()
    except engine.UNREACHABLE:
        return ""
    variables = found["Config"]["Env"] if found else []
    return next((one.removeprefix(_VARIABLE) for one in variables if one.startswith(_VARIABLE)), "")


class SessionsHandler(APIHandler):
    """DELETE /hub/api/people/NAME/sessions, for `make user` and the page of people."""

    async def delete(self, name: str) -> None:
        # needs_scope knows the hub's own scopes only, until the hub has read its configuration.
        if SCOPE not in self.expanded_scopes:
            raise web.HTTPError(403)
        user = self.find_user(name)
        if user is None:
            raise web.HTTPError(404)
        await end(self.db, user, tokens=True)
        self.log.info("Sessions and tokens of %s ended", user.name)
        self.set_status(204)


HANDLERS = [(r"/api/people/([^/]+)/sessions", SessionsHandler)]
