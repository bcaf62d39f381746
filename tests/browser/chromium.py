"""Debian's Chromium, driven by Playwright.

Invariant: a new profile for each browser, nothing fetched from outside the class.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

EXECUTABLE = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
)
PACKAGES = ("chromium", "fonts-dejavu-core")
MISSING = (
    "The browser tests need Chromium at {path}, and it could not be installed: {reason}.\n"
    "Debian: apt-get install {packages}"
)


def require() -> None:
    """Have Chromium, installing Debian's as root; else raise AssertionError with what to type."""
    if EXECUTABLE.exists():
        return
    packages = " ".join(PACKAGES)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        reason = "that takes root and apt-get"
        raise AssertionError(MISSING.format(path=EXECUTABLE, reason=reason, packages=packages))
    quiet = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "--no-install-recommends", *PACKAGES],
    ):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, timeout=600)
    if not EXECUTABLE.exists():
        reason = (done.stderr.strip().splitlines() or ["apt-get installed something else"])[-1]
        raise AssertionError(MISSING.format(path=EXECUTABLE, reason=reason, packages=packages))


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium and stop it."""
    require()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=EXECUTABLE, headless=True, args=list(FLAGS)
        )
        try:
            yield started
        finally:
            started.close()
