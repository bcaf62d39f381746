"""The well-known breakages, made to happen, and what the notebook says about each."""

import pytest

RATE = "spark.readStream.format('rate').load().writeStream.format('delta')"


def load(name: str) -> str:
    return f"spark._jvm.java.lang.Class.forName({name!r})"


CASES = {
    "a session without Delta": (
        "delta-not-configured",
        "other = spark.newSession(); other.conf.unset('spark.sql.catalog.spark_catalog')\n"
        "other.sql('create table t (id int) using delta')",
    ),
    "a misspelled format": (
        "data-source-unknown",
        "spark.read.format('dleta').load('/tmp')",
    ),
    "a class that only an older Spark has": (
        "delta-built-for-another-spark",
        load("org.apache.spark.sql.execution.datasources.IgnoreCachedData"),
    ),
    "a Java class that is not there": (
        "delta-built-for-another-spark",
        "from py4j.protocol import Py4JError\n"
        "raise Py4JError('io.delta.tables.DeltaTableX does not exist in the JVM')",
    ),
    "a class that only Scala 2.12 has": ("scala-versions-mixed", load("scala.Serializable")),
    "a Kafka class of another version": (
        "kafka-source-missing",
        load("org.apache.kafka.clients.NoSuchClient"),
    ),
    "AWS's first kit": (
        "s3-parts-do-not-fit",
        load("com.amazonaws.services.s3.transfer.TransferManager"),
    ),
    "a duration that an older Hadoop does not read": (
        "s3-parts-do-not-fit",
        "conf = spark._jsc.hadoopConfiguration(); conf.set('fs.s3a.threads.keepalivetime', '60s')\n"
        "conf.getLong('fs.s3a.threads.keepalivetime', 1)",
    ),
    "an S3 server that is not there": (
        "s3-host-unknown",
        "for key, value in {'access.key': 'a', 'secret.key': 'b', 'endpoint': 'http://s3.invalid',\n"
        "                   'attempts.maximum': '1', 'retry.limit': '1'}.items():\n"
        "    spark.conf.set(f'fs.s3a.{key}', value)\n"
        "spark.read.text('s3a://bucket/file').count()",
    ),
    "no key for S3": (
        "s3-refused",
        "for key in ('access.key', 'secret.key', 'endpoint'): spark.conf.unset(f'fs.s3a.{key}')\n"
        "spark.read.text('s3a://other/file').count()",
    ),
    "what newer Javas took away": (
        "java-too-new",
        "spark._jvm.javax.security.auth.Subject.getSubject(None)",
    ),
    "another Python in the workers": (
        "python-versions-differ",
        "context = spark.sparkContext; own, context.pythonVer = context.pythonVer, '3.1'\n"
        "try: context.parallelize([1]).map(str).collect()\n"
        "finally: context.pythonVer = own",
    ),
    "no Python for the workers": (
        "worker-python-missing",
        "context = spark.sparkContext; own, context.pythonExec = context.pythonExec, '/opt/no/python3'\n"
        "try: context.parallelize([1]).map(str).collect()\n"
        "finally: context.pythonExec = own",
    ),
    "no Kafka": (
        "kafka-unreachable",
        "(spark.read.format('kafka').option('kafka.bootstrap.servers', '127.0.0.1:1')\n"
        " .option('kafka.default.api.timeout.ms', '3000').option('kafka.request.timeout.ms', '2000')\n"
        " .option('subscribe', 't').load().count())",
    ),
    "no checkpoint": ("checkpoint-not-given", f"{RATE}.start('/tmp/no-checkpoint')"),
    "the same query twice": (
        "checkpoint-in-use",
        "spark.conf.set('spark.sql.streaming.stopActiveRunOnRestart', 'false')\n"
        f"one = {RATE}.option('checkpointLocation', '/tmp/cp').start('/tmp/one')\n"
        f"try: {RATE}.option('checkpointLocation', '/tmp/cp').start('/tmp/two')\n"
        "finally: one.stop()",
    ),
    "another notebook's query on the same checkpoint": (
        "checkpoint-in-use",
        "import glob, os, shutil, time\n"
        f"one = {RATE}.option('checkpointLocation', '/tmp/cp3').start('/tmp/three')\n"
        "while len(glob.glob('/tmp/cp3/commits/*')) < 2: time.sleep(0.1)\n"
        # What a second driver does: it writes the next batches before the first one does.
        "last = max(int(os.path.basename(name)) for name in glob.glob('/tmp/cp3/offsets/*'))\n"
        "for batch in range(last + 1, last + 10):\n"
        "    shutil.copy(f'/tmp/cp3/offsets/{last}', f'/tmp/cp3/offsets/{batch}')\n"
        "one.awaitTermination(60)",
    ),
    "a value that is no number": ("value-not-castable", "%sql select cast('12,50' as double)"),
    "a division by zero": ("divided-by-zero", "%sql select 1 / 0"),
    "a table with other columns": (
        "schema-does-not-match",
        "spark.range(1).write.mode('overwrite').format('delta').save('/tmp/columns')\n"
        "spark.sql(\"select 'a' as other\").write.mode('append').format('delta').save('/tmp/columns')",
    ),
    "a VACUUM that keeps nothing": (
        "vacuum-too-short",
        "spark.range(1).write.format('delta').save('/tmp/vacuumed')\n"
        "spark.sql('VACUUM delta.`/tmp/vacuumed` RETAIN 0 HOURS')",
    ),
    "a version older than the files that are kept": (
        "past-not-kept",
        "spark.range(1).write.format('delta').save('/tmp/forgetful')\n"
        "spark.sql(\"ALTER TABLE delta.`/tmp/forgetful` \"\n"
        "          \"SET TBLPROPERTIES ('delta.deletedFileRetentionDuration' = 'interval 0 hours')\")\n"
        "spark.sql('SELECT * FROM delta.`/tmp/forgetful` VERSION AS OF 0').collect()",
    ),
    "a file deleted by hand": (
        "data-file-missing",
        "import pathlib\n"
        "spark.range(1).write.format('delta').save('/tmp/deleted')\n"
        "for file in pathlib.Path('/tmp/deleted').glob('*.parquet'): file.unlink()\n"
        "spark.read.format('delta').load('/tmp/deleted').collect()",
    ),
    "too large a result": (
        "result-too-large",
        "spark.range(0, 12, 1, 12).rdd.map(lambda i: __import__('os').urandom(30_000_000)).collect()",
    ),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_error_is_explained(notebook, case):
    explanation, code = CASES[case]
    notebook.fails(code, explanation)


def test_an_error_of_plain_python_is_left_alone(notebook):
    ran = notebook.run("{}['spark']")
    assert ran.kinds() == ["error"] and "What to do" not in ran.text
