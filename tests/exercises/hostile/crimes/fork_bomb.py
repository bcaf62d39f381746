"""Processes that make processes. expect: out_of_time cell_failed kernel_died out_of_memory"""
import os
import time

while True:
    try:
        if os.fork() == 0:
            continue
    except OSError:
        time.sleep(0.2)
