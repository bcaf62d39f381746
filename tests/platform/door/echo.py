"""A service that tells what reached it: run in a container, in the place of one that has pages.

Invariant: the standard library only. `/headers` gives the request's headers, `/big/<MB>` that many megabytes, `/away` a redirect
with an absolute address, POST anywhere the number of bytes that came; a websocket gets its own words back.
"""

import base64
import hashlib
import json
import struct
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
MEGABYTE = b"x" * (1 << 20)


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self.websocket()
        elif self.path.startswith("/big/"):
            count = int(self.path.rsplit("/", 1)[1])
            self.start(200, count << 20)
            for _ in range(count):
                self.wfile.write(MEGABYTE)
        elif self.path == "/away":
            self.start(302, 0, Location=f"http://{self.headers['Host']}/there/?a=b")
        else:
            self.tell({"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}})

    def do_POST(self) -> None:
        left = count = int(self.headers.get("Content-Length") or 0)
        while left:
            left -= len(self.rfile.read(min(left, 1 << 20)))
        self.tell({"bytes": count})

    def start(self, status: int, length: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(length), **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def tell(self, told: dict) -> None:
        body = json.dumps(told).encode()
        self.start(200, len(body))
        self.wfile.write(body)

    def websocket(self) -> None:
        key = self.headers["Sec-WebSocket-Key"] + MAGIC
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        self.send_response(101)
        for name, value in {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": accept}.items():
            self.send_header(name, value)
        self.end_headers()
        while True:
            first, second = self.rfile.read(2)
            length = second & 0x7F
            if length == 126:
                (length,) = struct.unpack(">H", self.rfile.read(2))
            mask = self.rfile.read(4)
            words = bytes(byte ^ mask[at % 4] for at, byte in enumerate(self.rfile.read(length)))
            if first & 0x0F == 8:
                self.close_connection = True
                return
            size = bytes([length]) if length < 126 else b"\x7e" + struct.pack(">H", length)
            self.wfile.write(bytes([first]) + size + words)


if __name__ == "__main__":
    ThreadingHTTPServer(("0.0.0.0", int(sys.argv[1])), Echo).serve_forever()
