"""Ends the whole kernel, quietly and with status 0. expect: kernel_died"""
import os

os._exit(0)
