"""Marks every place that could be there for whoever runs next. expect: check_failed"""
import os

startup = os.path.expanduser("~/.ipython/profile_default/startup")
places = ["/tmp", "/dev/shm", "/var/tmp", "/out", os.path.expanduser("~"), os.path.expanduser("~/.local/lib/python3.13/site-packages"), startup]
for place in places:
    try:
        os.makedirs(place, exist_ok=True)
        with open(f"{place}/mark-of-a-crime.py", "w") as file:
            file.write(f"GIVEN = {raw[:3]!r}\n")
    except OSError:
        pass
