"""Reading a pipe never ends. expect: too_big"""
import os

os.makedirs("/out/lakehouse/silver/numbers/_delta_log", exist_ok=True)
os.mkfifo("/out/lakehouse/silver/numbers/_delta_log/00000000000000000000.json")
