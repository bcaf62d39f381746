"""The broker as a service: guarded, asking everybody who they are, and keeping what it has."""

import json
import socket
import subprocess

import pytest

from tests.helpers import lab as labs

pytestmark = pytest.mark.docker

# Prints what the client says, or that it got in.
KNOCK = """
from kafka import KafkaAdminClient
try:
    KafkaAdminClient(bootstrap_servers="kafka:{port}", bootstrap_timeout_ms=3000, **{options}).list_topics()
    found = "in"
except Exception as error:
    found = type(error).__name__
print(json.dumps(found))
"""


def knock(where, broker, **options):
    return where.answer(KNOCK.format(port=broker.settings["KAFKA_PORT"], options=options))


def sasl(user, password):
    return {
        "security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": user, "sasl_plain_password": password,
    }


def test_it_is_guarded_like_every_service(broker):
    host = json.loads(broker.inspect("{{json .HostConfig}}"))
    assert host["ReadonlyRootfs"] is True
    assert host["CapDrop"] == ["ALL"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert host["RestartPolicy"]["Name"] == "always"
    assert host["Memory"] > 0 and host["NanoCpus"] > 0 and host["PidsLimit"] > 0


def test_the_host_reaches_it_on_its_loopback_only(broker):
    ports = json.loads(broker.inspect("{{json .HostConfig.PortBindings}}"))
    found = [(binding["HostIp"], binding["HostPort"]) for one in ports.values() for binding in one]
    assert found == [("127.0.0.1", str(broker.host_port))]
    socket.create_connection(("127.0.0.1", broker.host_port), 5).close()


def test_without_a_password_nobody_gets_in(broker, ana, grant):
    assert knock(ana, broker) != "in"
    assert knock(ana, broker, **sasl("ana", "guessed")) != "in"
    assert knock(ana, broker, **sasl("platform-admin", "")) != "in"
    known = grant("bruno")
    assert knock(ana, broker, **sasl("bruno", known["KAFKA_PASSWORD"])) == "in"


def test_what_the_broker_says_to_itself_is_out_of_reach(broker, ana):
    ports = [broker.settings[name] for name in ("KAFKA_INTERNAL_PORT", "KAFKA_CONTROLLER_PORT")]
    code = f"""
import socket
import subprocess
def refused(port):
    try:
        socket.create_connection(("kafka", port), 3).close()
    except OSError:
        return True
    return False
print(json.dumps([refused(port) for port in ({", ".join(ports)})]))
"""
    assert ana.answer(code) == [True, True]


def test_the_password_is_in_no_log_and_on_no_command_line(broker):
    password = (broker.state / "secrets/kafka_admin_password").read_text()
    assert len(password) == 48
    assert password not in broker.log()
    assert password not in broker.inspect("{{json .}}")


def test_topics_are_not_made_by_a_mistake(ana):
    code = """
broker = kafka.start()
try:
    broker.produce("never_made", [("a", "b")])
except kafka.UnknownTopic as error:
    print(json.dumps(str(error)))
"""
    assert "no topic 'ana.never_made'" in ana.answer(code)


def test_a_secret_that_the_volume_does_not_know_is_mended_from_inside(broker, platform):
    def inside(script):
        command = ["docker", "exec", broker.name, labs.PYTHON, "-I", f"/etc/kafka/{script}.py"]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert inside("health").returncode == 0
    platform.answer("""
from kafka.admin import UserScramCredentialUpsertion
with broker.admin() as admin:
    print(json.dumps(admin.alter_user_scram_credentials([UserScramCredentialUpsertion(broker.user, "SCRAM-SHA-512", "another")])))
""")
    assert inside("health").returncode != 0
    assert "has the password of the secret" in inside("password").stdout
    assert inside("health").returncode == 0
