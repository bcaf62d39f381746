"""What people read from the platform. Templates with named fields, so that they can be translated."""

TITLE = "Platform"
NOT_THROUGH_THE_DOOR = "This page is opened through the class's own address, under /services/, after the hub's login."
NOT_THE_HUB = "Only the hub may ask for keys."
BAD_USER = "A user's name has lower-case letters, digits, and . _ @ - after the first."
NOT_RUNNING = "{name} does not answer"
NOT_FOUND = "There is no such page here."
HUB_SILENT = "The hub does not answer at the moment, so nobody can be recognised. Try again in a minute."
LOGIN_FAILED = "The log-in was not completed, or took too long. Go back to the page that you wanted and try again."
LOGIN_FIRST = "Your session has ended. Load the page anew to log in at the hub."
NO_COURSE = "{title}: you are in no course yet, so it is not open to you. Your instructor adds you; it works within seconds."
NEEDS_INSTRUCTOR = (
    "{title} is for instructors. You are logged in as {user}. If a lesson needs something there, ask your instructor. "
    "If you teach the course yourself, whoever runs the class enters you as its instructor; it works within seconds."
)
NEEDS_OPERATOR = "{title} is for those who run the class. You are logged in as {user}. If you need something there, ask them."
NOT_STARTED = "{title} is not started. Whoever runs the class starts it with: make start GROUPS={group}"
NOT_ANSWERING = (
    "{title} runs, but does not answer yet. It may still be starting: try again in half a minute. Else: make logs NAME={service}"
)
YOUR_SERVICES = "The services of this class that are open to you, {user}:"
OPEN, CLOSED = "open", "not started: make start GROUPS={group}"
ABOUT = {
    "storage": "buckets, folders and files of the lakehouse",
    "kafka": "topics, messages and who reads them",
    "spark": "the cluster: workers and applications",
    "spark-history": "applications that have ended",
    "nifi": "flows that bring files in",
    "consul": "which services there are, and how they are",
}
