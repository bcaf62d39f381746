"""One cluster for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.helpers import lab
from tests.helpers.versions import Versions, read
from tests.platform.spark.cluster import Cluster


@pytest.fixture(scope="package")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    settings: Versions = read()
    lab.require_image(settings["LAB_IMAGE"])
    found = Cluster("dataflow-spark-test", tmp_path_factory.mktemp("state"), settings)
    try:
        found.up()
        yield found
    finally:
        found.down()
