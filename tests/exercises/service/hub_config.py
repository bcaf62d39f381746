"""A real hub for the service's tests: its API, its log-in, its groups; no proxy and no labs, which the service never meets."""

import os

from jupyterhub.proxy import Proxy

from lab_hub import members, pushing


class NoProxy(Proxy):
    """Keeps routes to itself."""

    routes: dict = {}
    should_start = False

    async def add_route(self, routespec, target, data):
        self.routes[routespec] = {"routespec": routespec, "target": target, "data": data}

    async def delete_route(self, routespec):
        self.routes.pop(routespec, None)

    async def get_all_routes(self):
        return self.routes


c = get_config()  # noqa: F821
port = int(os.environ["TEST_HUB_PORT_NUMBER"])
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{port}"
c.JupyterHub.bind_url = f"http://127.0.0.1:{port + 1}"
c.JupyterHub.proxy_class = NoProxy
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["TEST_HUB_PASSWORD"]
c.Authenticator.allow_all = True
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.JupyterHub.log_level = "WARN"
c.JupyterHub.services = [
    {
        "name": "exercises",
        "api_token": os.environ["TEST_SERVICE_TOKEN"],
        "url": f"http://127.0.0.1:{port + 2}",
        "oauth_no_confirm": True,
    },
    {"name": "class", "api_token": os.environ["TEST_ADMIN_TOKEN"]},
    {"name": "operator", "api_token": os.environ["TEST_OPERATOR_TOKEN"]},
    {"name": "other", "api_token": os.environ["TEST_OTHER_TOKEN"]},
]
c.JupyterHub.custom_scopes = pushing.SCOPES
c.JupyterHub.load_roles = [
    {"name": "user", "scopes": ["self", "access:services!service=exercises", pushing.SCOPE]},
    # As in a class: what the service may know is who is in which group, and nothing else.
    {"name": "exercises", "scopes": ["read:users:name", "read:users:groups", "read:groups"], "services": ["exercises"]},
    {"name": "operator", "scopes": list(members.SCOPES), "services": ["operator"]},
    {"name": "class", "scopes": ["admin:users", "admin:groups", "tokens"], "services": ["class"]},
]
