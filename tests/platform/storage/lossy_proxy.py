"""Stands between a lab and the storage, and loses answers: the first one to each commit of a Delta log.

Invariant: every request reaches the storage as it was signed; a lost answer closes the connection after the storage has stored. Run
as `lossy_proxy.py PORT HOST:PORT`; prints the path of each commit whose answer it lost.
"""

import http.client
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT, STORAGE = int(sys.argv[1]), sys.argv[2]
SECONDS = 30
# These belong to one connection; whoever passes a message on makes their own.
OWN = {"connection", "expect", "transfer-encoding", "keep-alive"}
lost: set[str] = set()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        upstream = http.client.HTTPConnection(STORAGE, timeout=SECONDS)
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in OWN:
                upstream.putheader(name, value)
        upstream.endheaders(body)
        answer = upstream.getresponse()
        content = answer.read()
        if self.command == "PUT" and "/_delta_log/" in self.path and self.headers.get("If-None-Match") and self.path not in lost:
            lost.add(self.path)
            print(self.path, answer.status, flush=True)
            self.close_connection = True
            return
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in OWN:
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = pass_on

    def log_message(self, *_: object) -> None:
        """Only what was lost is told."""


ThreadingHTTPServer(("0.0.0.0", PORT), Handler).serve_forever()
