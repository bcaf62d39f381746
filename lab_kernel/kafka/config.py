"""The broker's configuration files: one node that is broker and controller, listening on the loopback address only.

Invariant: everything here is a function of the settings, so the files can be written anew at every start.
"""

from lab_kernel.kafka.settings import LOOPBACK, KafkaSettings

NODE = 1


def server_properties(settings: KafkaSettings) -> str:
    """The text of server.properties."""
    values = {
        "process.roles": "broker,controller",
        "node.id": NODE,
        "controller.quorum.voters": f"{NODE}@{LOOPBACK}:{settings.controller_port}",
        "listeners": f"LAB://{LOOPBACK}:{settings.port},CONTROLLER://{LOOPBACK}:{settings.controller_port}",
        "advertised.listeners": f"LAB://{LOOPBACK}:{settings.port}",
        "inter.broker.listener.name": "LAB",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "LAB:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs": settings.home / "data",
        # A mistyped topic name must be an error, not a new empty topic.
        "auto.create.topics.enable": "false",
        # One broker holds the only copy of everything.
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 1,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 1,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "share.coordinator.state.topic.num.partitions": 1,
        "group.initial.rebalance.delay.ms": 0,
        # Kafka counts age from a record's own timestamp, and lessons replay old years: retention by time would delete a
        # record minutes after it was stored. Size keeps the home small instead.
        "log.retention.ms": -1,
        "log.retention.bytes": 256 * 1024 * 1024,
        "log.segment.bytes": 32 * 1024 * 1024,
        "log.segment.delete.delay.ms": 1000,
        # The default buffer of 128 MB for compacting is half of this broker's heap.
        "log.cleaner.dedupe.buffer.size": 4 * 1024 * 1024,
        "num.network.threads": 2,
        "num.io.threads": 2,
        "background.threads": 2,
    }
    return "".join(f"{key}={value}\n" for key, value in values.items())


LOG4J2 = """\
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
logger.server.name = kafka.server.KafkaRaftServer
logger.server.level = info
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yyyy-MM-dd HH:mm:ss.SSS} %p %c{1}: %m%n%ex
"""
