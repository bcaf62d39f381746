"""Healthy means: the flow is loaded and its controller answers; a page that loads while the flow does not is not healthy."""

import json
import os
import sys
from urllib.error import URLError
from urllib.request import urlopen

SECONDS = 8
NOT_YET = "NiFi's flow does not answer yet: {error}"


def main() -> None:
    url = f"http://{os.environ['NIFI_PAGES_NAME']}:{os.environ['NIFI_PORT']}/nifi-api/flow/status"
    try:
        with urlopen(url, timeout=SECONDS) as answer:
            json.load(answer)["controllerStatus"]["activeThreadCount"]
    except (URLError, OSError, ValueError, KeyError) as error:
        sys.exit(NOT_YET.format(error=error))


if __name__ == "__main__":
    main()
