"""What people read on Kafka's pages. Templates with named fields, so that they can be translated."""

TITLE = "Kafka"
NOT_STARTED = "Kafka is not started. Whoever runs the class starts it with: make start GROUPS=core"
NOT_ANSWERING = "Kafka is there, but does not answer. It may be starting: try again in half a minute. Else: make logs NAME=kafka"
REFUSED = "{topic} is not yours to see: you see the topics that begin with {own}, and with {shared}"
NO_TOPIC = "There is no topic called {topic}. It may have been deleted: go back to the list."
OWN = "In a lab your topics begin with {own}; the lessons put it there by themselves. Everybody may read what begins with {shared}"
EVERYTHING = "All topics of the class; each student's begin with their name. Everybody may read what begins with {shared}"
NO_TOPICS = "No topics yet. In a notebook: broker.create_topic(\"flights\")"
TOPICS, GROUPS, PARTITIONS, LAST = "Topics", "Consumer groups", "Partitions", "The last messages"
NO_GROUPS = "No consumer group has committed an offset."
SPARK = "A Spark stream is not among them: it keeps its offsets in its checkpoint, not in Kafka."
NO_MESSAGES = "No messages are stored."
TOPIC_COLUMNS = ("topic", "partitions", "messages", "size")
GROUP_COLUMNS = ("group", "topic", "partition", "committed", "end", "lag")
PARTITION_COLUMNS = ("partition", "first offset", "next offset", "messages", "size")
MESSAGE_COLUMNS = ("partition", "offset", "time (UTC)", "key", "value")
NOTHING = "(none)"
MORE = "… ({bytes} bytes)"
BINARY = "not text: {start}"
