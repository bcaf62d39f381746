"""Kills the process that started the kernel, having written what it would have said. expect: kernel_died out_of_time check_failed"""
import json
import os
import signal

with open("/out/run.json", "w") as file:
    json.dump({"status": "ok", "cell": None, "error": None, "seconds": 1.0}, file)
os.kill(os.getppid(), signal.SIGKILL)
