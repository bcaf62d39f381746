"""Takes each protective setting away, in a copy of the checkout, and shows that a test turns red: `make prove`; with words, some.

Invariant: the checkout itself is never changed; the same tests are green before anything is taken; a setting whose test stays
green, or that is no longer where this list says, fails the run.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 300
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".state*", "__pycache__", ".pytest_cache", ".ruff_cache", "node_modules")

COMPOSE = "tests/ops/test_compose.py"
RULES = "tests/ops/test_guard_rules.py"
SPAWNER = "tests/hub/unit/test_spawner.py"
CONFIG = "tests/hub/unit/test_config.py"
LIMITS = "tests/hub/unit/test_limits.py"
FOLDERS = "tests/hub/unit/test_course_folders.py"
ANNOUNCED = "tests/hub/unit/test_announcements.py"
PUSHING = "tests/exercises/service/test_pushing_tokens.py"
HOME = "tests/kernel/unit/desk/test_home.py"
MEMORY = "tests/kernel/unit/test_memory.py"
QUIET = "tests/kernel/unit/test_quiet.py"


@dataclass(frozen=True)
class Setting:
    """``text`` of ``path`` becomes ``taken``; then ``tests`` must fail."""

    name: str
    path: str
    text: str
    taken: str
    tests: str


def compose(name: str, text: str, taken: str = "") -> Setting:
    return Setting(name, "compose.yaml", text, taken, COMPOSE)


def rule(name: str, text: str, taken: str = "") -> Setting:
    return Setting(name, "images/guard/rules.sh", text, taken, RULES)


def spawner(name: str, text: str, taken: str = "") -> Setting:
    return Setting(name, "lab_hub/spawner.py", text, taken, SPAWNER)


def config(name: str, text: str, taken: str = "") -> Setting:
    return Setting(name, "jupyterhub_config.py", text, taken, CONFIG)


SETTINGS = (
    # The services
    compose("services: read-only root", "  read_only: true\n"),
    compose("services: no capabilities", "  cap_drop: [ALL]\n"),
    compose("services: no new privileges", '  security_opt: ["no-new-privileges:true"]\n'),
    compose("services: not root", "  user: ${SERVICE_UID}:${SERVICE_UID}\n", '  user: "0:0"\n'),
    compose("services: come back", "  restart: always\n"),
    compose("services: never pulled", "  pull_policy: never\n"),
    compose("services: small logs", "    options: {max-size: 10m, max-file: \"3\"}\n", "    options: {}\n"),
    compose("hub: memory", "    mem_limit: ${HUB_MEMORY}\n"),
    compose("hub: processors", "    cpus: ${HUB_CPUS}\n"),
    compose("hub: processes", "    pids_limit: ${HUB_PIDS}\n"),
    compose("the hub's network leads nowhere", "    name: ${PROJECT}-hub\n    internal: true\n", "    name: ${PROJECT}-hub\n"),
    compose("the platform's network leads nowhere", "    name: ${PROJECT}-platform\n    internal: true\n",
            "    name: ${PROJECT}-platform\n"),
    compose("the cluster's network leads nowhere", "    name: ${PROJECT}-cluster\n    internal: true\n",
            "    name: ${PROJECT}-cluster\n"),
    compose("the proxy takes orders where no lab is", "        aliases: [proxy-api]\n"),
    compose("exercises are not where labs are", "    networks: [hub]\n", "    networks: [hub, labs]\n"),
    compose("the door is not where labs are", "    networks: [hub, platform]\n", "    networks: [hub, platform, labs]\n"),
    compose("the runner has no network", "    network_mode: none\n"),
    # Labs among each other
    compose("the engine lets nothing pass on the labs' bridge", 'com.docker.network.bridge.enable_icc: "${LABS_OPEN}"',
            'com.docker.network.bridge.enable_icc: "true"'),
    compose("labs get no address of a service", "          ip_range: ${LABS_RANGE}\n"),
    compose("the guard has two capabilities", "cap_add: [NET_ADMIN, NET_RAW]", "cap_add: [NET_ADMIN, NET_RAW, SYS_ADMIN]"),
    rule("a refusal ends what passes on the bridge", '  echo "-A $FORWARD -o $LABS_BRIDGE -j $REFUSE"\n'),
    rule("only services' ports", "-p tcp -m multiport --dports $SERVICE_PORTS -j ACCEPT", "-p tcp -j ACCEPT"),
    rule("only proxy and hub call a lab's server", "$accept -s $CALLERS", "$accept -s $LABS_SUBNET"),
    rule("not the machine", '  echo "-A $INPUT -j $REFUSE"\n'),
    *(rule(f"not {net}", f"{net} ") for net in (
        "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4")),
    rule("no internet, if the operator says so", 'if [ "$LABS_INTERNET" = on ]; then\n    for', "if true; then\n    for"),
    # A lab
    spawner("a lab has no capabilities", '            "cap_drop": ["ALL"],\n'),
    spawner("a lab gets no new privileges", '            "security_opt": ["no-new-privileges:true"],\n'),
    spawner("a lab's processes", '            "pids_limit": self.pids_limit,\n'),
    spawner("a lab does not swap", '            "memswap_limit": self.mem_limit,\n'),
    spawner("labs go before the hub", '            "oom_score_adj": 500,\n'),
    spawner("a lab is not root", 'USER = "1000:1000"', 'USER = "0:0"'),
    config("a lab's memory", "c.DockerSpawner.mem_limit = lab.lab_memory\n"),
    config("a lab's processors", "c.DockerSpawner.cpu_limit = lab.lab_cpus\n"),
    config("a lab's number of processes", "c.LabSpawner.pids_limit = lab.lab_pids\n"),
    config("nobody chooses an image", "c.DockerSpawner.allowed_images = []\n"),
    config("no image is pulled", 'c.DockerSpawner.pull_policy = "skip"\n'),
    config("labs are on their network", "c.DockerSpawner.network_name = lab.labs_network\n"),
    config("the server is not the student's to configure", "c.Spawner.disable_user_config = True\n"),
    config("a hub that ends leaves labs alone", "c.JupyterHub.cleanup_servers = False\n"),
    config("a hub that ends leaves routes alone", "c.JupyterHub.cleanup_proxy = False\n"),
    config("failing labs do not end the hub", "c.Spawner.consecutive_failure_limit = 0\n"),
    config("nobody signs up", "c.NativeAuthenticator.enable_signup = False\n", "c.NativeAuthenticator.enable_signup = True\n"),
    config("guessing is slow", "c.NativeAuthenticator.allowed_failed_logins = 5\n"),
    config("metrics are not everybody's", "c.JupyterHub.authenticate_prometheus = True\n",
           "c.JupyterHub.authenticate_prometheus = False\n"),
    config("known passwords are refused", "c.NativeAuthenticator.check_common_password = True\n",
           "c.NativeAuthenticator.check_common_password = False\n"),
    config("a lab's token opens the exercises alone", '"access:services!service=exercises"]', '"access:services"]'),
    config("the culler may not start labs", "list(culler.SCOPES)", '[*culler.SCOPES, "servers"]'),
    config("the operator makes no tokens", "[*people.SCOPES, *prepared.SCOPES]", '[*people.SCOPES, *prepared.SCOPES, "tokens"]'),
    # Limits by group, and a home's quota
    config("limits, and more for some",
           "c.LabSpawner.limits, c.LabSpawner.limits_by_group = lab.lab_limits, lab.lab_limits_more\n"),
    config("a home far over its quota starts no notebook", "c.LabSpawner.home_full_percent = lab.home_full_percent\n"),
    Setting("a group takes nothing away", "lab_hub/limits.py", "else max(value, limits[name])", "else value", LIMITS),
    Setting("a role that ended has no limits of its own", "lab_hub/limited_spawner.py",
            "self.mem_limit, self.cpu_limit, self.pids_limit, self.home_quota = mine.memory, mine.cpus, mine.pids, mine.home",
            "self.mem_limit = max(self.mem_limit, mine.memory)", SPAWNER),
    Setting("a kernel asks whether the home is full", "lab_kernel/desk/kernels.py",
            "if self.home is not None and not await self.home.allows_a_notebook():", "if False:", HOME),
    Setting("a full home is full", "lab_kernel/desk/home.py", "if self.used >= self.full:", "if False:", HOME),
    # What a lab takes of the machine's memory
    Setting("a lab's Spark goes before its server", "lab_kernel/memory.py",
            'score = min(HIGHEST_SCORE, int((processes / "1" / "oom_score_adj").read_text()) + more)', "score = more", MEMORY),
    Setting("Spark is started ahead where memory is left", "lab_kernel/quiet.py", "room = not is_scarce()", "room = True", QUIET),
    # Courses' folders
    Setting("students read a course's folder", "lab_hub/course_folders.py", '"rw" if writes else "ro"', '"rw"', FOLDERS),
    Setting("instructors alone write it", "lab_hub/course_folders.py", 'match["role"] == _WRITES', "True", FOLDERS),
    config("a large folder of a course is noticed", "c.LabSpawner.shared_quota = lab.shared_quota\n"),
    # Announcements
    Setting("an announcement is no HTML", "lab_hub/templates/page.html", "{{ one.text | e }}", "{{ one.text | safe }}", ANNOUNCED),
    Setting("an announcement is printable", "lab_hub/announcements.py", " or not text.isprintable()", "", ANNOUNCED),
    Setting("announcements are for who is known", "lab_hub/announcements.py", "if self.current_user is None:", "if False:",
            ANNOUNCED),
    # Tokens for pushing
    Setting("a token for pushing does nothing else", "exercises/service/access.py",
            "if person.narrow and (request.method, path) not in PUSHING:", "if False:", PUSHING),
    Setting("a token for pushing reads no submission", "exercises/service/access.py",
            '    ("GET", "/api/me"),\n    ("POST", EXERCISE),\n', '    *TABLE,\n', PUSHING),
)


class NotThere(ValueError):
    """The setting is not where this list says."""


def red(copy: Path, tests: str) -> bool:
    """Whether a test fails there. Raises subprocess.TimeoutExpired."""
    command = [ROOT / ".venv/bin/python", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", tests]
    own = {**os.environ, "PYTHONPATH": str(copy)}
    done = subprocess.run(command, cwd=copy, env=own, capture_output=True, text=True, timeout=SECONDS)
    # 1: a test failed, or could not even begin; whatever else is no answer.
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{tests} could not be run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.returncode == 1


def take(copy: Path, setting: Setting) -> bool:
    """Take one away, and return whether its test turns red; the copy is whole again afterwards."""
    path = copy / setting.path
    whole = path.read_text(encoding="utf-8")
    if setting.text not in whole:
        raise NotThere(f"{setting.path} no longer has: {setting.text.strip()}")
    try:
        path.write_text(whole.replace(setting.text, setting.taken, 1), encoding="utf-8")
        return red(copy, setting.tests)
    finally:
        path.write_text(whole, encoding="utf-8")


def main(words: list[str]) -> int:
    chosen = [one for one in SETTINGS if not words or any(word in one.name for word in words)]
    if not chosen:
        print(f"No setting's name has {' or '.join(words)} in it. Without words: all {len(SETTINGS)}.", file=sys.stderr)
        return 2
    failed = 0
    with tempfile.TemporaryDirectory(prefix="dataflow-prove-") as folder:
        copy = Path(folder) / "checkout"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        (copy / ".venv").symlink_to(ROOT / ".venv")
        for tests in sorted({one.tests for one in chosen}):
            if red(copy, tests):
                print(f"error: {tests} fails with all settings in place; mend it first: make test", file=sys.stderr)
                return 1
        for one in chosen:
            began = time.monotonic()
            try:
                word = "red" if take(copy, one) else "GREEN"
            except NotThere as error:
                word = f"NOT THERE: {error}"
            failed += word != "red"
            print(f"{one.name:<55} {one.path:<24} {word} ({time.monotonic() - began:.0f} s)", flush=True)
    print(f"\n{len(chosen) - failed} of {len(chosen)} settings have a test that turns red without them.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
