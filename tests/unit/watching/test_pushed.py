"""What is pushed to us: only what is signed, fresh and new; and hubs that tell us."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
import requests
from standardwebhooks import Webhook

from bot.domain.intake import Source
from bot.edition import Ingested
from bot.watching import pushed
from tests.site import rss, serving
from tests.unit.watching.newsroom import PARAGRAPHS, text
from tests.web import served


@pytest.fixture
def place(tmp_path):
    with served(tmp_path, channels=("x",), fetch={"allow_private": True}) as made:
        yield made


@pytest.fixture
def source(place):
    made = Source(name="cms", url="webhook:cms", kind="webhook", primed=True, key="k" * 32)
    return place.app.store.sources.add(made, now=place.clock.now())


def message(place, **more):
    return {
        "type": "article.published",
        "data": {
            "id": "2026-11-23-rates",
            "title": "Ruritania holds its rate for the fourth time",
            "published_at": place.clock.now().isoformat(),
            "body": [p.format(n=4) for p in PARAGRAPHS],
            **more,
        },
    }


def send(place, source, value, *, name="msg_1", at=None, secret="", headers=None):
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    at = at or place.clock.now()
    secret = secret or pushed.secret(place.app, source)
    signed = {
        "webhook-id": name,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, at, body.decode("utf-8", "replace")),
        "content-type": "application/json",
    }
    signed = {k: v for k, v in {**signed, **(headers or {})}.items() if v is not None}
    return requests.request(
        "POST", f"{place.url}/hooks/in/{source.key}", data=body, headers=signed, timeout=20
    )


def take(place):
    result = Ingested()
    pushed.take_arrivals(place.app, result)
    return result


def test_a_signed_article_is_taken_once(place, source):
    assert send(place, source, message(place)).status_code == 202
    assert send(place, source, message(place)).status_code == 200  # a repeat is answered kindly
    assert take(place).new == ["2026-11-23-rates"]
    assert take(place).sources == []
    send(place, source, message(place, dek="With a dek now."), name="msg_2")
    result = take(place)
    assert (result.new, result.updated) == ([], ["2026-11-23-rates"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "whsec_" + "QUJD" * 8},
        {"at": timedelta(minutes=-6)},
        {"at": timedelta(minutes=6)},
        {"headers": {"webhook-id": "msg_2"}},
        {"headers": {"webhook-id": None}},
        {"headers": {"webhook-timestamp": "now"}},
        {"headers": {"webhook-timestamp": "9" * 30}},
        {"headers": {"webhook-signature": None}},
        {"headers": {"webhook-signature": "v1,AAAA v1a,BBBB"}},
        {"value": b"\xff\xfe"},
    ],
)
def test_what_is_not_signed_by_its_sender_now_is_refused(place, source, wrong):
    value = wrong.pop("value", None) or message(place)
    if "at" in wrong:
        wrong["at"] = place.clock.now() + wrong["at"]
    answer = send(place, source, value, **wrong)
    assert answer.status_code == 401
    assert "Nothing was kept" in answer.text
    assert place.app.store.arrivals.open() == []


def test_a_changed_body_is_refused(place, source):
    secret = pushed.secret(place.app, source)
    signature = Webhook(secret).sign("msg_1", place.clock.now(), json.dumps(message(place)))
    answer = send(
        place, source, message(place, title="Other"), headers={"webhook-signature": signature}
    )
    assert answer.status_code == 401


def test_other_doors_stay_shut(place, source):
    assert send(place, replace(source, key="other"), message(place)).status_code == 404
    assert send(place, source, b"x" * 2_000_001).status_code == 413
    place.app.store.sources.note(source, {"paused": "by hand"})
    assert send(place, source, message(place)).status_code == 404
    assert requests.get(f"{place.url}/hooks/in/{source.key}", timeout=20).status_code == 404


def test_more_than_can_be_handled_is_sent_away(place, source, monkeypatch):
    monkeypatch.setattr("bot.store.arrivals.MOST", 2)
    answers = [send(place, source, message(place), name=f"m{n}") for n in range(3)]
    assert [one.status_code for one in answers] == [202, 202, 429]
    assert "Retry-After" in answers[2].headers


def test_a_message_nobody_can_read_stops_none_behind_it(place, source):
    send(place, source, {"type": "article.published", "data": {}}, name="m1")
    send(place, source, message(place), name="m2")
    result = take(place)
    assert ([one.status for one in result.sources], len(result.new)) == (["failed", "ok"], 1)
    assert place.app.store.arrivals.open() == []


def test_a_page_that_is_not_there_yet_is_tried_again_for_a_day(place, source):
    with serving() as site:
        url = f"{site.url}/a/1"
        send(place, source, {"type": "article.published", "data": {"url": url, "id": "a1"}})
        assert take(place).new == []
        site.routes["/a/1"] = (
            f"<html><head><title>R</title></head><body><article><h1>Rates held by the bank</h1>"
            f"{text(1)}</article></body></html>"
        )
        assert len(take(place).new) == 1
        gone = {"type": "article.published", "data": {"url": f"{site.url}/a/2"}}
        send(place, source, gone, name="m2")
        take(place)
        place.clock.advance(90_000)
        take(place)
        assert place.app.store.arrivals.open() == []


@pytest.fixture
def hubbed(place):
    """A feed with a hub, watched."""
    with serving() as site:
        site.hears = []
        site.routes["/hub"] = lambda h: (site.hears.append(h.body), h.answer(202))
        made = Source(
            name="site", url=f"{site.url}/feed", kind="feed", primed=True, key="h" * 32,
            hub=f"{site.url}/hub", topic=f"{site.url}/feed",
        )  # fmt: skip
        source = place.app.store.sources.add(made, now=place.clock.now())
        yield site, source


def ask(place, source, **more):
    asked = {
        "hub.mode": "subscribe", "hub.topic": source.topic, "hub.challenge": "c" * 40,
        "hub.lease_seconds": "86400", **more,
    }  # fmt: skip
    return requests.get(f"{place.url}/hooks/in/{source.key}", params=asked, timeout=20)


def test_a_hub_is_asked_once_and_its_question_answered(place, hubbed):
    site, source = hubbed
    pushed.subscribe(place.app)
    assert site.hears == []  # a desk nobody can reach from outside subscribes to nothing
    desk = place.app.settings.desk.model_copy(update={"url": "https://desk.example.org"})
    place.app.settings = place.app.settings.model_copy(update={"desk": desk})
    pushed.subscribe(place.app)
    pushed.subscribe(place.app)
    (heard,) = site.hears
    said = parse_qs(heard.decode())
    assert said["hub.callback"] == [f"https://desk.example.org/hooks/in/{source.key}"]
    assert (said["hub.mode"], said["hub.topic"]) == (["subscribe"], [source.topic])
    answer = ask(place, source)
    assert (answer.status_code, answer.text) == (200, "c" * 40)
    kept = place.app.store.sources.named("site")
    assert kept.lease_until == place.clock.now() + timedelta(days=1)
    place.clock.advance(7200)
    pushed.subscribe(place.app)  # it ends within two days, so that it is renewed
    assert len(site.hears) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"hub.topic": "http://other/"}, {"hub.mode": "unsubscribe"}, {"hub.challenge": ""}],
)
def test_a_hub_that_asks_for_something_else_hears_no(place, hubbed, wrong):
    _, source = hubbed
    assert ask(place, source, **wrong).status_code == 404
    assert place.app.store.sources.named("site").lease_until is None


@pytest.mark.parametrize(
    ("method", "key", "code"),
    [
        ("sha256", "", 202),
        ("sha512", "", 202),
        ("sha1", "", 401),
        ("md5", "", 401),
        ("sha256", "x", 401),
    ],
)
def test_only_what_the_hub_signed_is_taken(place, hubbed, method, key, code):
    site, source = hubbed
    item = ("g1", f"{site.url}/a/1", "Rates held by the bank again", place.clock.now(), text(1))
    body = rss(item).encode()
    key = key or pushed.secret(place.app, source)
    signature = hmac.new(key.encode(), body, getattr(hashlib, method)).hexdigest()
    answer = requests.post(
        f"{place.url}/hooks/in/{source.key}",
        data=body,
        headers={"x-hub-signature": f"{method}={signature}", "content-type": "application/rss+xml"},
        timeout=20,
    )
    assert answer.status_code == code
    assert len(take(place).new) == (1 if code == 202 else 0)
