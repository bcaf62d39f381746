"""All that `make nifi-flows` says to a person."""

IMPORTED = "{name}: imported and started"
REPLACED = "{name}: its definition has changed; replaced and started"
STARTED = "{name}: was there already; started again"
UNCHANGED = "{name}: nothing to do"

NO_DEFINITIONS = "No flow definition (*.json) was handed over. They belong in compose/nifi/flows."
NOT_JSON = "{file} is no flow definition: {error}. Download one from a process group's menu in NiFi."
REFUSED = "NiFi refused {what}: {status} {answer}"
NO_ANSWER = "NiFi does not answer at {url}: {error}. Is it started? make start GROUPS=processing"
NOT_IDLE = (
    "{name}: its new definition was not put in place, because {queued} pieces of data are still under way in the old one. "
    "Its sources are stopped. Mend what holds the data up (or empty the queues on NiFi's page), then run make nifi-flows again."
)
NOT_RUNNING = "{name}: not everything of it runs: {reasons}. NiFi's page shows where; then run make nifi-flows again."
TWICE = "{name}: NiFi has {count} process groups of this name, so none was touched. Remove or rename all but one on its page."
