"""The two hubs of one class: ours, and a stock one in its place.

Invariant: both have the same machine, engine, proxy, networks, addresses, image and limits; only the hub's configuration differs.
A container that is made here is removed here, and the class is as it was.
"""

import io
import tarfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import docker
import requests

from tests.helpers import hub_client
from tests.helpers.hub_client import Person
from tests.helpers.stack import Stack

PASSWORD = "seven blue herons at noon"
CONFIG = Path(__file__).with_name("stock_config.py")
ANSWER_SECONDS = 180


def wait_for(url: str) -> None:
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        try:
            if requests.get(f"{url}/hub/health", timeout=5).status_code == 200:
                return
        except requests.RequestException:
            pass
        time.sleep(0.5)
    raise TimeoutError(f"no hub at {url} within {ANSWER_SECONDS} s")


def our_people(of: Stack, names: Sequence[str]) -> list[Person]:
    return [hub_client.log_in(of.url, name, of.user(name), PASSWORD) for name in names]


def stock_people(of: Stack, names: Sequence[str]) -> list[Person]:
    return [hub_client.log_in(of.url, name, PASSWORD) for name in names]


@contextmanager
def stock_hub(of: Stack) -> Iterator[None]:
    """Have a stock hub where ours was, at the same addresses."""
    client = docker.from_env()
    ours = client.containers.get(f"{of.project}-hub")
    about = ours.attrs
    host = about["HostConfig"]
    ours.stop(timeout=10)
    made = client.containers.create(
        about["Config"]["Image"],
        ["jupyterhub", "--config", "/srv/hub/stock_config.py"],
        name=f"{of.project}-hub-stock",
        user=about["Config"]["User"],
        group_add=host["GroupAdd"],
        environment={**dict(line.split("=", 1) for line in about["Config"]["Env"]), "STOCK_PASSWORD": PASSWORD},
        volumes=[f"{mount['Source']}:{mount['Destination']}" for mount in about["Mounts"] if mount["Type"] == "bind"],
        network=f"{of.project}-hub",
        mem_limit=host["Memory"],
        nano_cpus=host["NanoCpus"],
        pids_limit=host["PidsLimit"],
        init=True,
    )
    try:
        client.networks.get(f"{of.project}-hub").disconnect(made)
        for name, network in about["NetworkSettings"]["Networks"].items():
            address = (network.get("IPAMConfig") or {}).get("IPv4Address")
            client.networks.get(name).connect(made, aliases=["hub"], ipv4_address=address)
        made.put_archive("/srv/hub", _tar(CONFIG))
        made.start()
        wait_for(of.url)
        yield
    except BaseException:
        print(made.logs(tail=60).decode(errors="replace"))
        raise
    finally:
        made.remove(force=True)
        ours.start()
        wait_for(of.url)


def end_labs(of: Stack, prefix: str) -> None:
    """Remove containers and homes of all labs whose names begin like this."""
    client = docker.from_env()
    for container in client.containers.list(all=True, filters={"name": f"^/{of.project}-{prefix}"}):
        container.remove(force=True, v=True)
    for volume in client.volumes.list(filters={"name": f"{of.project}-home-stock-"}):
        volume.remove(force=True)


def lab_memory_mb(of: Stack, prefix: str) -> list[float]:
    """Return what each running lab uses, without file cache that can be dropped."""
    return _memory_mb(name=f"^/{of.project}-{prefix}")


def class_memory_mb(of: Stack) -> float:
    """Return what the class itself uses, its labs not counted."""
    return sum(_memory_mb(label=f"com.docker.compose.project={of.project}"))


def _memory_mb(**filters: str) -> list[float]:
    found = []
    for container in docker.from_env().containers.list(filters=filters):
        used = container.stats(stream=False)["memory_stats"]
        details = used.get("stats", {})
        cache = details.get("total_inactive_file", details.get("inactive_file", 0))
        found.append((used["usage"] - cache) / 2**20)
    return found


def _tar(path: Path) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        entry = archive.gettarinfo(path, arcname=path.name)
        entry.mode = 0o644
        with path.open("rb") as content:
            archive.addfile(entry, content)
    return made.getvalue()
