"""What can go wrong with the broker, as exceptions whose text says what to do next."""


class KafkaError(RuntimeError):
    """The broker could not start, answer or store."""


class UnknownTopic(KafkaError):
    """The topic does not exist (topics are never made by accident: create_topic makes them)."""


class NotAcknowledged(KafkaError):
    """Some records were not acknowledged. `acknowledged` and `failed` count them."""

    def __init__(self, message: str, acknowledged: int, failed: int) -> None:
        super().__init__(message)
        self.acknowledged = acknowledged
        self.failed = failed
