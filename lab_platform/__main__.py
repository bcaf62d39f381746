"""Starts the platform's web part: `python -m lab_platform`."""

import logging

import uvicorn

from lab_platform import app, settings

# Idle connections are the front door's to close.
KEEP_ALIVE_SECONDS = 75


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # Each look at the broker would warn that its password crosses a network, which is the class's own.
    logging.getLogger("kafka").setLevel(logging.ERROR)
    read = settings.read()
    uvicorn.run(
        app.make(read),
        host="0.0.0.0",
        port=read.port,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )


if __name__ == "__main__":
    main()
