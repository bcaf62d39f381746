"""The object storage alone, as its group starts it, with the platform's side of it and labs on its network. STORAGE_SERVER in the
environment says which server it is: `STORAGE_SERVER=seaweedfs scripts/test.sh platform/storage`.

Invariant: everything made here has a project name of its own and is removed at the end; what runs in a lab is as limited as a lab.
"""

import os
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.session import Session

from lab_platform.keys.storage import StorageKeys
from lab_platform.keys.storage_server import Server
from tests.helpers import lab as labs
from tests.helpers.versions import ROOT, read

HEALTHY_SECONDS = 60
# What each server is as a process, and the image that it is built as, which takes SeaweedFS ten minutes.
PROCESSES = {"versitygw": "versitygw", "seaweedfs": "weed", "minio": "minio"}
IMAGES = {"versitygw": "storage", "seaweedfs": "seaweedfs"}
BUILD_SECONDS = 1800


class Storage:
    """The class's storage, as compose runs it; reached on the addresses of its container, since no port of it is published."""

    def __init__(self, state: Path) -> None:
        self.project = f"dataflow-storage-{uuid.uuid4().hex[:6]}"
        self.name = f"{self.project}-storage"
        self.state = state
        self.settings = read()

    def compose(self, *arguments: str, seconds: float = 180) -> str:
        own = {"PROJECT": self.project, "STATE_DIR": str(self.state)}
        command = [ROOT / "scripts/compose.sh", "--profile", "core", *arguments]
        done = subprocess.run(
            command, env={**os.environ, **own}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=seconds
        )
        assert done.returncode == 0, f"{done.stdout}\n{self.log()}"
        return done.stdout

    def start(self) -> None:
        secrets = [ROOT / "scripts/secrets.sh"]
        subprocess.run(secrets, env={**os.environ, "STATE_DIR": str(self.state)}, check=True, stdout=subprocess.DEVNULL)
        self.compose("up", "--detach", "--no-build", "--wait", "--wait-timeout", str(HEALTHY_SECONDS), "guard", "storage")

    def build(self) -> None:
        """Only where there is no such image: whether it is the newest is no matter of these tests."""
        name = IMAGES.get(self.settings["STORAGE_SERVER"])
        image = name and self.settings[f"{name.upper()}_IMAGE"]
        if image and subprocess.run(["docker", "image", "inspect", image], capture_output=True).returncode:
            done = subprocess.run([ROOT / "scripts/build.sh", name], capture_output=True, text=True, timeout=BUILD_SECONDS)
            assert done.returncode == 0, done.stdout + done.stderr

    def log(self) -> str:
        command = ["docker", "logs", "--tail", "60", self.name]
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout

    def fall(self) -> None:
        """Its process itself dies, so that the engine brings the container back by its own policy."""
        kill = f"kill -9 $(pidof {PROCESSES[self.settings['STORAGE_SERVER']]})"
        subprocess.run(["docker", "exec", self.name, "sh", "-c", kill], check=True)

    def address(self, network: str) -> str:
        form = f'{{{{(index .NetworkSettings.Networks "{self.project}-{network}").IPAddress}}}}'
        command = ["docker", "inspect", "--format", form, self.name]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def server(self) -> Server:
        secret = {name: (self.state / "secrets" / name).read_text() for name in ("storage_root_key", "storage_root_secret")}
        return Server(
            endpoint=f"http://{self.address('labs')}:{self.settings['STORAGE_PORT']}",
            admin=f"http://{self.address('platform')}:{self.settings['STORAGE_ADMIN_PORT']}",
            region=self.settings["STORAGE_REGION"],
            key=secret["storage_root_key"],
            secret=secret["storage_root_secret"],
        )

    def keys(self) -> StorageKeys:
        if self.settings["STORAGE_SERVER"] == "minio":
            pytest.skip("the platform makes no accounts at MinIO")
        return StorageKeys(self.server(), tuple(self.settings["STORAGE_BUCKETS"].split()))

    def writers_keys(self) -> dict[str, str]:
        """A student's, and the storage's own where there are no students: for what is no matter of rights."""
        if self.settings["STORAGE_SERVER"] != "minio":
            return self.keys().grant("ana")
        server = self.server()
        return {"AWS_ACCESS_KEY_ID": server.key, "AWS_SECRET_ACCESS_KEY": server.secret, "AWS_REGION": server.region}

    def for_a_lab(self, environment: Mapping[str, str]) -> list[str]:
        """Options of `docker run` for a lab with these keys, on the labs' network."""
        inside = f"http://storage:{self.settings['STORAGE_PORT']}"
        given = environment | {"AWS_ENDPOINT_URL": inside, "S3_ENDPOINT": inside}
        options = ["--network", f"{self.project}-labs", "--memory", "1g", "--cap-drop", "ALL"]
        for name, value in given.items():
            options += ["--env", f"{name}={value}"]
        return [*options, "--volume", f"{ROOT}:/repo:ro", self.settings["LAB_IMAGE"], labs.PYTHON]


def client_of(storage: Storage, environment: Mapping[str, str]) -> BaseClient:
    """An S3 client with a student's keys."""
    return Session().create_client(
        "s3",
        region_name=environment["AWS_REGION"],
        endpoint_url=storage.server().endpoint,
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20),
    )


@pytest.fixture(scope="package")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    made = Storage(tmp_path_factory.mktemp("storage") / "state")
    made.build()
    try:
        made.start()
        yield made
    finally:
        made.compose("down", "--volumes", "--timeout", "5")
