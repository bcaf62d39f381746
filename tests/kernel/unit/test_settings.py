"""Settings: what is read, and what is refused with its reason."""

import pytest

from lab_kernel import session, settings
from lab_kernel.settings import MB, SettingsError
from tests.helpers.versions import ROOT

HOME = {"HOME": "/home/ana", "MEM_LIMIT": str(2048 * MB)}


def test_defaults_of_a_lab():
    found = settings.read(HOME)
    assert found.lakehouse_root == "/home/ana/lakehouse"
    assert (found.master, found.driver_memory_mb, found.memory_limit) == ("local[2]", 1024, 2048 * MB)
    assert (found.hub_prefix, found.progress, found.rows, found.ui) == ("/", True, 20, True)


@pytest.mark.parametrize(
    "limit_mb, heap_mb", [(512, 300), (1024, 512), (1536, 768), (2048, 1024), (8192, 1024)]
)
def test_heap_is_half_of_the_lab_and_at_most_a_gigabyte(limit_mb, heap_mb):
    assert settings.read(HOME | {"MEM_LIMIT": str(limit_mb * MB)}).driver_memory_mb == heap_mb


@pytest.mark.parametrize(
    "root, location",
    [
        ("~/lake", "/home/ana/lake"),
        ("/data/lake/", "/data/lake"),
        ("file:///data/lake", "/data/lake"),
        ("s3a://class/ana/", "s3a://class/ana"),
    ],
)
def test_roots(root, location):
    assert settings.read(HOME | {"LAKEHOUSE_ROOT": root}).lakehouse_root == location


@pytest.mark.parametrize("prefix, normal", [("/user/ana/", "/user/ana/"), ("user/ana", "/user/ana/")])
def test_prefix_has_its_slashes(prefix, normal):
    assert settings.read(HOME | {"JUPYTERHUB_SERVICE_PREFIX": prefix}).hub_prefix == normal


@pytest.mark.parametrize(
    "name, value, allowed",
    [
        ("LAKEHOUSE_ROOT", "lake", "absolute folder"),
        ("LAKEHOUSE_ROOT", "s3://bucket/x", "s3a://bucket/path"),
        ("LAKEHOUSE_ROOT", "/", "absolute folder"),
        ("SPARK_MASTER", "yarn", "spark://host:port"),
        ("SPARK_MASTER", "spark://host", "spark://host:port"),
        ("SPARK_EXECUTOR_MEMORY", "200m", "at least 450m"),
        ("SPARK_STUDENT_CORES", "0", "from 1 to 1024"),
        ("DATAFLOW_DRIVER_MEMORY", "much", "such as 768m"),
        ("DATAFLOW_DRIVER_MEMORY", "100m", "at least 300m"),
        ("DATAFLOW_DRIVER_MEMORY", "4g", "less than the lab's memory, 2 GiB"),
        ("MEM_LIMIT", "two", "such as 768m"),
        ("DATAFLOW_PROGRESS", "maybe", "on or off"),
        ("SPARK_UI", "2", "on or off"),
        ("SPARK_UI_PORT", "70000", "from 0 to 65535"),
        ("SPARK_UI_PORT", "x", "from 0 to 65535"),
        ("DATAFLOW_ROWS", "0", "from 1 to 1000"),
        ("DATAFLOW_PROGRESS_AFTER", "-1", "from 0 to 3600"),
        ("DATAFLOW_HEARTBEAT_SECONDS", "0", "from 0.1 to 600"),
        ("DATAFLOW_START_TIMEOUT", "0", "from 1 to 3600"),
    ],
)
def test_a_bad_value_is_refused_with_what_is_allowed(name, value, allowed):
    with pytest.raises(SettingsError) as caught:
        settings.read(HOME | {name: value})
    assert name in str(caught.value) and repr(value) in str(caught.value)
    assert allowed in str(caught.value)


def test_every_variable_that_is_read_is_listed():
    asked = set()

    class Recorder(dict):
        def get(self, key, default=None):
            asked.add(key)
            return super().get(key, default)

    settings.read(Recorder(HOME))
    assert asked - {"HOME", "USER"} == set(settings.NAMES)


@pytest.mark.parametrize("name", settings.NAMES)
def test_setting_is_documented(name):
    assert f"`{name}`" in (ROOT / "docs/kernel.md").read_text()


S3 = {"LAKEHOUSE_ROOT": "s3a://{layer}/ana"}


@pytest.mark.parametrize(
    ("variables", "path_style"),
    [
        ({}, "true"),
        (S3, "false"),
        (S3 | {"S3_PATH_STYLE": "on"}, "true"),
        (S3 | {"AWS_ENDPOINT_URL": "http://storage:1"}, "true"),
        (S3 | {"AWS_ENDPOINT_URL": "http://storage:1", "S3_PATH_STYLE": "off"}, "false"),
    ],
    ids=["no S3", "AWS", "AWS, against its wish", "another server", "another server that has names for its buckets"],
)
def test_where_a_buckets_name_stands(variables, path_style):
    told = dict(session.configuration(settings.read(HOME | variables)))
    assert told["spark.hadoop.fs.s3a.path.style.access"] == path_style


def test_the_region_is_the_buckets_and_else_the_images():
    key = "spark.hadoop.fs.s3a.endpoint.region"
    assert dict(session.configuration(settings.read(HOME | {"AWS_REGION": "eu-central-1"})))[key] == "eu-central-1"
    assert key not in dict(session.configuration(settings.read(HOME)))
