"""Threads and open files until there are no more. expect: cell_failed out_of_time kernel_died"""
import os
import threading
import time

held = []
try:
    while True:
        held.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    pass
while True:
    threading.Thread(target=time.sleep, args=(3600,)).start()
