"""A site on loopback that serves what a test puts there, and can misbehave in every way."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site(ThreadingHTTPServer):
    """Plays `routes`: path → function of the request handler."""

    daemon_threads = True

    def __init__(self):
        self.routes, self.asked = {}, []
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        route = self.server.routes.get(self.path, lambda h: h.answer(404))
        if isinstance(route, str | bytes):
            content = route.encode() if isinstance(route, str) else route
            self.answer(200, content)
        else:
            route(self)

    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        self.body = self.rfile.read(length)
        self.do_GET()

    def log_message(self, *args):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving():
    """Serve until the context ends."""
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def rss(*items, head=""):
    """Return a feed: each item is (guid, path or address, title, date, text)."""
    rows = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><link>{url}</link><title>{title}</title>"
        f"<pubDate>{when:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
        f"<description><![CDATA[{text}]]></description></item>"
        for guid, url, title, when, text in items
    )
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>The site</title><language>en</language>{head}{rows}</channel></rss>"
    )
