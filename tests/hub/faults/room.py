"""A room of this machine with processes, mounts and a network of its own, in which an engine can run beside the machine's.

Invariant: what runs inside sees no process, socket or packet filter of the machine outside, so it can neither signal the machine's
engine nor change its rules; the room's first process ends with the test's, however that ends, and everything inside ends with it:
processes, mounts and addresses.
"""

import ipaddress
import json
import select
import shutil
import subprocess
import uuid
from collections.abc import Iterable
from pathlib import Path

READY_SECONDS, COMMAND_SECONDS = 20, 60
TOOLS = ("setpriv", "unshare", "nsenter", "ip", "mount", "umount")
# For documentation (RFC 5737). No machine should have their addresses, and yet some do: what this one knows is not taken.
NETWORKS = ("198.51.100.0/24", "203.0.113.0/24", "192.0.2.0/24")
# Wider ones are ways to everywhere, and in nobody's way.
WIDEST = 8

# The first process inside. A copy of the mounts would hold the machine's containers, so it lets go of them, once it is sure to be
# inside; engines put their sockets into /run, so it has one of its own; and it buries who has lost a parent.
FIRST = r"""
set -eu
[ "$(readlink /proc/self/ns/mnt)" != "$1" ] && [ $$ = 1 ]
awk -v root="$2/" 'index($5, root) == 1 { print $5 }' /proc/self/mountinfo | sort -r | xargs --no-run-if-empty umount --lazy
mount -t tmpfs -o mode=755,size=64m room /run
mkdir /run/lock
echo ready
while :; do sleep 1; done
"""


class Impossible(Exception):
    """This machine gives no second engine; the message says why."""


def run(*command: str, seconds: float = COMMAND_SECONDS) -> str:
    """Run a command and return what it printed. Raises AssertionError with its error."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout.strip()


def free_pair(taken: Iterable[str]) -> tuple[str, str]:
    """Return an address for each end of a wire, in a network of which `taken` has no part. Raises Impossible."""
    known = [network for one in taken if (network := ipaddress.ip_network(one, strict=False)).prefixlen >= WIDEST]
    for network in map(ipaddress.ip_network, NETWORKS):
        for wire in network.subnets(new_prefix=30):
            if not any(wire.overlaps(one) for one in known):
                near, far = wire.hosts()
                return str(near), str(far)
    raise Impossible(f"this machine uses all of {', '.join(NETWORKS)}")


def taken() -> list[str]:
    """Return the networks that this machine is in or has a way to."""
    addresses = json.loads(run("ip", "-json", "-4", "address"))
    routes = json.loads(run("ip", "-json", "-4", "route"))
    own = [f"{one['local']}/{one['prefixlen']}" for device in addresses for one in device["addr_info"]]
    return own + [route["dst"] for route in routes if route["dst"] != "default"]


class Room:
    """`address` is where the machine finds it; `command` is how something is run inside."""

    def __init__(self, machine_root: str) -> None:
        """`machine_root` is the folder of the machine's engine, whose mounts are not for this room."""
        missing = [tool for tool in TOOLS if shutil.which(tool) is None]
        if missing:
            raise Impossible(f"it needs {', '.join(missing)}")
        outside = Path("/proc/self/ns/mnt").readlink()
        apart = ("unshare", "--fork", "--kill-child", "--pid", "--mount-proc", "--mount", "--propagation", "private", "--net")
        first = ("sh", "-c", FIRST, "room", str(outside), machine_root)
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *apart, *first], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            self._wait()
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
            self.first = int(children[0])
            self.near, self.address = free_pair(taken())
            self._wire()
        except BaseException:
            self.close()
            raise

    def command(self, *words: str) -> list[str]:
        return ["nsenter", "--target", str(self.first), "--mount", "--net", "--pid", "--", *words]

    def run(self, *words: str, seconds: float = COMMAND_SECONDS) -> str:
        return run(*self.command(*words), seconds=seconds)

    def close(self) -> None:
        """End everything inside."""
        self._process.kill()
        self._process.wait(COMMAND_SECONDS)
        self._process.stdout.close()

    def _wait(self) -> None:
        ready, _, _ = select.select([self._process.stdout], [], [], READY_SECONDS)
        said = self._process.stdout.readline().strip() if ready else ""
        if said != "ready":
            raise Impossible(f"no room of its own: {said or f'nothing said for {READY_SECONDS} s'}")

    def _wire(self) -> None:
        name = f"room-{uuid.uuid4().hex[:6]}"
        run("ip", "link", "add", name, "type", "veth", "peer", "name", "outside", "netns", str(self.first))
        run("ip", "address", "add", f"{self.near}/30", "dev", name)
        run("ip", "link", "set", name, "up")
        self.run("ip", "address", "add", f"{self.address}/30", "dev", "outside")
        for device in ("lo", "outside"):
            self.run("ip", "link", "set", device, "up")
        self.run("ip", "route", "add", "default", "via", self.near)
