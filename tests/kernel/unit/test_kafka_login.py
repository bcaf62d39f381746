"""Who a lab is on a shared broker, from its environment."""

import pytest

from lab_kernel.kafka import login
from lab_kernel.kafka.settings import read

SHARED = {"KAFKA_BOOTSTRAP": "kafka:1", "JUPYTERHUB_USER": "ana.b", "HOME": "/home/ana"}
LOGIN = {"KAFKA_USER": "ana-2Eb", "KAFKA_PASSWORD": "secret words"}


def test_the_name_on_the_broker_begins_the_topics(tmp_path):
    assert read(SHARED | LOGIN, tmp_path / "none").owner == "ana-2Eb"
    assert read(SHARED, tmp_path / "none").owner == "ana.b"


def test_the_lab_s_own_broker_asks_nobody(tmp_path):
    ports = {"KAFKA_PORT": "1", "KAFKA_CONTROLLER_PORT": "2"}
    own = read({"JUPYTERHUB_USER": "ana", "HOME": "/home/ana"} | ports | LOGIN, tmp_path / "none")
    assert (own.user, own.password, own.owner) == (None, None, "ana")
    assert login.for_python(own) == {}


def test_the_password_is_not_in_what_is_printed(tmp_path):
    assert "secret words" not in repr(read(SHARED | LOGIN, tmp_path / "none"))


def test_both_clients_get_the_same_login(tmp_path):
    settings = read(SHARED | LOGIN, tmp_path / "none")
    python, spark = login.for_python(settings), login.options(settings)
    assert python["sasl_plain_username"] == "ana-2Eb" and python["sasl_plain_password"] == "secret words"
    assert python["security_protocol"] == spark["kafka.security.protocol"]
    assert python["sasl_mechanism"] == spark["kafka.sasl.mechanism"]
    assert 'username="ana-2Eb" password="secret words";' in spark["kafka.sasl.jaas.config"]
    assert spark["groupIdPrefix"] == "ana-2Eb.spark"


@pytest.mark.parametrize("address", ["", "kafka", "127.0.0.1:1", "nobody.invalid:1", "127.0.0.1:x"])
def test_nobody_answers_there(address):
    assert login.answers(address) is False
