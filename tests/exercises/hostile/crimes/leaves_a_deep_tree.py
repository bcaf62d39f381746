"""Folders in folders, deeper than a path may be long. expect: too_big check_failed cell_failed"""
import os

os.makedirs("/out/lakehouse/silver", exist_ok=True)
os.chdir("/out/lakehouse/silver")
for _ in range(2000):
    os.mkdir("d" * 50)
    os.chdir("d" * 50)
