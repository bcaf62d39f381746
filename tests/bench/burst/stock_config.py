"""A hub as its documentation has it: JupyterHub's and DockerSpawner's defaults, in the place of ours.

What is set is what a hub needs to run here at all (where the proxy is, which network), the lab's image, its limits and its home.
"""

import os
from pathlib import Path

c = get_config()  # noqa: F821
port = os.environ["HUB_API_PORT"]
project = os.environ["PROJECT"]

c.JupyterHub.hub_bind_url = f"http://0.0.0.0:{port}"
c.JupyterHub.hub_connect_url = f"http://hub:{port}"
c.JupyterHub.db_url = "sqlite:////tmp/stock.sqlite"
c.JupyterHub.cookie_secret_file = "/tmp/stock_cookie_secret"
c.JupyterHub.proxy_class = "configurable-http-proxy"
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = f"http://proxy-api:{os.environ['PROXY_API_PORT']}"
c.ConfigurableHTTPProxy.auth_token = Path("/run/secrets/proxy_auth_token").read_text().strip()

c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["STOCK_PASSWORD"]
c.Authenticator.allow_all = True

c.JupyterHub.spawner_class = "docker"
c.DockerSpawner.image = os.environ["LAB_IMAGE"]
c.DockerSpawner.network_name = f"{project}-labs"
c.DockerSpawner.use_internal_ip = True
c.DockerSpawner.prefix = f"{project}-stock"
c.DockerSpawner.remove = True
c.DockerSpawner.volumes = {project + "-home-stock-{username}": "/home/student"}
c.DockerSpawner.mem_limit = os.environ["LAB_MEMORY"]
c.DockerSpawner.cpu_limit = float(os.environ["LAB_CPUS"])
# What stock images have as their command.
c.DockerSpawner.cmd = ["jupyterhub-singleuser"]
