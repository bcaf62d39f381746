"""A student's user on the broker: everything of their own, the shared for reading, nothing of anybody else's."""

import threading
import time

import pytest

pytestmark = pytest.mark.docker

# What happens when each thing is tried with this lab's password: "ok" or the client's error.
TRY = """
import os
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from lab_kernel.kafka import login, settings
client = {"bootstrap_servers": os.environ["KAFKA_BOOTSTRAP"], "bootstrap_timeout_ms": 10000, **login.for_python(settings.read())}
def tried(work):
    try:
        work()
        return "ok"
    except Exception as error:
        return type(error).__name__
def create(topic):
    with KafkaAdminClient(**client) as admin:
        admin.create_topics({topic: {"num_partitions": 1, "replication_factor": 1}}, wait_for_metadata=True)
def delete(topic):
    with KafkaAdminClient(**client) as admin:
        admin.delete_topics([topic])
def write(topic):
    producer = KafkaProducer(**client, acks="all", max_block_ms=5000)
    try:
        producer.send(topic, b"value").get(10)
    finally:
        producer.close(timeout=1)
def read(topic):
    consumer = KafkaConsumer(**client)
    try:
        consumer.assign([TopicPartition(topic, 0)])
        consumer.seek_to_beginning()
        rows = [row for found in consumer.poll(timeout_ms=5000).values() for row in found]
        assert rows
    finally:
        consumer.close()
def commit(group, topic):
    consumer = KafkaConsumer(**client, group_id=group, enable_auto_commit=False)
    try:
        place = TopicPartition(topic, 0)
        consumer.assign([place])
        consumer.seek(place, 0)
        consumer.poll(timeout_ms=3000)
        consumer.commit()
    finally:
        consumer.close()
def seen():
    with KafkaAdminClient(**client) as admin:
        return sorted(admin.list_topics())
"""
DENIED = "TopicAuthorizationFailedError"


def attempts(where, **works):
    listed = ", ".join(f"{name!r}: tried(lambda: {work})" for name, work in works.items())
    return where.answer(f"{TRY}\nprint(json.dumps({{{listed}}}))")


def told(where):
    """What a student reads who starts Kafka in this lab."""
    return where.answer("""
try:
    kafka.start()
    print(json.dumps("it started"))
except kafka.KafkaError as error:
    print(json.dumps(str(error)))
""")


@pytest.fixture(scope="module")
def shared_topic(platform):
    code = """
from kafka import KafkaProducer
with broker.admin() as admin:
    admin.create_topics({"shared.rates": {"num_partitions": 1, "replication_factor": 1}}, wait_for_metadata=True)
producer = KafkaProducer(**broker.client(), acks="all")
producer.send("shared.rates", b"1").get(10)
producer.close()
print(json.dumps("shared.rates"))
"""
    return platform.answer(code)


@pytest.fixture(scope="module")
def secrets_of_others(lab):
    """Topics of people whose names begin like ana's, or would, if a dot were allowed in them."""
    for user, topic in (("ana2", "ana2.secret"), ("ana.b", "ana-2Eb.secret")):
        assert attempts(lab(user), made=f"create({topic!r})", written=f"write({topic!r})") == {"made": "ok", "written": "ok"}


def test_own_topics_groups_and_records(ana):
    found = attempts(ana, create="create('ana.own')", write="write('ana.own')", read="read('ana.own')",
                     commit="commit('ana.readers', 'ana.own')", delete="delete('ana.own')")
    assert found == dict.fromkeys(("create", "write", "read", "commit", "delete"), "ok")


def test_what_is_shared_can_be_read_and_not_changed(ana, shared_topic):
    found = attempts(ana, read="read('shared.rates')", write="write('shared.rates')", delete="delete('shared.rates')",
                     create="create('shared.mine')")
    assert found == {"read": "ok", "write": DENIED, "delete": DENIED, "create": DENIED}


@pytest.mark.parametrize("topic", ["ana2.secret", "ana-2Eb.secret"])
def test_what_is_anothers_is_refused(ana, secrets_of_others, topic):
    found = attempts(ana, write=f"write({topic!r})", read=f"read({topic!r})", delete=f"delete({topic!r})")
    assert "ok" not in found.values()
    assert found["delete"] == DENIED


@pytest.mark.parametrize("topic", ["ana2.new", "ana", "anab", "free", "ana-2Eb.new", "ana_x", "__consumer_offsets2"])
def test_names_outside_of_the_prefix_cannot_be_made(ana, topic):
    assert attempts(ana, create=f"create({topic!r})") == {"create": DENIED}


def test_anothers_group_is_refused(ana, shared_topic):
    found = attempts(ana, other="commit('ana2.readers', 'shared.rates')", own="commit('ana.readers', 'shared.rates')")
    assert found == {"other": "GroupAuthorizationFailedError", "own": "ok"}


def test_a_list_shows_own_and_shared_topics_only(ana, secrets_of_others, shared_topic):
    attempts(ana, made="create('ana.listed')")
    names = ana.answer(f"{TRY}\nprint(json.dumps(seen()))")
    assert {"ana.listed", "shared.rates"} <= set(names)
    assert [name for name in names if not name.startswith(("ana.", "shared."))] == []


def test_students_cannot_give_themselves_rights(ana):
    code = TRY + """
from kafka.admin import UserScramCredentialUpsertion
def new_password():
    with KafkaAdminClient(**client) as admin:
        told = admin.alter_user_scram_credentials([UserScramCredentialUpsertion("platform-admin", "SCRAM-SHA-512", "mine")])
        assert not told["platform-admin"], told
def list_rights():
    from kafka.admin import ACLFilter, ACLOperation, ACLPermissionType, ACLResourcePatternType, ResourcePatternFilter, ResourceType
    everything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    with KafkaAdminClient(**client) as admin:
        _, error = admin.describe_acls(ACLFilter(None, None, ACLOperation.ANY, ACLPermissionType.ANY, everything))
        if error.errno:
            raise error()
print(json.dumps([tried(new_password), tried(list_rights)]))
"""
    assert "ok" not in ana.answer(code)


def test_granting_again_makes_a_new_password_and_keeps_what_was_stored(lab, grant):
    first = lab("carla")
    assert attempts(first, made="create('carla.kept')", written="write('carla.kept')") == {"made": "ok", "written": "ok"}
    second = lab("carla")
    assert attempts(second, read="read('carla.kept')") == {"read": "ok"}
    assert "does not let this lab in (as carla)" in told(first)


def test_a_revoked_user_is_out_and_revoking_again_is_no_error(lab, platform, grant):
    gone = lab("dora")
    assert attempts(gone, made="create('dora.left')") == {"made": "ok"}
    left = platform.answer("""
for _ in range(2):
    keys.revoke("dora")
keys.revoke("never there")
with broker.admin() as admin:
    print(json.dumps([quotas_of(admin, "dora"), sorted(admin.describe_user_scram_credentials()), admin.list_topics()]))
""")
    assert left[0] == {} and "dora" not in left[1] and "dora.left" in left[2]
    assert "does not let this lab in (as dora)" in told(gone)


def test_an_open_connection_of_a_revoked_user_may_do_nothing(lab, platform):
    code = TRY + """
import time
producer = KafkaProducer(**client, acks="all", max_block_ms=5000)
create("eva.open")
producer.send("eva.open", b"1").get(10)
open("/tmp/ready", "w").close()
began = time.monotonic()
found = "ok"
while found == "ok" and time.monotonic() - began < 60:
    found = tried(lambda: producer.send("eva.open", b"2").get(10))
    time.sleep(0.2)
print(json.dumps(found))
"""
    eva = lab("eva")
    answers = []
    writer = threading.Thread(target=lambda: answers.append(eva.answer(code)))
    writer.start()
    time.sleep(6)
    platform.answer("keys.revoke('eva'); print('null')")
    writer.join(90)
    assert answers == [DENIED]


def test_everybody_has_the_class_s_quotas(platform, grant):
    grant("ana.quota")
    assert platform.answer("""
with broker.admin() as admin:
    print(json.dumps(quotas_of(admin, "ana-2Equota")))
""") == {"producer_byte_rate": 1e7, "consumer_byte_rate": 2e7, "request_percentage": 100.0}


def test_a_writer_above_the_limit_is_slowed_down_and_loses_nothing(lab, platform):
    eager = lab("fabio")
    platform.answer("""
from lab_platform.keys.kafka_admin import set_quotas
with broker.admin() as admin:
    set_quotas(admin, "fabio", {"producer_byte_rate": 200_000.0})
print("null")
""")
    seconds, acknowledged = eager.answer("""
import time
broker = kafka.start()
broker.create_topic("much")
began = time.monotonic()
acknowledged = broker.produce("much", ((None, b"x" * 100_000) for _ in range(40)))
print(json.dumps([time.monotonic() - began, acknowledged]))
""")
    # 4 MB at 0.2 MB/s, of which the window of ten seconds lets the first 2 MB pass at once.
    assert acknowledged == 40 and seconds > 5
