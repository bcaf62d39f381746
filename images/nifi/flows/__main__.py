"""`python3 -m flows < archive.tar`: brings the flow definitions of a tar archive to the NiFi of this container.

Invariant: definitions are brought in the order of their file names; the first that cannot be brought ends the run, with status 1.
"""

import os
import sys
import tarfile

from flows import importing, messages
from flows.api import FlowError, Nifi


def definitions(stream) -> list[importing.Definition]:
    """What is in the archive; nothing of it is written anywhere."""
    contents = {}
    with tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(".json"):
                contents[os.path.basename(member.name)] = archive.extractfile(member).read()
    if not contents:
        raise FlowError(messages.NO_DEFINITIONS)
    return [importing.read(name, contents[name]) for name in sorted(contents)]


def main() -> None:
    nifi = Nifi(f"http://{os.environ['NIFI_PAGES_NAME']}:{os.environ['NIFI_PORT']}/nifi-api")
    try:
        for definition in definitions(sys.stdin.buffer):
            print(importing.bring(nifi, definition), flush=True)
    except FlowError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
