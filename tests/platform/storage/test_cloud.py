"""A lab on an S3 server that is not the class's, by its settings alone: another region, the bucket in the path or before the name.

The server is the same program, started as a cloud has it; AWS's own was not tried.
"""

import os
import re
import subprocess
import time
import uuid
from collections.abc import Iterator

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.session import Session

from tests.helpers import lab as labs
from tests.helpers.versions import ROOT, read

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]
REGION, NAME, PORT = "eu-central-1", "s3.test", 7000
KEY, SECRET = "cloud", uuid.uuid4().hex
# Bucket names of a cloud are the whole world's.
BUCKETS = [f"my-class-{part}" for part in ("landing", "bronze", "silver", "gold", "checkpoints", "warehouse")]
CASES = f"{labs.REPO}/tests/platform/storage/in_lab"
READY_SECONDS, LAB_SECONDS = 30, 300


class Cloud:
    """One server on a network of its own. By NAME only its buckets are found, so a bucket's name must stand before it."""

    def __init__(self) -> None:
        self.settings = read()
        self.name = f"dataflow-cloud-{uuid.uuid4().hex[:8]}"

    def start(self) -> None:
        subprocess.run(["docker", "network", "create", self.name], check=True, stdout=subprocess.DEVNULL)
        names = [word for bucket in BUCKETS for word in ("--network-alias", f"{bucket}.{NAME}")]
        server = ["versitygw", "--port", f":{PORT}", "--region", REGION, "--virtual-domain", f"{NAME}:{PORT}", "--quiet",
                  "posix", "--sidecar", "/tmp/metadata", "/tmp/objects"]
        options = ["--detach", "--name", self.name, "--network", self.name, *names, "--tmpfs", "/tmp:mode=1777"]
        options += ["--env", f"ROOT_ACCESS_KEY={KEY}", "--env", f"ROOT_SECRET_KEY={SECRET}"]
        script = f"mkdir /tmp/metadata /tmp/objects && exec {' '.join(server)}"
        command = ["docker", "run", *options, self.settings["STORAGE_IMAGE"], "sh", "-c", script]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        until = time.monotonic() + READY_SECONDS
        while True:
            try:
                for bucket in BUCKETS:
                    self.client().create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
                return
            except EndpointConnectionError:
                assert time.monotonic() < until, self.log()
                time.sleep(0.2)

    def client(self, region: str = REGION):
        form = f'{{{{(index .NetworkSettings.Networks "{self.name}").IPAddress}}}}'
        command = ["docker", "inspect", "--format", form, self.name]
        address = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        return Session().create_client(
            "s3", region_name=region, endpoint_url=f"http://{address}:{PORT}", aws_access_key_id=KEY, aws_secret_access_key=SECRET,
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20))

    def log(self) -> str:
        return subprocess.run(["docker", "logs", self.name], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout

    def remove(self) -> None:
        subprocess.run(["docker", "rm", "--force", "--volumes", self.name], capture_output=True)
        subprocess.run(["docker", "network", "rm", self.name], capture_output=True)


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    made = Cloud()
    try:
        made.start()
        yield made
    finally:
        made.remove()


def test_another_region_is_refused(cloud):
    """So a lab that works there has the region right."""
    with pytest.raises(ClientError, match="AuthorizationHeaderMalformed|region"):
        cloud.client("eu-west-1").list_buckets()


@pytest.mark.parametrize(("style", "root"), [("on", "s3a://my-class-{layer}/ana"), ("off", "s3a://my-class-{layer}/bruno")])
def test_a_lab_works_there_by_its_settings_alone(cloud, style, root):
    environment = {
        "LAKEHOUSE_ROOT": root, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": f"http://{cloud.name if style == 'on' else NAME}:{PORT}", "S3_PATH_STYLE": style,
        "JUPYTERHUB_USER": "ana", "PYTHONPATH": f"/opt/live:{labs.REPO}", "PYTHONDONTWRITEBYTECODE": "1",
    }
    options = ["--network", cloud.name, "--memory", "2g", "--cap-drop", "ALL", "--volume", f"{ROOT}:{labs.REPO}:ro"]
    for place in ([ROOT / "lab_kernel"] if os.environ.get("DATAFLOW_TEST_LIVE") else []):
        options += ["--volume", f"{place}:/opt/live/lab_kernel:ro"]
    for name, value in environment.items():
        options += ["--env", f"{name}={value}"]
    lab = f"{cloud.name}-{style}"
    pytest_options = ["-q", "--color=no", "-p", "no:cacheprovider", f"--rootdir={CASES}", f"--confcutdir={CASES}", "-W", "default"]
    start = ["docker", "run", "--rm", "--init", "--name", lab, *options, cloud.settings["LAB_IMAGE"], labs.PYTHON]
    try:
        done = subprocess.run(
            [*start, "-m", "pytest", *pytest_options, f"{CASES}/cloud_cases.py"],
            capture_output=True, text=True, timeout=LAB_SECONDS,
        )
    finally:
        subprocess.run(["docker", "rm", "--force", lab], capture_output=True)
    assert re.search(r"\b1 passed", done.stdout), f"{done.stdout[-6000:]}\n{done.stderr[-1000:]}\n{cloud.log()[-1000:]}"
    own = root.rpartition("/")[2]
    kept = cloud.client().list_objects_v2(Bucket="my-class-bronze", Prefix=f"{own}/numbers/_delta_log/0")
    assert len([one for one in kept["Contents"] if one["Key"].endswith(".json")]) == 3
