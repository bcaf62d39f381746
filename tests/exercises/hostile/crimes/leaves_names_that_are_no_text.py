"""File names of bytes that are no text, of control characters, and as long as they can be. expect: too_big check_failed"""
import os

os.makedirs("/out/lakehouse/silver/numbers/_delta_log")
for name in (b"\xff\xfe.parquet", b"\x1b[2J\r\n.parquet", b"x" * 247 + b".parquet", b"-rf.parquet", "\u202etxt.parquet".encode()):
    with open(b"/out/lakehouse/silver/numbers/" + name, "wb") as file:
        file.write(b"PAR1")
