"""Locations and files, without Spark."""

import pytest

from lab_kernel.lakehouse import Lakehouse, LakehouseError, layout


def no_spark():
    raise AssertionError("Spark was asked for")


@pytest.fixture
def lakehouse(tmp_path):
    return Lakehouse(str(tmp_path), no_spark, lambda name: name == "with_topic")


@pytest.mark.parametrize("root", ["/lake", "s3a://class/ana"])
def test_locations(root):
    lake = Lakehouse(root, no_spark)
    assert lake.landing("sales") == f"{root}/landing/sales"
    assert lake.bronze("sales") == f"{root}/bronze/sales"
    assert lake.silver("sales") == f"{root}/silver/sales"
    assert lake.gold("sales") == f"{root}/gold/sales"
    assert lake.checkpoint("sales") == f"{root}/checkpoints/sales"
    assert lake.checkpoint("sales", "hourly") == f"{root}/checkpoints/sales/hourly"


def test_a_layer_can_be_a_bucket():
    lake = Lakehouse("s3a://{layer}/ana", no_spark)
    assert not lake.local
    assert lake.landing("sales") == "s3a://landing/ana/sales"
    assert lake.bronze("sales") == "s3a://bronze/ana/sales"
    assert lake.gold("sales") == "s3a://gold/ana/sales"
    assert lake.checkpoint("sales", "hourly") == "s3a://checkpoints/ana/sales/hourly"
    assert layout.area("s3a://class-{layer}/ana", layout.WAREHOUSE) == "s3a://class-warehouse/ana"


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "a b", "1a", "_a", "a-b", "ção", None, 3])
def test_names_that_would_leave_the_root_or_break_sql(lakehouse, name):
    for use in (lakehouse.landing, lakehouse.bronze, lakehouse.checkpoint, lakehouse.reset):
        with pytest.raises(LakehouseError):
            use(name)


def test_land_is_whole_or_nothing(lakehouse, tmp_path):
    source = tmp_path / "source"
    (source / "b").mkdir(parents=True)
    (source / "one.csv").write_text("1")
    (source / "b" / "one.csv").write_text("2")
    for files in ([], [source / "one.csv", source / "none.csv"], [source / "one.csv", source / "b" / "one.csv"]):
        with pytest.raises(LakehouseError):
            lakehouse.land("sales", files)
        assert not (tmp_path / "landing").exists()
    assert lakehouse.land("sales", source / "one.csv") == [f"{tmp_path}/landing/sales/one.csv"]
    assert [path.name for path in (tmp_path / "landing/sales").iterdir()] == ["one.csv"]


def test_delta_tables_are_found_by_their_logs(lakehouse, tmp_path):
    for place in ("bronze/a/_delta_log/00000000000000000000.json", "silver/b/_delta_log/_commits/x", "gold/c/part.parquet"):
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_text("{}")
    assert lakehouse.delta_tables() == [("bronze", "a")]


def test_reset_without_spark_removes_files_and_topic(lakehouse, tmp_path, capsys):
    for place in ("landing", "bronze", "checkpoints"):
        (tmp_path / place / "with_topic").mkdir(parents=True)
        (tmp_path / place / "other").mkdir(parents=True)
    lakehouse.reset("with_topic", "nothing")
    assert capsys.readouterr().out.splitlines() == [
        "with_topic: removed landing files, bronze table, checkpoints, Kafka topic.",
        "nothing: nothing to remove.",
    ]
    assert sorted(path.name for path in tmp_path.glob("*/*")) == ["other"] * 3


def test_a_link_out_of_the_root_is_removed_not_followed(lakehouse, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("x")
    (tmp_path / "bronze").mkdir()
    (tmp_path / "bronze" / "linked").symlink_to(outside)
    lakehouse.reset("linked")
    assert (outside / "kept.txt").exists() and not (tmp_path / "bronze" / "linked").exists()


class Started:
    """As much of a session as the catalog needs to register nothing."""

    class _jsparkSession:
        @staticmethod
        def sessionState():
            return Started._jsparkSession

        @staticmethod
        def newHadoopConf():
            return None

    class sparkContext:
        class _jvm:
            class org:
                class apache:
                    class hadoop:
                        class fs:
                            class Path:
                                def __init__(self, location):
                                    self.location = location

                                def getFileSystem(self, conf):
                                    return self

                                def exists(self, path):
                                    return False

    def __init__(self):
        self.said = []

    def sql(self, text):
        self.said.append(text)


def test_a_catalog_on_s3_is_prepared_while_spark_starts():
    """Asking for the session then would wait for what it is part of."""
    lake, spark = Lakehouse("s3a://{layer}/ana", no_spark), Started()
    lake.catalog.prepare(spark)
    assert spark.said == [f"CREATE DATABASE IF NOT EXISTS {one} LOCATION 's3a://{one}/ana'" for one in ("bronze", "silver", "gold")]
    with pytest.raises(AssertionError, match="Spark was asked for"):
        lake.exists(lake.bronze("sales"))
