"""An hour more than there is. expect: cell_failed"""
import ctypes
import os
import time

gained = []
try:
    time.clock_settime(time.CLOCK_REALTIME, time.time() - 3600)
    gained.append("the clock")
except OSError:
    pass
if ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(b"\x01" * 4, 512)) >= 0:
    gained.append("the clock's pace")
for change in (lambda: os.nice(-5), lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))):
    try:
        change()
        gained.append("precedence")
    except OSError:
        pass
raise RuntimeError(f"gained {gained}" if gained else "nothing gained")
