"""A service that people read, as a server of the test's own: it keeps what it is told."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Service(ThreadingHTTPServer):
    """Keeps what it is told; answers with `status`."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Ear)
        self.heard, self.pinged, self.status = [], [], 200

    @property
    def address(self):
        return f"json://user:Geheim-12345@127.0.0.1:{self.server_port}/hook"


class Ear(BaseHTTPRequestHandler):
    def do_POST(self):
        said = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(json.loads(said))
        self.send_response(self.server.status)
        self.end_headers()

    def do_GET(self):
        self.server.pinged.append(self.path)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def listening():
    with Service() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,)).start()
        yield server
        server.shutdown()
