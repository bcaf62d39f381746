"""Stopping a lab over the hub's API, with one thing more: the lab's spawner learns who asked.

Invariant: the stock handler decides who may stop what, and does it; what is added is a note, taken back when it refuses.
"""

from jupyterhub.apihandlers.users import UserServerAPIHandler


class StopHandler(UserServerAPIHandler):
    """In the place of the hub's own."""

    async def delete(self, user_name, server_name=""):
        user = self.find_user(user_name)
        spawner = user.spawners.get(server_name) if user is not None else None
        if spawner is not None and self.current_user is not None:
            spawner.stop_asked_by = (getattr(self.current_user, "kind", "user"), self.current_user.name)
        try:
            return await super().delete(user_name, server_name)
        except BaseException:
            if spawner is not None:
                spawner.stop_asked_by = None
            raise


# An authenticator's handlers come before the hub's own.
HANDLERS = [
    (r"/api/users/([^/]+)/server", StopHandler),
    (r"/api/users/([^/]+)/servers/([^/]*)", StopHandler),
]
