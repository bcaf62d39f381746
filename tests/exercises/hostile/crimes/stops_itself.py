"""The kernel is stopped and not ended: it answers nothing, and uses nothing. expect: out_of_time"""
import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
