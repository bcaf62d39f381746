"""What the storage's keys have to say, to whoever reads the platform's log."""

SILENT = "the storage did not answer to {what} ({reason}). Look: make logs NAME=storage"
REFUSED = "the storage refused {what}: HTTP {status} {answer}"
POLICY_FAILED = "the rights in the bucket {bucket} could not be written: {reason}"
UNKNOWN_KIND = "the storage calls itself {named!r}, and keys can be made at: {known}. Look at STORAGE_SERVER in versions.env"
