"""Makes devices and files that change who runs them. expect: cell_failed"""
import os
import stat

gained = []
for place in ("/out/disk", "/tmp/disk"):
    try:
        os.mknod(place, 0o600 | stat.S_IFBLK, os.makedev(254, 0))
        gained.append(place)
    except OSError:
        pass
os.makedirs("/out/lakehouse", exist_ok=True)
with open("/out/lakehouse/root.parquet", "w") as file:
    file.write("#!/bin/sh\nid\n")
os.chmod("/out/lakehouse/root.parquet", 0o6777)
raise RuntimeError(f"gained {gained}" if gained else "nothing gained")
