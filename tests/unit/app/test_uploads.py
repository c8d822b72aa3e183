"""What was uploaded is used again, and what was sent as one account is not looked for as another."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import stamina

from bot import platforms
from bot.app import build
from bot.domain.card import Card
from bot.domain.ledger import Draft
from bot.domain.post import Content, State
from bot.http.sandbox import Fault, Kind, Server
from bot.settings import model
from tests.unit.app.test_accounts import png

UPLOADS = {"x": "x.upload", "linkedin": "linkedin.initialize", "mastodon": "mastodon.upload"}


@pytest.fixture(autouse=True)
def _no_backoff():
    with stamina.set_testing(True, attempts=1, cap=True):
        yield


@pytest.fixture(params=sorted(UPLOADS))
def name(request):
    return request.param


@pytest.fixture
def server(name, clock):
    with Server([platforms.sandbox(name)()], clock=clock) as running:
        yield running


@pytest.fixture
def app(server, name, clock, tmp_path):
    keys = {name: {**server.credentials(name), "read_timeout": 2}}
    made = build(model()(data_dir=tmp_path / "data", channels=[name], **keys), clock)
    yield made
    made.close()


@pytest.fixture
def post(app, name, article, clock):
    picture = png()
    digest = hashlib.sha256(picture).hexdigest()
    app.store.shelf.put(
        Card(png=picture, sha256=digest, width=8, height=8, alt_text="Rates", layout="headline")
    )
    app.store.archive.add(article, now=clock.now())
    draft = Draft(
        article_key=article.key,
        platform=name,
        channel=name,
        content=Content(text="Rates held.", card=digest, alt_text="Rates"),
        due_at=clock.now(),
        expires_at=clock.now() + timedelta(hours=96),
    )
    return approved(app, app.store.desk.draft(draft, now=clock.now()))


def approved(app, post):
    return app.store.desk.approve(post, by="asha", via="cli", now=app.clock.now())


def reworded(app, post, **changes):
    content = replace(app.store.desk.post(post.id).content, **changes)
    app.store.desk.edit(post, content, [], by="asha", now=app.clock.now())
    return approved(app, app.store.desk.post(post.id))


def send(app, post):
    with app.publishing():
        app.publish_due()
    return app.store.desk.post(post.id)


def fails(server, name, status):
    endpoint = f"{name}.create"
    server.state.fault(endpoint, Fault(kind=Kind.STATUS, status=status))


def uploads(server, name):
    return len(server.state.calls(UPLOADS[name]))


def shown(server, name, clock):
    (one,) = platforms.sandbox(name)().shown(server.state, clock.now())
    return "".join(part.text for part in one.segments), one.pictures[0].alt


def refused_for_now(app, server, name, post, clock):
    """Prepare the post and have its sending put off."""
    fails(server, name, 429)
    assert send(app, post).state is State.APPROVED
    assert uploads(server, name) == 1
    clock.advance(25 * 3600 if name == "linkedin" else 3600)


def test_words_are_edited_and_the_picture_is_not_uploaded_again(app, server, name, post, clock):
    refused_for_now(app, server, name, post, clock)
    post = reworded(app, post, text="Rates held, again.")
    assert send(app, post).state is State.PUBLISHED
    assert uploads(server, name) == 1
    assert shown(server, name, clock) == ("Rates held, again.", "Rates")


def test_other_words_about_the_picture_are_what_is_heard(app, server, name, post, clock):
    refused_for_now(app, server, name, post, clock)
    post = reworded(app, post, alt_text="A chart of rates")
    assert send(app, post).state is State.PUBLISHED
    assert uploads(server, name) == (1 if name == "linkedin" else 2)
    assert shown(server, name, clock)[1] == "A chart of rates"


def test_what_the_platform_has_refused_is_made_anew(app, server, name, post, clock):
    """Its upload may be what was wrong: the same request would be refused for ever."""
    fails(server, name, 400)
    post = send(app, post)
    assert post.state is State.FAILED
    app.store.desk.edit(post, post.content, [], by="asha", now=clock.now())
    assert send(app, approved(app, app.store.desk.post(post.id))).state is State.PUBLISHED
    assert uploads(server, name) == 2


@pytest.mark.parametrize("name", ["x", "mastodon"], indirect=True)
def test_a_picture_that_is_gone_at_the_platform_is_uploaded_again(app, server, name, post, clock):
    refused_for_now(app, server, name, post, clock)
    clock.advance(23 * 3600)
    post = reworded(app, post, text="Rates held, again.")
    assert send(app, post).state is State.PUBLISHED
    assert uploads(server, name) == 2


@pytest.mark.parametrize("name", ["x"], indirect=True)
class TestMoney:
    def spent(self, app):
        return app.store.spending.spent("x", app.clock.now() - timedelta(days=9))

    def theirs(self, server):
        return sum(Decimal(one["usd"]) for one in server.state.all("x.charges"))

    def test_what_was_uploaded_once_is_billed_once(self, app, server, name, post, clock):
        refused_for_now(app, server, name, post, clock)
        send(app, reworded(app, post, text="Rates held, again."))
        assert self.spent(app) == self.theirs(server) == Decimal("0.020")

    def test_every_post_that_a_look_has_read_is_billed(self, app, server, name, post, clock):
        account = app.connect("x")
        for number in range(7):
            account.send(account.prepare(Content(text=f"Story {number}"), None, fingerprint="f"))
        before = self.theirs(server)
        server.state.fault("x.create", Fault(kind=Kind.DROP_BEFORE))
        assert send(app, post).state is State.UNCLEAR
        clock.advance(130)
        send(app, post)
        looked = [one for one in app.store.spending.last(9) if one["item"] == "owned_read"]
        assert sum(one["count"] for one in looked) == 7
        reads = Decimal("0.007")
        assert self.theirs(server) - before == reads + Decimal("0.005")  # and the alt text

    def test_a_look_that_fails_half_way_is_billed_for_what_it_read(
        self, app, server, name, post, clock
    ):
        account = app.connect("x")
        for number in range(130):
            if number % 50 == 0:
                clock.advance(1000)
            account.send(account.prepare(Content(text=f"Story {number}"), None, fingerprint="f"))
        server.state.fault("x.create", Fault(kind=Kind.DROP_BEFORE))
        assert send(app, post).state is State.UNCLEAR
        clock.advance(130)
        server.state.fault("x.timeline", Fault(kind=Kind.DELAY, seconds=0))
        server.state.fault("x.timeline", Fault(kind=Kind.STATUS, status=503))
        assert send(app, post).state is State.UNCLEAR
        looked = [one for one in app.store.spending.last(9) if one["item"] == "owned_read"]
        assert sum(one["count"] for one in looked) == 100


class TestAnotherAccount:
    """Somebody signs in as somebody else while a post is under way."""

    @pytest.fixture(params=["x"])
    def name(self, request):
        return request.param

    def other(self, app):
        """Sign in as another account."""
        found = app.connect("x")
        object.__setattr__(found, "publisher", _As(found.publisher, "2"))

    def test_an_unclear_post_is_asked_about(self, app, server, name, post, clock):
        server.state.fault("x.create", Fault(kind=Kind.ACCEPT_THEN_DROP))
        assert send(app, post).state is State.UNCLEAR
        clock.advance(130)
        self.other(app)
        for _ in range(3):
            kept = send(app, post)
            clock.advance(700)
        assert kept.state is State.UNCLEAR
        assert "has signed in since" in kept.asks
        assert len(server.state.posts("x")) == 1

    def test_a_request_of_the_other_is_not_sent(self, app, server, name, post, clock):
        refused_for_now(app, server, name, post, clock)
        self.other(app)
        assert send(app, post).state is State.PUBLISHED
        assert uploads(server, name) == 2

    def test_a_live_post_is_not_missed(self, app, server, name, post, clock):
        assert send(app, post).state is State.PUBLISHED
        self.other(app)
        clock.advance(3600)
        kept = send(app, post)
        assert kept.state is State.PUBLISHED
        assert not kept.asks
        assert "signed in" in kept.reason

    def test_nothing_follows_in_the_others_name(self, app, server, name, post, clock):
        post = reworded(app, post, parts=("And more.",))
        server.state.fault("x.create", Fault(kind=Kind.DELAY, seconds=0))
        server.state.fault("x.create", Fault(kind=Kind.STATUS, status=429))
        assert send(app, post).state is State.BEGUN
        self.other(app)
        clock.advance(3600)
        kept = send(app, post)
        assert len(server.state.posts("x")) == 1
        assert kept.state is State.PUBLISHED
        assert "And more." in kept.asks


class _As:
    """An account that is somebody else."""

    def __init__(self, publisher, account):
        self.publisher = publisher
        self.account = account

    def __getattr__(self, name):
        return getattr(self.publisher, name)

    def prepare(self, *args, **others):
        return replace(self.publisher.prepare(*args, **others), account=self.account)
