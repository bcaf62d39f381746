"""Do the jars fit together? Told from their names; the names come from the image's own lock."""

import re

import pytest

from lab_kernel import parts
from tests.helpers.versions import ROOT, read

PINS = read(environment={})
LOCKED = re.findall(r"spark/(\S+\.jar)", (ROOT / "images/lab/jars.lock").read_text())


def jars() -> list[str]:
    """The locked jars and those of pyspark that matter, as they lie in the image."""
    scala, spark, hadoop = PINS["SCALA_BINARY"], PINS["MVN_SPARK"], PINS["MVN_HADOOP"]
    own = [f"spark-core_{scala}-{spark}.jar", f"spark-sql_{scala}-{spark}.jar"]
    own += [f"hadoop-client-{part}-{hadoop}.jar" for part in ("api", "runtime")]
    return LOCKED + own


def misfits(files, *, pyspark=None, delta=None, java=None):
    return parts.misfits(
        files,
        pyspark=pyspark or PINS["PIP_PYSPARK"],
        delta=delta or PINS["PIP_DELTA_SPARK"],
        java=java or PINS["JAVA_MAJOR"],
    )


def test_what_is_locked_fits():
    assert misfits(jars()) == []


@pytest.mark.parametrize("artifact", parts.NEEDED)
def test_a_missing_jar_is_named(artifact):
    left = [name for name in jars() if parts.parse(name).artifact != artifact]
    assert len(left) == len(jars()) - 1
    assert f"no {artifact} jar in jars" in misfits(left)


@pytest.mark.parametrize("artifact", parts.NEEDED)
def test_a_second_one_is_named(artifact):
    name = next(name for name in jars() if parts.parse(name).artifact == artifact)
    version = parts.parse(name).version
    found = misfits([*jars(), name.replace(f"-{version}", f"-{version}-copy")])
    assert any(f"{artifact} is there more than once" in line for line in found)


def test_spark_delta_and_scala_of_other_versions():
    assert any("spark-core jar is" in line for line in misfits(jars(), pyspark="9.9.9"))
    assert any("was built for Spark" in line for line in misfits(jars(), pyspark="9.9.9"))
    assert misfits(jars(), delta="9.9.9") == [
        f"delta-spark for Python is 9.9.9, its jar is {PINS['MVN_DELTA']}"
    ]
    other = [name.replace(f"token-provider-kafka-0-10_{PINS['SCALA_BINARY']}", "token-provider-kafka-0-10_2.1") for name in jars()]
    assert any("is for Scala 2.1, this Spark is for" in line for line in misfits(other))


@pytest.mark.parametrize(
    "java, said", [("11.0.2", "needs 17 or newer"), ("1.8.0_292", "needs 17 or newer"), ("17.0.1", None)]
)
def test_old_java(java, said):
    found = misfits(jars(), java=java)
    assert (said is None and found == []) or said in found[0]


def test_new_java_needs_a_new_hadoop():
    hadoop = PINS["MVN_HADOOP"]
    old = [name.replace(f"-{hadoop}.jar", "-3.4.9.jar") for name in jars()]
    assert misfits(old, java="25") == ["Java is 25; Hadoop 3.4.9 works up to 23"]
    assert misfits(old, java="21") == []


def test_java_version_of_a_release_file(tmp_path):
    (tmp_path / "release").write_text('IMPLEMENTOR="X"\nJAVA_VERSION="21.0.2"\n')
    assert parts.java_version(str(tmp_path)) == "21.0.2"
    assert parts.java_version(str(tmp_path / "none")) is None
    assert parts.java_version(None) is None
