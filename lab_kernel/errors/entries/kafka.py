"""The class's Kafka: a password that counts no more, or a name that is somebody else's.

Invariant: before the entry for a broker that nobody reaches, because Kafka's clients name both in one breath.
"""

from lab_kernel.errors.entry import Entry

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "kafka-not-let-in",
        None,
        "The class's Kafka does not let this lab in",
        "Each lab gets a password for the class's Kafka when it starts. This one has been taken back or replaced since. Your "
        "topics are still there.",
        "Stop your server and start it again (File, Hub Control Panel): it gets a new password. If it stays so, show this message "
        "to your instructor.",
        (r"SaslAuthenticationException|SaslAuthenticationFailedError|does not let this lab in",),
    ),
    Entry(
        "kafka-not-yours",
        None,
        "This Kafka topic or group is not yours",
        "On the class's Kafka you may do everything with names that begin with your own, and read what begins with `shared.`; "
        "everything else is refused, also looking whether it is there.",
        'Let the broker say what a topic is called: topic = broker.create_topic("flights"), then use topic.',
        (r"(Topic|Group|TransactionalId|Cluster)Authorization(Exception|FailedError)|Not authorized to access (topics|group)",),
    ),
)
