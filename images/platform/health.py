"""Whether the platform's web part answers. Invariant: exit 0 when it does; else 1, with the reason on one line."""

import os
import sys
import urllib.request

TIMEOUT_SECONDS = 5

url = f"http://127.0.0.1:{os.environ['PLATFORM_PORT']}/gate/health"
try:
    with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS):
        pass
except OSError as error:
    sys.exit(f"{url} does not answer: {error}")
