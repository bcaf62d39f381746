"""MLflow's database is a link to the facts, and its folder of models one to the checks. expect: too_big"""
import os

os.makedirs("/out", exist_ok=True)
for name, target in (("mlflow.db", "/in/exercise/facts.json"), ("mlflow", "/in/exercise")):
    os.symlink(target, f"/out/{name}")
