"""The class's object storage: not there, a place that is somebody else's, or a key that counts no more.

Invariant: everything here has gone through S3's file system, as its text says.
"""

from lab_kernel.errors.entry import Entry

_S3 = r"\A(?=.*s3a)"

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "storage-key-revoked",
        None,
        "The storage does not know this lab's key any more",
        "Each lab gets keys to the class's storage when it starts. These have been taken back or replaced since. Your files are "
        "still there.",
        "Stop your server and start it again (File, Hub Control Panel): it gets new keys. If it stays so, show this message to "
        "your instructor.",
        (rf"{_S3}.*(InvalidAccessKeyId|SignatureDoesNotMatch|The AWS Access Key Id you provided)",),
    ),
    Entry(
        "storage-not-yours",
        None,
        "This place in the class's storage is not yours",
        "Your keys open your own folder of each bucket ({root}), and everybody may read what is in shared/. Everything else is "
        "refused, also looking whether it is there.",
        'Let the lakehouse say where a table lies: lakehouse.bronze("name"). To give others a table, ask your instructor to '
        "put it in shared/.",
        (rf"{_S3}.*(:AccessDenied\b|Access Denied\.)",),
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
