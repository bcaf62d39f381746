"""Every way out of a lab that was thought of, by name.

Invariant: each probe has a place from which the very same attempt must succeed; one that nobody can make succeed proves nothing.
"""

from dataclasses import dataclass

# Where an attempt is made from. `host`: the machine. `outsider`: any container of the engine. `hub`: the hub's container.
# `privileged`: a container that may do everything.
HOST, OUTSIDER, HUB, PRIVILEGED = "host", "outsider", "hub", "privileged"


@dataclass(frozen=True)
class Probe:
    """``host`` and ``port`` are names of what `places.Targets` knows, or stand for themselves."""

    name: str
    host: str
    port: str | int = 0
    kind: str = "tcp"
    control: str = HOST


FORBIDDEN = (
    # Another lab of the class
    Probe("another lab's server", "other lab", "LAB_PORT"),
    Probe("another lab's server, from a service's port", "other lab", "LAB_PORT", "from_port"),
    Probe("another lab's server, its address written as IPv6", "other lab", "LAB_PORT", "tcp_mapped"),
    Probe("another lab's server, by name", "other lab's name", "LAB_PORT", control=HUB),
    Probe("another lab's Spark pages", "other lab", "SPARK_UI_PORT"),
    Probe("whatever another lab listens on", "other lab", "low"),
    Probe("a port that the system chose in another lab", "other lab", "high"),
    Probe("another lab over UDP", "other lab", "low", "udp"),
    Probe("another lab over UDP, a port that the system chose", "other lab", "high", "udp"),
    # The proxy
    Probe("the proxy's orders, by their name", "proxy-api", "PROXY_API_PORT", control=HUB),
    Probe("the proxy's orders, on the hub's network", "proxy on hub", "PROXY_API_PORT"),
    Probe("the proxy on the hub's network", "proxy on hub", "PROXY_PORT"),
    # The hub, and what only the hub and the proxy may call
    Probe("the hub on its own network", "hub on hub", "HUB_API_PORT"),
    Probe("another port of the hub", "hub on labs", "low"),
    Probe("another port of the hub, chosen by the system", "hub on labs", "high"),
    Probe("another port of the hub over UDP", "hub on labs", "low", "udp"),
    Probe("the exercises' service past the proxy", "exercises on hub", "EXERCISES_PORT"),
    Probe("the exercises' service by name", "exercises", "EXERCISES_PORT", control=HUB),
    Probe("the services' front door on the hub's network", "gateway on hub", "GATEWAY_PORT"),
    Probe("the services' front door on the platform's network", "gateway on platform", "GATEWAY_PORT"),
    Probe("the services' front door by name", "gateway", "GATEWAY_PORT", control=HUB),
    Probe("the gate on the hub's network", "platform on hub", "PLATFORM_PORT"),
    Probe("the gate on the platform's network", "platform on platform", "PLATFORM_PORT"),
    Probe("the gate by name", "platform", "PLATFORM_PORT", control=HUB),
    # The machine
    Probe("the machine, by the labs' gateway", "gateway of labs", "machine"),
    Probe("the machine, a low port of the labs' gateway", "gateway of labs", "machine low"),
    Probe("the machine, by its own address", "machine's address", "machine", control=OUTSIDER),
    Probe("the machine, by the engine's first bridge", "gateway of bridge", "machine", control=OUTSIDER),
    Probe("the machine, by the hub's gateway", "gateway of hub", "machine"),
    Probe("the machine, by the platform's gateway", "gateway of platform", "machine"),
    Probe("the machine over UDP, by the labs' gateway", "gateway of labs", "machine", "udp"),
    Probe("the machine over UDP, by its own address", "machine's address", "machine", "udp", OUTSIDER),
    Probe("the class's published port, by the labs' gateway", "gateway of labs", "HUB_PORT"),
    Probe("the class's published port, by the machine's address", "machine's address", "HUB_PORT"),
    Probe("the engine's socket", "/var/run/docker.sock", kind="path", control=HUB),
    # Others on the machine
    Probe("a container that belongs to nobody of the class", "outsider", "low"),
    Probe("the same over UDP", "outsider", "low", "udp"),
    Probe("another class's lab", "other class", "LAB_PORT"),
    Probe("another class's published port, by the labs' gateway", "gateway of labs", "other class"),
    Probe("another class's published port, by the machine's address", "machine's address", "other class"),
    Probe("a metadata service's kind of address", "link local", "low"),
    # What would make the filter worthless
    Probe("forged frames", "", kind="packets", control=PRIVILEGED),
    Probe("forged packets", "", kind="raw", control=PRIVILEGED),
    Probe("speaking as the proxy", "proxy on labs", kind="foreign_sender", control=PRIVILEGED),
    Probe("taking the proxy's address", "proxy on labs", kind="own_address", control=PRIVILEGED),
    Probe("a network of one's own", "", kind="new_network", control=PRIVILEGED),
    Probe("a user namespace of one's own", "", kind="new_user", control=PRIVILEGED),
    Probe("forwarding for others", "/proc/sys/net/ipv4/ip_forward", kind="setting", control=PRIVILEGED),
)

# What a lab works with.
ALLOWED = (
    Probe("the hub's API", "hub", "HUB_API_PORT"),
    Probe("the proxy", "proxy", "PROXY_PORT"),
    Probe("the hub's API by address", "hub on labs", "HUB_API_PORT"),
    Probe("its own server", "127.0.0.1", "LAB_PORT"),
)
