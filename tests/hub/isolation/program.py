"""Tries what it is told to, wherever it runs, and prints how each attempt ended. Standard library alone: it runs in any container.

Invariant: "open" means that the other side answered; every attempt ends within seconds. Run with the attempts as JSON in standard
input: a list of [name, kind, host, port]. `listen` as the first argument opens listeners instead: PORT or udp:PORT.
"""

import errno
import fcntl
import json
import socket
import struct
import subprocess
import sys
import threading

SECONDS = 3
ANSWER = b"here"
REFUSED = {errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EACCES, errno.EPERM}
CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000
IP_TRANSPARENT = 19
SIOCSIFADDR, AF_PACKET_ALL = 0x8916, 0x0003


def tcp(host: str, port: int) -> str:
    socket.create_connection((host, port), SECONDS).close()
    return "open"


def tcp_mapped(host: str, port: int) -> str:
    """By IPv6's way of writing an address of IPv4."""
    with socket.socket(socket.AF_INET6) as made:
        made.settimeout(SECONDS)
        made.connect((f"::ffff:{host}", port))
    return "open"


def udp(host: str, port: int) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.settimeout(SECONDS)
        made.sendto(b"hello", (host, port))
        made.recvfrom(64)
    return "open"


def from_port(host: str, port: int) -> str:
    """With a source port that a service would use: a filter that goes by it lets this through."""
    with socket.socket() as made:
        made.settimeout(SECONDS)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("", 7077))
        made.connect((host, port))
    return "open"


def path(name: str, _: int) -> str:
    with socket.socket(socket.AF_UNIX) as made:
        made.connect(name)
    return "open"


def packets(_: str, __: int) -> str:
    """Frames of one's own making: forged ARP."""
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(AF_PACKET_ALL)).close()
    return "open"


def raw(_: str, __: int) -> str:
    """Packets of one's own making: a forged sender."""
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW).close()
    return "open"


def foreign_sender(host: str, _: int) -> str:
    """To speak as another address."""
    with socket.socket() as made:
        made.setsockopt(socket.SOL_IP, IP_TRANSPARENT, 1)
        made.bind((host, 0))
    return "open"


def own_address(host: str, _: int) -> str:
    """To take another address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        request = struct.pack("16sHH4s8s", b"eth0", socket.AF_INET, 0, socket.inet_aton(host), b"")
        fcntl.ioctl(made, SIOCSIFADDR, request)
    return "open"


def unshare(flag: int) -> str:
    """In a process of its own: what it makes is gone with it."""
    code = f"import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare({flag}) != 0)"
    return "open" if subprocess.run([sys.executable, "-c", code]).returncode == 0 else "refused"


def new_network(_: str, __: int) -> str:
    return unshare(CLONE_NEWNET)


def new_user(_: str, __: int) -> str:
    return unshare(CLONE_NEWUSER)


def setting(name: str, _: int) -> str:
    """To write a setting of the kernel: what is there already."""
    with open(name, "r+") as file:
        file.write(file.read())
    return "open"


KINDS = {one.__name__: one for one in (
    tcp, tcp_mapped, udp, from_port, path, packets, raw, foreign_sender, own_address, new_network, new_user, setting)}


def attempt(kind: str, host: str, port: int) -> str:
    try:
        return KINDS[kind](host, port)
    except socket.gaierror:
        return "no such name"
    except TimeoutError:
        return "silent"
    except OSError as error:
        if error.errno in REFUSED:
            return "refused"
        return f"not possible: {error.strerror}"


def attempts(wanted: list) -> dict[str, str]:
    found: dict[str, str] = {}
    threads = [
        threading.Thread(target=lambda name, *what: found.update({name: attempt(*what)}), args=one) for one in wanted
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def listen(port: int) -> None:
    """Accept for ever; over IPv4 and IPv6 alike where there is both."""
    made = socket.create_server(("", port), reuse_port=True)
    while True:
        made.accept()[0].close()


def listen_udp(port: int) -> None:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("", port))
    while True:
        made.sendto(ANSWER, made.recvfrom(64)[1])


if __name__ == "__main__":
    if sys.argv[1:2] == ["listen"]:
        for word in sys.argv[2:]:
            kind, _, number = word.rpartition(":")
            threading.Thread(target=listen_udp if kind == "udp" else listen, args=[int(number)]).start()
    else:
        print(json.dumps(attempts(json.load(sys.stdin))))
