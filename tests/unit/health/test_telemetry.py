"""What others are told of a running bot: spans at a collector, errors at Sentry; off by default."""

import gzip
import json
import logging
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest
import structlog
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from pydantic import SecretStr

from bot import log, telemetry
from bot.domain.errors import ConfigError
from bot.domain.spans import root_id, span, trace_id
from bot.edition import approve_by_policy, ingest
from bot.settings import model, secrets
from bot.telemetry import reporting
from tests.unit.health.test_alarms import ARTICLE

KEY = "2026-11-23-rates-held"


class Collector(ThreadingHTTPServer):
    """Keeps what it is sent."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Taker)
        self.taken = []

    def spans(self):
        for path, _, body in self.taken:
            assert path == "/v1/traces"
            for sent in ExportTraceServiceRequest.FromString(body).resource_spans:
                for scope in sent.scope_spans:
                    yield from scope.spans

    def events(self):
        """What came in Sentry's envelopes: a header, then pairs of a header and a body."""
        for _, _, body in self.taken:
            lines = body.split(b"\n")
            for head, item in zip(lines[1::2], lines[2::2], strict=False):
                if json.loads(head)["type"] == "event":
                    yield json.loads(item)


class Taker(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}
        body = unpack.get(self.headers.get("Content-Encoding"), bytes)(body)
        self.server.taken.append((self.path, dict(self.headers), body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def collector():
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def lines():
    """The log as it is set up for a real bot, and back as it was."""
    root = logging.getLogger()
    was, level = root.handlers[:], root.level
    written = []

    class Stream:
        write = staticmethod(written.append)
        flush = staticmethod(lambda: None)
        isatty = staticmethod(lambda: False)

    def set_up(settings):
        log.set_up(style="json", level="info", secrets=secrets(settings), stream=Stream())
        return written

    yield set_up
    root.handlers[:] = was
    root.setLevel(level)
    structlog.reset_defaults()


def _values(found):
    return {one.key: one.value.string_value or one.value.int_value for one in found.attributes}


def test_an_article_is_one_trace_from_first_sight_to_the_proof(app, again, collector, lines):
    endpoint = f"http://127.0.0.1:{collector.server_port}/v1/traces"
    traced = again(otel={"endpoint": endpoint, "headers": SecretStr("x-key=let-us-in")})
    written = lines(traced.settings)
    path = app.settings.inbox_dir / "a.json"
    path.write_text(ARTICLE)
    with reporting(traced.settings):
        posts = ingest(traced, [str(path)]).posts
    with reporting(traced.settings):  # hours later, in another process
        approve_by_policy(traced, posts, by="asha", via="desk", despite_warnings=True)
        with traced.publishing():
            traced.publish_due()
            traced.publish_due()

    spans = list(collector.spans())
    assert {int.from_bytes(one.trace_id) for one in spans} == {trace_id(KEY)}
    found = [(one.name, _values(one).get("channel", "")) for one in spans]
    stretches = ("compose", "approve", "publish", "verify")
    wanted = [("article", "")] + [(n, c) for n in stretches for c in ("x", "linkedin")]
    assert sorted(found) == sorted(wanted)
    (first,) = [one for one in spans if one.name == "article"]
    assert int.from_bytes(first.span_id) == root_id(KEY)
    assert {one.parent_span_id for one in spans if one is not first} == {first.span_id}
    states = {one.name: _values(one).get("state") for one in spans}
    assert (states["approve"], states["publish"], states["verify"]) == (
        "approved",
        "published",
        "verified",
    )
    assert all(one.end_time_unix_nano >= one.start_time_unix_nano > 0 for one in spans)
    # What every line of the log about it carries, so does every span.
    assert {_values(one)["article"] for one in spans} == {KEY}
    events = [json.loads(line) for line in written if line.strip()]
    assert {one["article"] for one in events if "article" in one} == {KEY}
    assert {"post.published", "post.verified"} <= {one["event"] for one in events}
    assert all(headers["x-key"] == "let-us-in" for _, headers, _ in collector.taken)


def test_a_collector_that_is_down_stops_nothing(again, unused_port):
    down = again(otel={"endpoint": f"http://127.0.0.1:{unused_port}/v1/traces"})
    with reporting(down.settings), span("compose", article=KEY):
        pass


def test_errors_reach_sentry_and_no_secret_does(app, again, collector, lines):
    key = "public-key-of-the-project"
    dsn = SecretStr(f"http://{key}@127.0.0.1:{collector.server_port}/7")
    watched = again(sentry={"dsn": dsn, "environment": "test"})
    lines(watched.settings)
    keys = [one for one in secrets(watched.settings) if len(one) >= 6 and one != dsn]
    assert len(keys) >= 4
    typed = "hunter2" * 2
    logger = structlog.get_logger("test")
    with reporting(watched.settings):
        logger.info("nothing.to_see", token=keys[0])
        logger.error("channel.paused", article=KEY, channel="x", reason=f"It said {keys[0]}.")
        try:
            _fails(keys[1])
        except ValueError:
            logger.exception("tick.bug", header=f"Bearer {keys[2]}", password=typed)

    events = list(collector.events())
    assert len(events) == 2
    paused, bug = events
    assert (paused["message"], paused["tags"]["article"]) == ("channel.paused", KEY)
    assert paused["environment"] == "test"
    assert bug["tags"]["event"] == "tick.bug"
    assert bug["exception"]["values"][0]["type"] == "ValueError"
    frames = bug["exception"]["values"][0]["stacktrace"]["frames"]
    assert frames[-1]["function"] == "_fails"
    everything = json.dumps(events)
    assert "[redacted]" in everything
    for one in [*keys, typed]:
        assert one not in everything


def _fails(secret):
    local = f"a value with {secret}"
    raise ValueError(f"The platform would not take {local}")


def test_a_wrong_dsn_is_said_before_anything_starts(again):
    wrong = again(sentry={"dsn": SecretStr("nonsense")}).settings
    with pytest.raises(ConfigError, match="copy it from the project"), reporting(wrong):
        pass


@pytest.mark.parametrize(
    ("extra", "missing", "given"),
    [
        (
            "otel",
            "opentelemetry.exporter.otlp.proto.http.trace_exporter",
            {"endpoint": "http://127.0.0.1:9"},
        ),
        ("sentry", "sentry_sdk", {"dsn": "http://k@127.0.0.1:9/1"}),
    ],
)
def test_an_extra_that_is_not_installed_is_named(monkeypatch, extra, missing, given):
    monkeypatch.delitem(sys.modules, f"bot.telemetry.{extra}", raising=False)
    monkeypatch.delattr(telemetry, extra, raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ConfigError) as refused, reporting(model()(**{extra: given})):
        pass
    assert f"shiftmaker-bot[{extra}]" in str(refused.value)


def test_nothing_is_loaded_that_is_not_configured():
    code = (
        "import sys\nfrom bot.settings import model\nfrom bot.telemetry import reporting\n"
        "with reporting(model()()):\n    print(*sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert not {"opentelemetry", "sentry_sdk"} & {one.split(".")[0] for one in found.stdout.split()}


@pytest.fixture
def unused_port():
    with ThreadingHTTPServer(("127.0.0.1", 0), Taker) as server:
        return server.server_port
