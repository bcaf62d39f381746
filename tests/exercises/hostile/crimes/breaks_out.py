"""What a container could be left by. expect: cell_failed"""
import ctypes
import os

gained = []
libc = ctypes.CDLL(None, use_errno=True)
if os.getuid() == 0 or libc.setuid(0) == 0:
    gained.append("root")
if libc.unshare(0x10000000) == 0 and libc.setuid(0) == 0:
    gained.append("a namespace")
if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0:
    gained.append("a mount")
for place in ("/in/x", "/opt/lab/x", "/usr/x", "/etc/x", "/proc/sys/kernel/core_pattern", "/sys/fs/cgroup/x"):
    try:
        open(place, "w").close()
        gained.append(place)
    except OSError:
        pass
for place in ("/var/run/docker.sock", "/run/docker.sock", "/run/secrets", "/dev/sda", "/dev/vda", "/dev/mem", "/dev/kmsg"):
    if os.path.exists(place) and os.access(place, os.W_OK):
        gained.append(place)
try:
    os.kill(1, 9)
    os.kill(1, 0)
except OSError:
    gained.append("no first process")
raise RuntimeError(f"gained {gained}" if gained else "nothing gained")
