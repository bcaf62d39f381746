"""A process that outlives its cell and the notebook, and changes what was left when everybody looks away.
expect: check_failed out_of_time"""
import subprocess
import sys

code = """
import os, signal, time
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
    signal.signal(number, signal.SIG_IGN)
while True:
    for name in ("run.json", "verdict.json"):
        with open(f"/out/{name}", "w") as file:
            file.write('{"status": "ok", "checks": []}')
    time.sleep(0.001)
"""
subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
