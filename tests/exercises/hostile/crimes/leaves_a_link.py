"""A table that is a link to a place of the grader's. expect: too_big"""
import os

os.makedirs("/out/lakehouse/silver", exist_ok=True)
os.symlink("/in/exercise", "/out/lakehouse/silver/numbers")
