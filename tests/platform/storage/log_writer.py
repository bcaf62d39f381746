"""Runs in a lab: writes commits to a Delta log as Delta does, without Spark's work around it, from several threads.

Invariant: a commit is the text that names its writer and number; a version that is taken leads to the next one, as in Delta. Prints
one JSON line with the commits that the store said were made. Usage: log_writer.py LOG STORE WRITERS COMMITS FOLDER (where labs
meet); WRITERS 0: prints what the log holds instead, by version.
"""

import functools
import json
import os
import sys
from pathlib import Path

from py4j.protocol import Py4JJavaError
from pyspark import SparkConf
from pyspark.java_gateway import launch_gateway
from together import together

TAKEN = "java.nio.file.FileAlreadyExistsException"


def configuration(jvm):
    made = jvm.org.apache.hadoop.conf.Configuration()
    settings = {
        "endpoint": os.environ["AWS_ENDPOINT_URL"],
        "endpoint.region": os.environ["AWS_REGION"],
        "access.key": os.environ["AWS_ACCESS_KEY_ID"],
        "secret.key": os.environ["AWS_SECRET_ACCESS_KEY"],
        "path.style.access": "true",
        "connection.ssl.enabled": "false",
    }
    for name, value in settings.items():
        made.set(f"fs.s3a.{name}", value)
    # More of the file system's settings, for a comparison: `performance.flags=create`.
    for pair in os.environ.get("S3A_SETTINGS", "").split():
        name, _, value = pair.partition("=")
        made.set(f"fs.s3a.{name}", value)
    return made


class Log:
    def __init__(self, jvm, place: str, store: str) -> None:
        self.jvm, self.place, self.conf = jvm, place, configuration(jvm)
        self.store = functools.reduce(getattr, store.split("."), jvm)(self.conf)

    def path(self, version: int):
        return self.jvm.org.apache.hadoop.fs.Path(f"{self.place}/{version:020}.json")

    def commit(self, version: int, text: str) -> bool:
        """Whether this version was free."""
        try:
            self.store.write(self.path(version), self.jvm.java.util.Collections.singletonList(text).iterator(), False, self.conf)
            return True
        except Py4JJavaError as error:
            if error.java_exception.getClass().getName() != TAKEN:
                raise
            return False

    def content(self) -> list[str]:
        found, files = [], self.store.listFrom(self.path(0), self.conf)
        while files.hasNext():
            lines = self.store.read(files.next().getPath(), self.conf)
            while lines.hasNext():
                found.append(lines.next())
            lines.close()
        return found


def main(place: str, store: str, writers: int, commits: int, meeting: Path) -> None:
    log = Log(launch_gateway(SparkConf(loadDefaults=False)).jvm, place, store)
    if not writers:
        print(json.dumps(log.content()))
        return
    lab, versions = os.environ["LAB"], [0] * writers

    def commit(writer: int, number: int) -> str:
        text = f"{lab} {writer} {number}"
        while not log.commit(versions[writer], text):
            versions[writer] += 1
        versions[writer] += 1
        return text

    log.commit(0, "the table is made")
    together(meeting, writers, commits, commit)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
