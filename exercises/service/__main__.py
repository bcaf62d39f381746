"""Starts the web service: `python -m exercises.service`."""

import uvicorn

from exercises.service import app, settings
from exercises.service.prefix import under

# Idle connections are the proxy's to close.
KEEP_ALIVE_SECONDS = 75


def main() -> None:
    read = settings.read_web()
    served = under(read.prefix, app.make(read))
    uvicorn.run(
        served,
        host="0.0.0.0",
        port=read.port,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )


if __name__ == "__main__":
    main()
