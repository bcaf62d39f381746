"""Half characters, ends of text, and commands for a terminal. expect: check_failed cell_failed"""
import sys

print("\ud800\udfff\x00\x1b]0;title\x07\u202e" * 1000)
print("\udc80", file=sys.stderr)
