"""A search that no interrupt ends, because it never comes back to Python. expect: out_of_time"""
import re

re.fullmatch("(x+x+)+y", "x" * 60)
