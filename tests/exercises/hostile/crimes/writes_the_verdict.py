"""Writes the judge's answer itself, wherever it might be looked for. expect: check_failed"""
import json
import os

checks = [
    {"name": name, "points": points, "earned": points, "passed": True, "message": "", "visible": True}
    for name, points in (("rows", 4), ("the total", 6))
]
for place in ("/out", "/out/lakehouse", "/out/left", "/tmp", "."):
    os.makedirs(place, exist_ok=True)
    with open(f"{place}/verdict.json", "w") as file:
        json.dump({"checks": checks}, file)
