"""The class's object storage: not there, a place that is somebody else's, or a key that counts no more.

Invariant: everything here has gone through S3's file system, as its text says. Whose place was refused is in the last line of the
text (lab_kernel/errors/places.py): asked whether a table is there, the storage answers 403 without a body, and so not why.
"""

from lab_kernel.errors.entry import Entry

_S3 = r"\A(?=.*s3a)"
_REFUSED = r"\A(?=.*(?:s3a|services\.s3))(?=.*(?::AccessDenied\b|Access Denied\.|AccessDeniedException|Status Code: 403))"

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "storage-key-revoked",
        None,
        "The storage does not know this lab's key any more",
        "Each lab gets keys to the class's storage when it starts. These have been taken back or replaced since. Your files are "
        "still there.",
        "Stop your server and start it again (File, Hub Control Panel): it gets new keys. If it stays so, show this message to "
        "your instructor.",
        (
            rf"{_S3}.*(InvalidAccessKeyId|SignatureDoesNotMatch|The AWS Access Key Id you provided)",
            # Keys that count open one's own place.
            rf"{_REFUSED}.*\nplace: own ",
        ),
    ),
    Entry(
        "storage-shared-is-read-only",
        None,
        "What is in shared/ can be read by everybody, and changed by nobody in the class",
        "This cell would change something in shared/. Your keys read what is there, and write in your own folder of each bucket "
        "({root}).",
        'Write to your own place: lakehouse.bronze("name"), .silver, .gold. To give others a table, ask your instructor to put it '
        "in shared/.",
        (rf"{_REFUSED}.*\nplace: shared ",),
    ),
    Entry(
        "storage-anothers-place",
        None,
        "This is another student's place: {folder}",
        "You may read and write in your own folder of each bucket ({root}), and read the shared ones (shared/). What is in "
        "{folder} is neither: it can be neither read nor written, nor is it said what is there.",
        'Let the lakehouse say where your tables lie: lakehouse.bronze("name"). To use what somebody else has made, ask your '
        "instructor to put it in shared/.",
        (rf"{_REFUSED}.*\nplace: others (?P<folder>[a-z0-9][^\n]*)",),
    ),
    Entry(
        "storage-not-yours",
        None,
        "This place in the class's storage is not yours",
        "Your keys open your own folder of each bucket ({root}), and everybody may read what is in shared/. Everything else is "
        "refused, also looking whether it is there.",
        'Let the lakehouse say where a table lies: lakehouse.bronze("name"). To give others a table, ask your instructor to '
        "put it in shared/.",
        (rf"{_S3}.*(:AccessDenied\b|Access Denied\.)", rf"{_REFUSED}.*\nplace: "),
    ),
    Entry(
        "storage-silent",
        None,
        "The class's storage does not answer",
        "Tables lie on the class's storage ({root}), and nobody answers at its address. What was stored there is not harmed; what "
        "this cell was writing is not in the table unless it says so.",
        "Wait half a minute and run the cell again: a storage that fell comes back by itself. If it does not, whoever runs the "
        "class starts it with: make start GROUPS=core.",
        (
            rf"{_S3}.*UnknownHostException: storage(?=:|\s*(\n|$))",
            rf"{_S3}.*(ConnectException|Connection refused|NoHttpResponseException|failed to respond|ConnectTimeoutException|"
            r"Connect to \S+ \S+ failed)",
        ),
    ),
)
