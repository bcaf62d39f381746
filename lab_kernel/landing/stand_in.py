"""A landing zone for a lab by itself: a server on loopback that writes what it is sent, and some orders that are there already.

Invariant: a file has the form, the name and the content that NiFi would give it, and appears whole. It lies in the lakehouse's own
landing zone, so that whatever computes for the lab can read it.
"""

import json
import tempfile
import threading
import uuid
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from lab_kernel.datasets.draw import Draw
from lab_kernel.landing import messages
from lab_kernel.landing.zone import FLOWS, checked, stamp

PATH = "/landing"
# As the flow "generated orders" makes them.
CITIES = ("Porto", "Lisboa", "Braga", "Faro")
DELIVERIES, ORDERS_EACH, SECONDS_BETWEEN = 4, 5, 10
PRICE_LIST = "product,price_cents\ncup,450\nlamp,2390\n"


class StandIn:
    """Its folders are named `stand_in_…` in the lakehouse's landing zone; those of an earlier run are removed."""

    def __init__(self, lakehouse: Any) -> None:
        self._lakehouse = lakehouse
        # One file at a time, as the last step of a flow.
        self._writing = threading.Lock()
        for flow in FLOWS:
            location = lakehouse.landing(f"stand_in_{flow}")
            lakehouse.storage.remove(location)
            setattr(self, flow, location)
        self._deliver_what_is_there_already()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        self.listener = "http://{}:{}{}".format(*self._server.server_address, PATH)

    def __repr__(self) -> str:
        return messages.STAND_IN

    def names(self, flow: str) -> list[str]:
        return self._lakehouse.storage.files(self._lakehouse.landing(f"stand_in_{checked(flow)}"))

    def stop(self) -> None:
        """Ends the server and frees its port; the files stay. Does nothing the second time."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def write(self, flow: str, name: str, content: bytes, when: datetime | None = None) -> None:
        """Delivers one file, named after its time of arrival and what it is called."""
        with self._writing, tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"{stamp(when or datetime.now(UTC))}-{name}")
            path.write_bytes(content)
            self._lakehouse.land(f"stand_in_{checked(flow)}", path)

    def _deliver_what_is_there_already(self) -> None:
        now, draw = datetime.now(UTC), Draw(20)
        self.write("files", "prices.csv", PRICE_LIST.encode(), now - timedelta(minutes=2))
        for place in reversed(range(DELIVERIES)):
            when = now - timedelta(seconds=SECONDS_BETWEEN * (place + 1))
            lines = [json.dumps(_order(draw, when)) + "\n" for _ in range(ORDERS_EACH)]
            self.write("orders", "orders.json", "".join(lines).encode(), when)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        zone = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                if self.path != PATH:
                    self.send_error(404)
                    return
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                zone.write("http", f"{uuid.uuid4()}.json", body)
                # Only now: an answer means that the data are stored.
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """A server's log has no place in a notebook."""

        return Handler


def _order(draw: Draw, when: datetime) -> dict[str, Any]:
    return {
        "order_id": str(uuid.uuid4()),
        "placed_at": when.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "customer": f"c{1 + draw.below(50)}",
        "city": draw.one_of(CITIES),
        "quantity": 1 + draw.below(5),
        "amount_cents": 100 + draw.below(20_000),
    }
