"""A small web shop that serves its orders over HTTP, and changes what an order looks like without notice.

Invariant: the same seed serves the same orders. A page that the server is made to refuse is refused once, with 503, and
answered from then on. It listens on this computer only, on a free port, and ends with `stop()` or with its process.

What changes, and from which day on, is in `DRIFT`; each change stays.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lab_kernel.datasets.draw import Draw

DAYS = 6
DRIFT = {
    2: "a new field: channel",
    3: "another name: city becomes town",
    4: "a wider type: number outgrows 32 bits",
    5: "another type: some quantities become texts",
    6: "a nested object: delivery",
}
BUSY_PAGE = 3  # this page of each day is refused once

CITIES = ("Recife", "Santos", "Natal", "Manaus", "Campinas")
CUSTOMERS = ("Ana", "Bruno", "Clara", "Davi", "Elisa", "Felipe")
CHANNELS = ("site", "app", "loja", None)  # None: the shop does not know it
WAYS = ("post", "courier")

LARGEST_INT = 2**31 - 1


def orders(day: int, *, seed: int = 20130, per_day: int = 120) -> list[dict[str, Any]]:
    """Returns the orders of a day (1 to 6) as the shop sends them; raises ValueError for another day."""
    if day not in range(1, DAYS + 1):
        raise ValueError(f"day is {day}; there are the days 1 to {DAYS}")
    draw = Draw(seed * 100 + day)
    return [_order(draw, day, place, per_day) for place in range(per_day)]


def _order(draw: Draw, day: int, place: int, per_day: int) -> dict[str, Any]:
    number = (day - 1) * per_day + place + 1
    order: dict[str, Any] = {"id": f"{day}-{place + 1:04d}", "number": number + (LARGEST_INT if day >= 4 else 0)}
    order["customer"] = draw.one_of(CUSTOMERS)
    order["town" if day >= 3 else "city"] = draw.one_of(CITIES)
    boxes = 1 + draw.below(9)
    order["quantity"] = f"{boxes} boxes" if day >= 5 and place % 4 == 0 else boxes
    order["amount"] = (100 + draw.below(20_000)) / 100
    channel, way, fee = draw.one_of(CHANNELS), draw.one_of(WAYS), draw.below(40) / 2
    if day >= 2:
        order["channel"] = CHANNELS[0] if place == 0 else channel
    if day >= 6:
        order["delivery"] = {"way": way, "fee": fee}
    return order


class OrdersApi:
    """A running server. `url` is its address, `requests` what it was asked: (path, status) one after the other."""

    def __init__(self, seed: int, per_day: int, page_size: int) -> None:
        self.requests: list[tuple[str, int]] = []
        self._days = {day: orders(day, seed=seed, per_day=per_day) for day in range(1, DAYS + 1)}
        self._page_size = page_size
        self._refused: set[tuple[int, int]] = set()
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = api._answer(self.path)
                api.requests.append((self.path, status))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                if status == 503:
                    self.send_header("Retry-After", "0")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """A server's log has no place in a notebook."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        self.url = "http://{}:{}".format(*self._server.server_address)

    def stop(self) -> None:
        """Ends the server and frees its port; does nothing the second time."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def _answer(self, path: str) -> tuple[int, bytes]:
        parts = urlsplit(path)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        try:
            found, page = self._days[int(asked["day"])], int(asked["page"])
        except (KeyError, ValueError):
            return 404, _json({"error": f"ask for /orders?day=1&page=1, days 1 to {DAYS}"})
        pages = -(-len(found) // self._page_size)
        if parts.path != "/orders" or page not in range(1, pages + 1):
            return 404, _json({"error": f"day {asked['day']} has the pages 1 to {pages}"})
        key = (int(asked["day"]), page)
        if page == BUSY_PAGE and key not in self._refused:
            self._refused.add(key)
            return 503, _json({"error": "busy, ask again"})
        begin = (page - 1) * self._page_size
        body = {"page": page, "pages": pages, "total": len(found), "orders": found[begin : begin + self._page_size]}
        return 200, _json(body)


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def start(*, seed: int = 20130, per_day: int = 120, page_size: int = 25) -> OrdersApi:
    """Starts a server in this process.

    Raises ValueError unless a day has at least three pages, of which one is refused once.
    """
    if per_day <= 2 * page_size:
        raise ValueError(f"per_day is {per_day}; {BUSY_PAGE} pages of {page_size} need more than {2 * page_size}")
    return OrdersApi(seed, per_day, page_size)
