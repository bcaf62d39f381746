"""Two students' labs, started by the hub while the groups run: each works on the platform, and neither sees the other."""

import json
import subprocess

import pytest

from tests.helpers.stack import Stack
from tests.platform.in_notebook import PEEK, TALK, WRITE

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

FACTS = """
import json, os
names = ("LAKEHOUSE_ROOT", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "KAFKA_BOOTSTRAP", "KAFKA_USER")
print(json.dumps({name: os.environ.get(name, "") for name in names}))
"""
# In the platform's container, which has an S3 client and a way to the storage.
LIST = """
import botocore.session, sys
from botocore.exceptions import ClientError
key, secret, endpoint, prefix = sys.argv[1:]
client = botocore.session.Session().create_client(
    "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=secret)
try:
    print("listed", client.list_objects_v2(Bucket="bronze", Prefix=prefix)["KeyCount"])
except ClientError as error:
    print("refused", error.response["Error"]["Code"])
"""

ZONE = """
import os
place = os.environ["LANDING_ZONE"]
print(place)
print(open(place + "/files/towns.csv").read(), end="")
try:
    open(place + "/files/mine.csv", "w")
except OSError as error:
    print(error.strerror)
"""
FILE_STREAM = """
import os, tempfile
towns = spark.readStream.schema("id int, town string").option("header", True).csv("file://" + os.environ["LANDING_ZONE"] + "/files")
query = towns.writeStream.format("memory").queryName("towns").trigger(availableNow=True)
query.option("checkpointLocation", lakehouse.checkpoint("towns")).start().awaitTermination()
print(*spark.table("towns").where("town = 'Faro'").first())
"""


@pytest.fixture(scope="module")
def pair(stack, enrol):
    """Two students with a kernel each, and what was told while the first lab started."""
    people = [enrol("ana"), enrol("bruno")]
    told = []
    for person in people:
        person.click_start()
        told.append([event.get("message", "") for event in person.progress()])
        person.kernel = person.start().kernel()
    yield people, told
    for person in people:
        person.kernel.close()
        person.stop()


def lines(person, code: str) -> list[str]:
    return person.kernel.run(code).ok().text.strip().splitlines()


def test_a_lab_knows_the_platform_and_says_so(pair):
    people, told = pair
    for person, said in zip(people, told, strict=True):
        facts = json.loads(lines(person, FACTS)[-1])
        assert facts["LAKEHOUSE_ROOT"].startswith("s3a://")
        assert all(facts.values()), facts
        assert any("works on the class's platform" in text for text in said), said


def test_keys_are_each_students_own(pair):
    (ana, bruno), _ = pair
    mine, theirs = (json.loads(lines(person, FACTS)[-1]) for person in (ana, bruno))
    assert mine["AWS_ACCESS_KEY_ID"] != theirs["AWS_ACCESS_KEY_ID"]
    assert mine["KAFKA_USER"] != theirs["KAFKA_USER"]


def test_each_writes_a_table_of_the_same_name_and_none_sees_the_others(pair):
    (ana, bruno), _ = pair
    assert lines(ana, WRITE.format(word="alpha"))[-1] == "2"
    assert lines(bruno, WRITE.format(word="beta"))[-1] == "2"
    for me, other in ((ana, bruno), (bruno, ana)):
        said = lines(me, PEEK.format(me=me.name, other=other.name))[-1]
        assert said.startswith("refused True"), said
    assert lines(ana, WRITE.format(word="alpha"))[-1] == "2"


def test_each_has_a_topic_of_the_same_name(pair):
    (ana, bruno), _ = pair
    mine, theirs = (lines(person, TALK.format(word=word))[-1].split() for person, word in ((ana, "alpha"), (bruno, "beta")))
    assert mine[0] != theirs[0]
    assert mine[1] == theirs[1] == "1"


def test_what_nifi_delivers_is_read_in_labs_and_written_in_none(stack: Stack, pair):
    deliver = "mkdir -p /srv/landing/files && cat > /srv/landing/files/towns.csv"
    command = ["docker", "exec", "-i", f"{stack.project}-nifi", "sh", "-c", deliver]
    subprocess.run(command, input="id,town\n1,Faro\n", text=True, check=True, timeout=60)
    for person in pair[0]:
        assert lines(person, ZONE) == ["/srv/landing", "id,town", "1,Faro", "Read-only file system"]
        # The same path leads there for a file stream too, wherever it computes.
        assert lines(person, FILE_STREAM)[-1] == "1 Faro"


def test_with_the_account_the_keys_go(stack: Stack, enrol, operator):
    person = enrol("gone")
    kernel = person.start().kernel()
    facts = json.loads(kernel.run(FACTS).ok().text.strip().splitlines()[-1])
    kernel.close()
    person.stop()

    def listed() -> str:
        key = [facts[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL")]
        command = ["docker", "exec", f"{stack.project}-platform", "python", "-c", LIST, *key, f"{person.name}/"]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()

    assert listed() == "listed 0"
    assert operator.api("DELETE", f"users/{person.name}").status_code == 204
    assert listed() == "refused InvalidAccessKeyId"
