"""A Spark cluster of the tests' own, and labs beside it that are as limited as a student's.

Invariant: nothing here has a name, network or volume of a running class; every wait has a deadline and fails with the log.
"""

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.helpers import lab
from tests.helpers.versions import ROOT, Versions
from tests.helpers.waiting import wait_until

WORKERS = ("spark-worker-1", "spark-worker-2", "spark-worker-3")
SERVICES = ("spark-master", *WORKERS, "spark-history")
START_SECONDS = 60
IN_LAB = f"{lab.REPO}/tests/platform/spark/in_lab"
_ASK = "import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1], timeout=20).read().decode())"


def docker(*arguments: str, seconds: float = 60, check: bool = True) -> str:
    done = subprocess.run(
        ["docker", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=seconds
    )
    assert done.returncode == 0 or not check, f"docker {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}"
    return done.stdout


@dataclass
class Lab:
    """A lab that stays, without a server: programs are started in it one by one."""

    name: str
    running: list[subprocess.Popen] = field(default_factory=list)

    def start(self, *command: str) -> subprocess.Popen:
        line = ["docker", "exec", self.name, lab.PYTHON, "-u", "-W", "ignore", *command]
        process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        self.running.append(process)
        return process

    def run(self, *command: str, seconds: float) -> str:
        """Return what a program printed; it must end well, and within ``seconds``."""
        return finished(self.start(*command), seconds)

    def spark_log(self) -> str:
        return docker("exec", self.name, "tail", "-c", "6000", "/tmp/dataflow/logs/spark.log", check=False)


def finished(process: subprocess.Popen, seconds: float) -> str:
    """Return all that it prints; it must end well, and within ``seconds``."""
    try:
        printed, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        printed, _ = process.communicate()
        raise AssertionError(f"not finished within {seconds:g} s:\n{printed}") from None
    assert process.returncode == 0, printed
    return printed


@dataclass
class Cluster:
    """The services of the cluster under a project of their own."""

    project: str
    state: Path
    settings: Versions
    labs: list[Lab] = field(default_factory=list)

    def script(self, name: str, *arguments: str, seconds: float = START_SECONDS + 20) -> str:
        own = {"PROJECT": self.project, "STATE_DIR": str(self.state), "LAB_IMAGE": self.settings["LAB_IMAGE"]}
        done = subprocess.run(
            [ROOT / "scripts" / f"{name}.sh", *arguments],
            cwd=ROOT,
            env={**os.environ, **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
        )
        assert done.returncode == 0, f"{done.stdout}\n{self.logs()}"
        return done.stdout

    def compose(self, *arguments: str) -> str:
        return self.script("compose", "--profile", "processing", *arguments)

    def up(self, *services: str) -> None:
        self.script("secrets")
        self.compose("up", "--detach", "--wait", "--wait-timeout", str(START_SECONDS), "guard", *(services or SERVICES))

    def down(self) -> None:
        for one in self.labs:
            docker("rm", "--force", one.name, check=False)
        self.compose("down", "--volumes", "--timeout", "1")

    def logs(self) -> str:
        return "\n".join(docker("logs", "--tail", "25", f"{self.project}-{name}", check=False) for name in SERVICES)

    @property
    def secret(self) -> str:
        return (self.state / "secrets" / "spark_secret").read_text()

    def container(self, service: str) -> str:
        return f"{self.project}-{service}"

    def page(self, service: str, path: str) -> str:
        """A page as the front door gets it: over the platform's network."""
        port = self.settings["SPARK_HISTORY_PORT" if service == "spark-history" else "SPARK_PAGES_PORT"]
        url = f"http://{service}.platform:{port}{path}"
        return docker("exec", self.container(service), lab.PYTHON, "-I", "-c", _ASK, url)

    def master(self) -> dict:
        return json.loads(self.page("spark-master", "/json/"))

    def wait(self, probe, what: str, seconds: float):
        return wait_until(probe, what=what, seconds=seconds, every=1, log=self.logs)

    def lab(self, user: str, **environment: str) -> Lab:
        """Start a lab of this student, with the one setting that makes it compute on the cluster."""
        name = f"{self.project}-lab-{user}"
        variables = {
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": lab.REPO,
            "JUPYTERHUB_USER": user,
            "JUPYTERHUB_SERVICE_PREFIX": f"/user/{user}/",
            "SPARK_MASTER": f"spark://spark-master:{self.settings['SPARK_MASTER_PORT']}",
            "SPARK_SECRET": self.secret,
            "SPARK_EXECUTOR_MEMORY": self.settings["SPARK_EXECUTOR_MEMORY"],
            "SPARK_STUDENT_CORES": self.settings["SPARK_STUDENT_CORES"],
            "SPARK_EVENTS": f"http://spark-history:{self.settings['SPARK_EVENTS_PORT']}",
            **environment,
        }
        line = ["run", "--detach", "--init", "--name", name, *lab.limits(self.settings), "--volume", f"{ROOT}:{lab.REPO}:ro"]
        line[line.index("none")] = f"{self.project}-labs"
        if os.environ.get("DATAFLOW_TEST_LIVE"):
            line += ["--volume", f"{ROOT / 'lab_kernel'}:/opt/live/lab_kernel:ro"]
            variables["PYTHONPATH"] = f"/opt/live:{lab.REPO}"
        for key, value in variables.items():
            line += ["--env", f"{key}={value}"]
        docker(*line, "--entrypoint", "sleep", self.settings["LAB_IMAGE"], "3600")
        self.labs.append(Lab(name))
        return self.labs[-1]
