"""Inside a container: makes an exercise's input for a seed, and the facts its checks go by.

`python -m exercises.runner.prepare /in /out --seed N` runs `make` and `facts` of /in/data.py; without one, /in/data is the data.

Invariant: nothing of a student's is in this container. The facts are JSON.
"""

import argparse
import importlib.util
import json
import shutil
import sys
from pathlib import Path

NO_MAKE = "data.py has no function make(directory, seed), which writes the input files."


def prepare(exercise: Path, out: Path, seed: int) -> None:
    """Write out/data/ and out/facts.json."""
    data = out / "data"
    data.mkdir(parents=True, exist_ok=True)
    facts: dict = {}
    if (exercise / "data.py").is_file():
        made = load(exercise / "data.py")
        if not hasattr(made, "make"):
            raise SystemExit(NO_MAKE)
        made.make(data, seed)
        facts = made.facts(seed) if hasattr(made, "facts") else {}
    elif (exercise / "data").is_dir():
        shutil.copytree(exercise / "data", data, dirs_exist_ok=True)
    (out / "facts.json").write_text(json.dumps(facts, default=str, sort_keys=True), encoding="utf-8")


def load(path: Path):
    """Import a file of the exercise's by its path; it may import what lies beside it."""
    if str(path.parent) not in sys.path:
        # At the end: an exercise's csv.py must not stand before Python's own.
        sys.path.append(str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    # Dataclasses and pickles look themselves up by their module's name.
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("exercise", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, required=True)
    asked = parser.parse_args()
    sys.dont_write_bytecode = True
    prepare(asked.exercise, asked.out, asked.seed)


if __name__ == "__main__":
    main()
