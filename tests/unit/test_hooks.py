"""Other programs are told what happens: signed, in order, and never through a door inside."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from standardwebhooks import Webhook as Checker

from bot import hooks
from bot.app import build
from bot.app.keys import new_secret
from bot.domain.errors import UsageError
from bot.domain.people import Role
from bot.pipeline import review
from bot.pipeline.draft import draft
from bot.settings import model
from tests.fakes import FakeClock
from tests.stories import story


class Ear:
    """Another program's server, which remembers what it was told."""

    def __init__(self):
        ear = self
        self.told, self.answers = [], []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                ear.told.append((dict(self.headers), body.decode()))
                self.send_response(ear.answers.pop(0) if ear.answers else 204)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def types(self):
        return [json.loads(body)["type"] for _, body in self.told]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def ear():
    ear = Ear()
    yield ear
    ear.close()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def app(tmp_path, clock):
    settings = model()(data_dir=tmp_path, channels="x", fetch={"allow_private": True})
    app = build(settings, clock)
    yield app
    app.close()


@pytest.fixture
def post(app, clock):
    from bot.domain.article import Article

    title, dek, body = story(1)
    article = Article(
        key="2026-11-23-a", url="https://theshiftmaker.com/a", title=title, dek=dek, body=body
    )
    app.store.archive.add(article, now=clock.now())
    return draft(article, app.studio)[0]


def listen(app, url, *names):
    return app.store.webhooks.add(url, names, new_secret(), by="test", now=app.clock.now())


def test_an_event_is_told_once_signed_and_without_secrets(app, ear, clock, post):
    webhook = listen(app, ear.url, "post.approved")
    app.store.people.add("asha", Role.ADMIN, by="test", now=clock.now())
    review.approve(post, app.store.desk, clock, by="asha", via="web")
    assert hooks.tell(app) == 1
    assert hooks.tell(app) == 0
    (headers, body), signer = ear.told[0], Checker(hooks.secret(app, webhook))
    at = clock.now().timestamp()
    assert headers["webhook-timestamp"] == str(int(at))
    expected = signer.sign(headers["webhook-id"], clock.now(), body)
    assert headers["webhook-signature"] == expected
    told = json.loads(body)
    assert told["type"] == "post.approved"
    assert told["data"]["post"]["content_hash"] == post.fingerprint
    kept = b"".join(p.read_bytes() for p in app.settings.data_dir.glob("bot.db*"))
    assert hooks.secret(app, webhook).removeprefix("whsec_").encode() not in kept


def test_what_people_do_with_their_accounts_is_told_nobody(app, ear, clock):
    listen(app, ear.url, "*")
    app.store.people.add("asha", Role.ADMIN, by="test", now=clock.now())
    assert hooks.tell(app) == 0
    assert ear.told == []


def test_order_is_kept_while_the_other_side_is_down(app, ear, clock, post):
    listen(app, ear.url, "*")
    ear.answers = [500]
    held = review.hold(post, app.store.desk, clock, by="asha", reason="Timing")
    review.release(held, app.store.desk, clock, by="asha")
    assert hooks.tell(app) == 0
    assert hooks.tell(app) == 0, "not asked again before its time"
    assert len(ear.told) == 1
    clock.advance(31)
    assert hooks.tell(app) == 2
    assert ear.types == ["post.on_hold", "post.on_hold", "post.drafted"]
    ids = [headers["webhook-id"] for headers, _ in ear.told]
    assert ids[0] == ids[1] != ids[2], "a repeat has the same id"


def test_a_redirect_is_not_followed(app, ear, clock, post):
    listen(app, ear.url, "*")
    ear.answers = [307]
    review.hold(post, app.store.desk, clock, by="asha", reason="Timing")
    assert hooks.tell(app) == 0
    assert len(ear.told) == 1


def test_after_three_days_of_silence_it_is_given_up_and_said(app, ear, clock, post):
    webhook = listen(app, ear.url, "*")
    ear.answers = [503] * 100
    review.hold(post, app.store.desk, clock, by="asha", reason="Timing")
    for _ in range(20):
        hooks.tell(app)
        clock.advance(6 * 3600)
    assert "503" in app.store.webhooks.get(webhook.id).disabled
    ear.answers = []
    app.store.webhooks.enable(app.store.webhooks.get(webhook.id))
    assert hooks.tell(app) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/",
        "http://[::1]/",
        "http://2130706433/",
        "http://169.254.169.254/latest",
        "http://10.0.0.1/",
        "https://:443/",
    ],
)
def test_an_address_inside_is_refused_before_any_socket(tmp_path, url):
    from bot.http.fetch import Fetcher
    from bot.http.guard import Guard

    dialled = []
    app = build(model()(data_dir=tmp_path), FakeClock())
    app.__dict__["fetcher"] = Fetcher(guard=Guard(dial=lambda *where: dialled.append(where)))
    with pytest.raises(UsageError, match=r"No webhook was added|nothing was added"):
        hooks.check_address(app, url)
    assert dialled == []
