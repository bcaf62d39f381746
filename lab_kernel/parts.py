"""Do pyspark, Java and the jars fit together? Told from their names, before a JVM is started.

Invariant: pure functions over file names and version strings; a wrong part is named together with the
part that it contradicts. Spark itself would start with most of these and fail in the middle of a lesson.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from lab_kernel import messages

_SCALA = re.compile(r"(?P<artifact>.+)_(?P<scala>2\.\d+)-(?P<version>\d[\w.]*(?:-[\w.]+)*)\.jar")
_JAVA = re.compile(r"(?P<artifact>.+?)-(?P<version>\d[\w.]*(?:-[\w.]+)*)\.jar")
_DELTA = re.compile(r"delta-spark_(?P<spark>\d+\.\d+)_(?P<scala>2\.\d+)-(?P<version>.+)\.jar")

# Delta writes through the kernel and storage jars, Kafka needs its client, token and pool jars.
NEEDED = (
    "spark-core",
    "delta-spark",
    "delta-storage",
    "delta-kernel-api",
    "delta-kernel-defaults",
    "hadoop-client-api",
    "hadoop-client-runtime",
    "hadoop-aws",
    "spark-sql-kafka-0-10",
    "spark-token-provider-kafka-0-10",
    "kafka-clients",
    "commons-pool2",
    "analyticsaccelerator-s3",
)
LEAST_JAVA = 17
# Hadoop before this line asks Java for something that Java 24 took away ("getSubject is not supported").
HADOOP_FOR_NEW_JAVA = (3, 5)
LAST_JAVA_FOR_OLD_HADOOP = 23


@dataclass(frozen=True)
class Jar:
    """One file name, taken apart; `scala` is None for a pure Java jar."""

    file: str
    artifact: str
    scala: str | None
    version: str
    built_for_spark: str | None = None


def parse(file: str) -> Jar | None:
    """Returns the parts of a jar's file name, or None if it has no version in it."""
    if match := _DELTA.fullmatch(file):
        return Jar(file, "delta-spark", match["scala"], match["version"], match["spark"])
    if match := _SCALA.fullmatch(file):
        return Jar(file, match["artifact"], match["scala"], match["version"])
    if match := _JAVA.fullmatch(file):
        return Jar(file, match["artifact"], None, match["version"])
    return None


def misfits(
    files: Iterable[str], *, pyspark: str, delta: str | None, java: str | None, folder: str = "jars"
) -> list[str]:
    """Returns what does not fit, one sentence each; empty when everything does.

    `files` are the jars' names, `pyspark` and `delta` the Python packages' versions, `java` the
    JVM's version or None if unknown.
    """
    jars = defaultdict(list)
    for jar in filter(None, map(parse, files)):
        jars[jar.artifact].append(jar)
    found = []
    for artifact in NEEDED:
        if artifact not in jars:
            found.append(messages.MISFIT_MISSING.format(artifact=artifact, folder=folder))
        elif len(jars[artifact]) > 1:
            names = ", ".join(sorted(jar.file for jar in jars[artifact]))
            found.append(messages.MISFIT_TWICE.format(artifact=artifact, found=names))
    one = {artifact: several[0] for artifact, several in jars.items()}
    found += _spark(one, pyspark, delta)
    found += _same(one, "hadoop-aws", "hadoop-client-api")
    found += _same(one, "hadoop-client-runtime", "hadoop-client-api")
    found += _same(one, "spark-sql-kafka-0-10", "spark-core")
    found += _same(one, "spark-token-provider-kafka-0-10", "spark-core")
    found += _same(one, "delta-storage", "delta-spark")
    found += _same(one, "delta-kernel-api", "delta-spark")
    found += _same(one, "delta-kernel-defaults", "delta-spark")
    if "spark-core" in one:
        wanted = one["spark-core"].scala
        for jar in (jar for several in jars.values() for jar in several):
            if jar.scala and jar.scala != wanted:
                found.append(
                    messages.MISFIT_SCALA.format(jar=jar.file, found=jar.scala, wanted=wanted)
                )
    hadoop = one["hadoop-client-api"].version if "hadoop-client-api" in one else None
    found += _java(java, hadoop, pyspark)
    return found


def check(spark_home: Path, java_home: str | None) -> list[str]:
    """Returns the misfits of this installation; Python versions from package metadata."""
    folder = spark_home / "jars"
    files = sorted(path.name for path in folder.glob("*.jar"))
    return misfits(
        files,
        pyspark=_installed("pyspark") or "?",
        delta=_installed("delta-spark"),
        java=java_version(java_home),
        folder=str(folder),
    )


def java_version(java_home: str | None) -> str | None:
    """Returns the version that a JDK's `release` file states, with its dots; None if unknown."""
    if not java_home:
        return None
    try:
        text = (Path(java_home) / "release").read_text()
    except OSError:
        return None
    match = re.search(r'^JAVA_VERSION="?([^"\n]+)', text, re.MULTILINE)
    return match[1] if match else None


def _installed(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _spark(one: dict[str, Jar], pyspark: str, delta: str | None) -> list[str]:
    found = []
    core, jar = one.get("spark-core"), one.get("delta-spark")
    if core and core.version != pyspark:
        found.append(messages.MISFIT_SPARK.format(pyspark=pyspark, jar=core.version))
    if jar:
        spark = ".".join(pyspark.split(".")[:2])
        if jar.built_for_spark not in (None, spark):
            found.append(
                messages.MISFIT_DELTA_SPARK.format(
                    jar=jar.file, built=jar.built_for_spark, spark=pyspark
                )
            )
        if delta and delta != jar.version:
            found.append(messages.MISFIT_DELTA_PYTHON.format(python=delta, jar=jar.version))
    return found


def _same(one: dict[str, Jar], artifact: str, other: str) -> list[str]:
    if artifact not in one or other not in one or one[artifact].version == one[other].version:
        return []
    return [
        messages.MISFIT_SAME.format(
            artifact=artifact, found=one[artifact].version, other=other, wanted=one[other].version
        )
    ]


def _java(java: str | None, hadoop: str | None, spark: str) -> list[str]:
    if java is None:
        return []
    major = int(re.match(r"(?:1\.)?(\d+)", java)[1])
    if major < LEAST_JAVA:
        return [messages.MISFIT_JAVA_OLD.format(found=java, spark=spark, least=LEAST_JAVA)]
    if hadoop and major > LAST_JAVA_FOR_OLD_HADOOP:
        line = tuple(int(part) for part in re.findall(r"\d+", hadoop)[:2])
        if line < HADOOP_FOR_NEW_JAVA:
            most = LAST_JAVA_FOR_OLD_HADOOP
            return [messages.MISFIT_JAVA_NEW.format(found=java, hadoop=hadoop, most=most)]
    return []
