"""A server that Spark talks to is not there, or says no.

Invariant: an error of S3 is taken for one only when the text speaks of s3a, because other servers use the same words.
"""

from lab_kernel.errors.entry import Entry

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "s3-host-unknown",
        6,
        "The S3 server was not found: {host}",
        "No computer of that name answers. Either the address in fs.s3a.endpoint is wrong, the "
        "storage of the class is not running, or the bucket's name was put before the address.",
        "Check LAKEHOUSE_ROOT and the endpoint with your instructor. Without S3, leave "
        "LAKEHOUSE_ROOT unset: the lakehouse then lies in your home.",
        (
            r"\A(?=.*s3a).*UnknownHostException: (?P<host>[\w.-]+)(?=:|\s*(\n|$))",
            r"\A(?=.*s3a).*UnknownHostException",
        ),
    ),
    Entry(
        "s3-refused",
        6,
        "The S3 server refused the request",
        "The key, the secret or the region is not what the server expects, or this key may not use "
        "that bucket.",
        "Use only places under your own LAKEHOUSE_ROOT. If it is one, your keys are wrong: stop "
        "and start your lab from the hub's control panel to get fresh ones.",
        (
            r"\A(?=.*s3a).*(Status Code: (301|400|403)|SignatureDoesNotMatch|InvalidAccessKeyId|"
            r"AccessDenied|NoAwsCredentials|NoAuthWithAWSException|No AWS Credentials|"
            r"CredentialInitializationException|Unable to load credentials)",
        ),
    ),
    Entry(
        "kafka-unreachable",
        9,
        "No Kafka answers at the address that was given",
        "The broker is not running, has another address, or tells its clients an address that "
        "cannot be reached from here.",
        "Start it, `from lab_kernel import kafka; broker = kafka.start()`, and use "
        "broker.bootstrap as the address, not one that you typed.",
        (
            r"Timed out waiting for a node assignment",
            r"TimeoutException[^\n]*(Failed to (update|get offsets)|metadata|describeTopics|"
            r"listTopics|listOffsets|fetch)",
            r"No resolvable bootstrap urls|Couldn't resolve server",
            r"Connection to node -1|NoBrokersAvailable|KafkaTimeoutError|KafkaConnectionError",
        ),
    ),
    Entry(
        "kafka-topic-unknown",
        9,
        "That Kafka topic does not exist",
        "The broker answers, but has no topic of this name.",
        "Make it first: broker.create_topic(name). broker.topics() lists those that exist.",
        (r"UnknownTopicOrPartition|This server does not host this topic-partition",),
    ),
)
