"""Kafka's pages over a real broker: what each role sees, and that nothing of it is more than text."""

import pytest

pytestmark = pytest.mark.docker

# The pages as the platform mounts them; `get` asks as the front door does.
PAGES = """
import socket
from types import SimpleNamespace
from fastapi import FastAPI
from fastapi.testclient import TestClient
from lab_platform.consoles import kafka as console
app = FastAPI()
app.state.settings = SimpleNamespace(gateway_token="door")
app.state.kafka = {broker}
app.include_router(console.router, prefix="/services/kafka")
client = TestClient(app)
def get(path, user, role, **parameters):
    headers = {{"x-dataflow-door": "door", "x-dataflow-user": user, "x-dataflow-role": role}}
    answer = client.get(f"/services/kafka/{{path}}", params=parameters, headers=headers)
    return [answer.status_code, answer.text]
print(json.dumps(get({path!r}, {user!r}, {role!r}, **{parameters!r})))
"""


@pytest.fixture(scope="module")
def filled(lab, platform):
    """Topics of two students and a shared one, with a group that has read three of ten messages."""
    lab("ana").answer("""
import os
from kafka import KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata
from lab_kernel.kafka import login, settings
broker = kafka.start()
topic = broker.create_topic("page", partitions=1)
broker.produce(topic, [("k", f"number {n}") for n in range(6)])
broker.produce(topic, [("k", "<script>alert(1)</script>"), ("k", b"\\xff\\xfe\\x00"), ("k", None), ("k", "long" * 1000)])
consumer = KafkaConsumer(bootstrap_servers=os.environ["KAFKA_BOOTSTRAP"], group_id="ana.readers", enable_auto_commit=False,
                         **login.for_python(settings.read()))
place = TopicPartition(topic, 0)
consumer.assign([place])
consumer.commit({place: OffsetAndMetadata(3, "", -1)})
consumer.close()
print("null")
""")
    lab("ana.b").answer("""
broker = kafka.start()
broker.create_topic("hidden")
print(json.dumps(broker.produce("hidden", [("k", "a secret")])))
""")


@pytest.fixture
def get(pages, filled):
    def asked(path, user="ana", role="student", broker="broker", **parameters):
        status, text = pages.answer(PAGES.format(path=path, user=user, role=role, broker=broker, parameters=parameters))
        return status, text

    return asked


def test_a_student_sees_their_own_topics_and_groups_with_the_lag(get):
    status, text = get("")
    assert status == 200
    assert 'topic?name=ana.page">ana.page</a></td><td class="number">1</td><td class="number">10</td>' in text
    assert "<td>ana.readers</td><td>ana.page</td>" in text
    assert '<td class="number">3</td><td class="number">10</td><td class="number">7</td>' in text
    assert "ana-2Eb" not in text and "__" not in text


@pytest.mark.parametrize("role", ["instructor", "operator"])
def test_who_teaches_or_runs_the_class_sees_all(get, role):
    status, text = get("", user="prof", role=role)
    assert status == 200
    assert "ana.page" in text and "ana-2Eb.hidden" in text and "__consumer_offsets" not in text
    status, text = get("topic", user="prof", role=role, name="ana-2Eb.hidden")
    assert status == 200 and "a secret" in text


def test_messages_are_text_cut_and_escaped(get):
    status, text = get("topic", name="ana.page")
    assert status == 200
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text and "<script" not in text
    assert "not text: ff fe 00" in text
    assert "(none)" in text
    assert "longlong" in text and "(4,000 bytes)" in text and "long" * 101 not in text
    assert "number 5" in text


@pytest.mark.parametrize("name", ["ana-2Eb.hidden", "ana2.x", "__consumer_offsets", "ana", ""])
def test_anothers_topic_is_refused_whether_it_exists_or_not(get, name):
    status, text = get("topic", name=name)
    assert status == 403
    assert "a secret" not in text


def test_a_topic_that_is_not_there(get):
    assert get("topic", name="ana.never")[0] == 404


def test_looking_commits_nothing(get):
    get("topic", name="ana.page")
    assert '<td class="number">3</td><td class="number">10</td><td class="number">7</td>' in get("")[1]


@pytest.mark.parametrize("elsewhere", ["Access('kafka:1', 'platform-admin', 'x')", "Access('nowhere:1', 'platform-admin', 'x')"])
def test_where_no_broker_is_the_page_says_how_to_start_it(get, elsewhere):
    status, text = get("", broker=elsewhere)
    assert status == 503
    assert "make start GROUPS=core" in text
