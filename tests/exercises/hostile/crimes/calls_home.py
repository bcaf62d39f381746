"""Sends what it sees to somebody outside, and would take an answer from there. expect: cell_failed"""
import os
import socket

targets = [("172.17.0.1", 22), ("172.17.0.1", 2375), ("1.1.1.1", 443), ("hub", 8081), ("169.254.169.254", 80)]
reached = []
for target in targets:
    try:
        socket.create_connection(target, timeout=1).close()
        reached.append(target)
    except OSError:
        pass
interfaces = set(os.listdir("/sys/class/net")) - {"lo"}
raise RuntimeError(f"reached {reached} {interfaces}" if reached or interfaces else "nobody")
