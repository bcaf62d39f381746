"""Every sentence that a student reads about the broker, as a template with named fields."""

STARTED = "Kafka {address} is ready after {seconds:.1f} s (one broker, in this lab, {heap} of heap)."
ATTACHED = "Kafka {address} is already running in this lab; using it."
SHARED = "Using the class's Kafka at {address}; your topics are named {prefix}…"
STOPPED = "Kafka stopped."
STILL_USED = (
    "Kafka keeps running: another notebook in this lab uses it (process {users}). "
    "It ends with the last of them; stop(force=True) ends it now."
)
NOT_RUNNING = "Kafka is not running; nothing to stop."
SHARED_NOT_STOPPED = "The class's Kafka at {address} is shared and stays up."

NO_JARS = (
    "Kafka's program files are not in {libs}.\n"
    "Expected: the jars that the lab image brings. Found: {found}.\n"
    "Next: run this inside a lab, or set KAFKA_BOOTSTRAP to a broker that runs elsewhere."
)
NO_JAVA = (
    "There is no Java to run Kafka with: {java} was not found.\n"
    "Next: run this inside a lab, or set JAVA_HOME."
)
NO_PORT = (
    "{name} is not set, and {source} does not give it.\n"
    "Next: run this inside a lab, or set {name} in the environment."
)
PORT_TAKEN = (
    "Kafka cannot start: something else already listens on {address}.\n"
    "Next: end that program (a terminal's `ps aux` shows it), or restart your server from the hub's control panel."
)
FORMAT_FAILED = "Kafka could not prepare its storage in {folder} (exit code {code}).\n{tail}\nNext: {hint}"
DIED = "Kafka ended while it was starting (exit code {code}).\nLast lines of {log}:\n{tail}\nNext: {hint}"
TOO_SLOW = (
    "Kafka did not answer on {address} within {seconds:.0f} s.\nLast lines of {log}:\n{tail}\n"
    "Next: free memory (stop other notebooks in File → Shut Down), then start() again."
)
HINT_DISK = "your home is full: delete what you no longer need, then start() again."
HINT_MEMORY = "the lab is out of memory: shut down other notebooks, then start() again."
HINT_STORAGE = (
    "if it happens again, delete the folder {folder} (this loses all topics) and start() again."
)

UNREACHABLE = (
    "No Kafka answers at {address}.\n"
    "Next: start() it (`from lab_kernel import kafka; broker = kafka.start()`); if it ran before, "
    "it has died: its log is {log}."
)
NOT_KNOWN = (
    "The class's Kafka at {address} is there, but does not let this lab in (as {user}): it may just be starting, or this lab's "
    "password is no longer the one it knows.\n"
    "Next: try again in half a minute; else restart your server from the hub's control panel, which gives it a new password."
)
NOT_ALLOWED = (
    "The class's Kafka at {address} refuses this.\n"
    "Expected: names that begin with {prefix!r}, which are yours, or 'shared.', which you may read. "
    "Next: leave the beginning away; create_topic('flights') makes yours."
)
ELSEWHERE = "with whoever runs it"
UNKNOWN_TOPIC = "There is no topic {topic!r}. Topics: {known}.\nNext: broker.create_topic({topic!r})."
OTHER_PARTITIONS = (
    "Topic {topic!r} exists with {found} partition(s); {wanted} were asked for.\n"
    "Next: use it as it is, or delete_topic({topic!r}) first (this loses its records)."
)
NOT_DELETED = "Topic {topic!r} was still listed {seconds:.0f} s after its deletion was asked for."
NOT_ACKNOWLEDGED = (
    "{failed} of {total} records were not acknowledged by Kafka; the first reason: {reason}\n"
    "The other {acknowledged} are stored. Next: send the missing ones again when the broker answers."
)
BAD_RECORD = (
    "A record is a (key, value) pair or a mapping with value and, if wanted, key, timestamp_ms, "
    "partition; found {found}."
)
