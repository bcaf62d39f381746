"""Reads from nowhere. expect: kernel_died"""
import ctypes

ctypes.string_at(0)
