"""The hub of a class: one setting, one reason. Values come from versions.env through the environment; logic is in lab_hub."""

from pathlib import Path

import lab_hub
from lab_hub import announcements, backups, culler, engine_socket, people, person, prepared, pushing, sessions, settings, spawner
from lab_hub.authenticator import LabAuthenticator
from lab_hub.proxy import LabProxy

c = get_config()  # noqa: F821
lab = settings.read()

# The hub listens for labs and the proxy; people come through the proxy only.
c.JupyterHub.hub_bind_url = f"http://0.0.0.0:{lab.hub_port}"
# Labs and the proxy find the hub by its name in their networks, whichever address it got.
c.JupyterHub.hub_connect_url = lab.hub_url
# Only shown in the log: the proxy's container is what listens there.
c.JupyterHub.bind_url = f"http://:{lab.public_port}"

# A damaged file of accounts stops the start with the way back, before anybody meets it.
backups.refuse_damaged(lab.database_file)
# Accounts, sessions and running labs outlive the hub's container.
c.JupyterHub.db_url = lab.database_url
# The schema follows the hub's version; the file is backed up first.
c.JupyterHub.upgrade_db = True
# Sessions outlive the hub's container, and nobody can make one up.
c.JupyterHub.cookie_secret_file = str(lab.cookie_secret_file)

# The proxy is a container of its own, so that a restarted hub drops no connection.
c.JupyterHub.proxy_class = LabProxy
c.ConfigurableHTTPProxy.should_start = False
# It takes orders on a network that labs are not in, from whoever knows the token.
c.ConfigurableHTTPProxy.api_url = lab.proxy_api_url
c.ConfigurableHTTPProxy.auth_token = lab.secret("proxy_auth_token")
# For the same reason the hub leaves labs and routes alone when it stops.
c.JupyterHub.cleanup_servers = False
c.JupyterHub.cleanup_proxy = False

# What is below /services/ and none of the services that the hub knows goes to the front door of the groups, which asks the gate.
c.Proxy.extra_routes = {"/services/": lab.gateway_url}

# Who may log in: whoever has an account, and accounts are made by the operator only.
c.JupyterHub.authenticator_class = LabAuthenticator
c.Authenticator.allow_all = True
# Its pages for signing up are not even there; this is for whoever adds them.
c.NativeAuthenticator.enable_signup = False
# The ten thousand passwords that attackers try first.
c.NativeAuthenticator.check_common_password = True
# Guessing is slow: five wrong passwords, then five minutes of none.
c.NativeAuthenticator.allowed_failed_logins = 5
c.NativeAuthenticator.seconds_before_next_try = 300
# A roster's one-time passwords are worth nothing to whoever has the database alone.
c.LabAuthenticator.one_time_key = lab.secret("crypt_key")
# The pages of people do what the command line does: through the hub's own API.
c.LabAuthenticator.api_url = lab.own_api_url
c.LabAuthenticator.api_token = lab.secret("operator_token")
# Where homes are kept that were removed.
c.LabAuthenticator.archives = person.archives(lab)
# On slips.
c.LabAuthenticator.class_address = lab.class_address
# A reset account is logged out within a minute, and starts no lab before a new password is chosen.
c.Authenticator.auth_refresh_age = 60
c.Authenticator.refresh_pre_spawn = True

# The hub outlives the engine's restart where containers do, and must not keep a way to it that leads nowhere.
engine_socket.watch(lab.engine_socket)

# A lab is a container from the one image there is.
c.JupyterHub.spawner_class = spawner.LabSpawner
c.DockerSpawner.image = lab.lab_image
# Nobody chooses another, and none of that name is fetched from a registry where somebody else may have put it.
c.DockerSpawner.allowed_images = []
c.DockerSpawner.pull_policy = "skip"
# Its names carry the project's, so that two classes can run on one machine.
c.LabSpawner.project = lab.project
c.DockerSpawner.prefix = f"{lab.project}-lab"
# Labs meet the hub and the proxy on this network, and nothing else of the class.
c.DockerSpawner.network_name = lab.labs_network
c.DockerSpawner.port = lab.lab_port
# Files live in a volume of Docker's, never in a folder of the machine.
c.DockerSpawner.volumes = {lab.home_volume: spawner.HOME}
# The container goes when the lab stops: what is to stay is in the home.
c.DockerSpawner.remove = True
# One student cannot take the machine from the others.
c.DockerSpawner.mem_limit = lab.lab_memory
c.DockerSpawner.cpu_limit = lab.lab_cpus
# A fork bomb ends in its own lab.
c.LabSpawner.pids_limit = lab.lab_pids
# Whoever grades runs many notebooks; who works on large data has a larger home.
c.LabSpawner.limits, c.LabSpawner.limits_by_group = lab.lab_limits, lab.lab_limits_more
# A home that is far over its quota is for tidying up only.
c.LabSpawner.home_full_percent = lab.home_full_percent
# A student configures notebooks and kernels, never the server that guards the lab.
c.Spawner.disable_user_config = True
# The whole start, JupyterLab's answer included; the reason of a failure is ours as long as ours is the shorter deadline.
c.Spawner.start_timeout = lab.lab_start_seconds
c.Spawner.http_timeout = lab.lab_start_seconds
# Everybody may press at once: they wait in our queue and see their place, where upstream turns them away (429).
c.JupyterHub.concurrent_spawn_limit = 0
c.JupyterHub.active_server_limit = 0
# As many labs start at once as the processors bear.
c.LabSpawner.starts_at_once = lab.lab_starts_at_once
# Whoever asks for a lab is told of a failure at once, and else taken to the page that shows the start after a second.
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 1}
# Failing labs have one cause often enough; a hub that exits because of them helps nobody.
c.Spawner.consecutive_failure_limit = 0
# A lab gets its student's keys to the groups of services that run when it starts.
c.LabSpawner.platform_url = lab.platform_url
c.LabSpawner.platform_token = lab.secret("platform_token")
# What NiFi has delivered can be read in labs that start while there is such a volume, and written in none.
c.LabSpawner.landing_volume = lab.landing_volume
# A course's members share a folder, which its instructors fill.
c.LabSpawner.course_volume = lab.course_volume
# They are told when it becomes large: its disk is everybody's.
c.LabSpawner.shared_quota = lab.shared_quota
# Work in progress is reported well within the idle limit.
c.LabSpawner.activity_seconds = lab.activity_seconds
c.JupyterHub.last_activity_interval = lab.activity_seconds
# Who was idle is told for how long.
c.LabSpawner.idle_seconds = lab.cull_idle_seconds
# And is warned before, in the lab.
c.LabSpawner.warn_seconds = lab.cull_warn_seconds
# A notebook that was closed and forgotten gives its memory back.
c.LabSpawner.kernel_idle_seconds = lab.cull_kernel_seconds
# The spawn page ends in words, not in an address.
c.Spawner.progress_ready_hook = spawner.lab_ready

# A lab's own token opens the exercises' service, beside what it always may.
c.Spawner.server_token_scopes = ["users:activity!user", "access:servers!server", "access:services!service=exercises"]
c.Spawner.environment = {"EXERCISES_URL": lab.exercises_url_in_labs}

# What answers or works beside the hub, each known by a token of its own.
c.JupyterHub.services = [
    # Idle labs stop; the culler may see who is idle and stop their labs, and nothing else.
    {
        "name": "culler",
        "command": culler.command(lab.cull_idle_seconds, lab.cull_every_seconds),
        "environment": {"PROJECT": lab.project, "REPORTED_EVERY": str(lab.activity_seconds)},
    },
    # Exercises are handed out and taken in by a container of its own; whoever is logged in here is known there.
    {
        "name": "exercises",
        "url": lab.exercises_url,
        "api_token": lab.secret("exercises_token"),
        "oauth_no_confirm": True,
    },
    # The pages of the services around the class come through a front door of their own; whoever is logged in here is known there.
    {
        "name": "platform",
        "url": lab.gateway_url,
        "api_token": lab.secret("platform_token"),
        "oauth_no_confirm": True,
        # How long a starting hub waits for it; it does without.
        "timeout": 5,
    },
    # What `make member`, `make user`, `make roster`, `make prepare` and the page of people speak to the hub as, from inside this
    # container only.
    {"name": "operator", "api_token": lab.secret("operator_token"), "display": False},
]
# Neither logging somebody out nor pushing an exercise is a scope of the hub's own.
c.JupyterHub.custom_scopes = {**sessions.SCOPES, **pushing.SCOPES}
# Each may do what it needs, and not more.
c.JupyterHub.load_roles = [
    # Which scope for what: lab_hub/culler.py.
    {"name": "culler", "scopes": list(culler.SCOPES), "services": ["culler"]},
    # It learns who is in which group, and nothing else.
    {"name": "exercises", "scopes": ["read:users:name", "read:users:groups", "read:groups"], "services": ["exercises"]},
    # The gate learns who is in which group, and who runs the class.
    {"name": "platform", "scopes": ["read:users:name", "read:users:groups", "read:roles:users"], "services": ["platform"]},
    # Which scope for what: lab_hub/people.py and lab_hub/prepared.py.
    {"name": "operator", "scopes": [*people.SCOPES, *prepared.SCOPES], "services": ["operator"]},
    # Everybody may open the exercises and go to the front door; what they find there, their courses decide.
    {
        "name": "user",
        "scopes": ["self", "access:services!service=exercises", "access:services!service=platform", pushing.SCOPE],
    },
]

# Metrics name users and their habits.
c.JupyterHub.authenticate_prometheus = True

# What `make announce` says is on every page, and labs ask for it.
c.LabAuthenticator.announcements = announcements.Announcements(lab.announcements_file)
c.JupyterHub.template_vars = {"class_announcements": lambda user: c.LabAuthenticator.announcements.current()}

# Our few pages, on top of the stock ones.
c.JupyterHub.template_paths = [str(Path(lab_hub.__file__).parent / "templates")]
c.JupyterHub.logo_file = str(Path(lab_hub.__file__).parent / "logo.svg")
