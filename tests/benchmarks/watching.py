"""How long one round takes that reads 500 sources of servers 50 ms away.

    python -m tests.benchmarks.watching [--sources 500] [--servers 25] [--milliseconds 50]

Real servers on loopback, in a process of their own, each answer held back for the latency; a
real SQLite database. Prints a line of JSON: the first round, in which every archive is marked as
seen, one in which nothing is new but everything is sent, and one in which every server says so.
"""

import argparse
import json
import logging
import multiprocessing
import tempfile
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import structlog

from bot.app import SystemClock, build
from bot.domain.intake import Source
from bot.edition import Ingested
from bot.settings import model
from bot.watching.round import watch
from tests.site import rss

#: Articles in each feed.
ITEMS = 20


def serve(count: int, wait: float, ports: "multiprocessing.Queue[int]") -> None:
    """Serve feeds at any path until killed, each answer late by `wait` seconds."""
    now = datetime.now(UTC) - timedelta(days=3)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            time.sleep(wait)
            etag = f'"{self.path}"'
            if self.headers.get("if-none-match") == etag and "304" in self.path:
                self.send_response(304)
                self.end_headers()
                return
            port = self.server.server_port
            body = rss(
                *(
                    (f"{port}{self.path}{n}", f"/a{self.path}/{n}", f"Title {port} {self.path} {n}",
                     now, f"Some words of article {n} of {self.path} at {port}. " * 40)
                    for n in range(ITEMS)
                )
            ).encode()  # fmt: skip
            self.send_response(200)
            self.send_header("content-type", "application/rss+xml")
            self.send_header("etag", etag)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    import threading

    for _ in range(count):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ports.put(server.server_port)
    threading.Event().wait()


def address(number: int, ports: list[int]) -> str:
    """Return the address of a feed; every second server says when nothing is new."""
    kind = "304" if number % 2 else "200"
    return f"http://127.0.0.1:{ports[number % len(ports)]}/{kind}/{number}"


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sources", type=int, default=500)
    parser.add_argument("--servers", type=int, default=25)
    parser.add_argument("--milliseconds", type=float, default=50)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    ports: multiprocessing.Queue[int] = multiprocessing.Queue()
    far = multiprocessing.Process(
        target=serve, args=(asked.servers, asked.milliseconds / 1000, ports), daemon=True
    )
    far.start()
    known = [ports.get() for _ in range(asked.servers)]
    with tempfile.TemporaryDirectory() as folder:
        settings = model()(data_dir=Path(folder), fetch={"allow_private": True})
        app = build(settings, SystemClock())
        for number in range(asked.sources):
            source = Source(name=f"s{number}", url=address(number, known), kind="feed")
            app.store.sources.add(source, now=app.clock.now())
        value = {
            "sources": asked.sources,
            "servers": asked.servers,
            "articles": asked.sources * ITEMS,
        }
        for name in ("first", "second"):
            result = Ingested()
            start, worked = time.perf_counter(), time.process_time()
            watch(app, result, anyway=True)
            seconds = round(time.perf_counter() - start, 1)
            states = {
                s: sum(one.status == s for one in result.sources)
                for s in ("ok", "not_modified", "failed")
            }
            work = round(time.process_time() - worked, 1)  # the same however busy the machine is
            value[name] = {"seconds": seconds, "processor": work, **states}
        app.close()
    far.terminate()
    far.join()
    print(json.dumps(value))


if __name__ == "__main__":
    main()
