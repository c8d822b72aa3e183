"""Posts with the same words: what is live as one of them is never taken for another."""

from dataclasses import replace
from datetime import timedelta

import pytest
import stamina

from bot import platforms
from bot.app import build
from bot.domain.errors import NotSent
from bot.domain.ledger import Draft
from bot.domain.post import Content, State
from bot.http.sandbox import Fault, Kind, Server
from bot.platforms.linkedin import comments
from bot.settings import model

WORDS = "Markets are closed today."


@pytest.fixture(autouse=True)
def _no_backoff():
    with stamina.set_testing(True, attempts=1, cap=True):
        yield


@pytest.fixture(params=["linkedin", "mastodon", "x"])
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
    """Approve a post for each day."""

    def make(key):
        one = replace(article, key=key, url=f"https://x.test/{key}")
        app.store.archive.add(one, now=clock.now())
        draft = Draft(
            article_key=key,
            platform=name,
            channel=name,
            content=Content(text=WORDS),
            due_at=clock.now(),
            expires_at=clock.now() + timedelta(hours=20),
        )
        made = app.store.desk.draft(draft, now=clock.now())
        return app.store.desk.approve(made, by="asha", via="cli", now=clock.now())

    return make


def after(app, post, seconds=0):
    app.clock.advance(seconds)
    with app.publishing():
        app.publish_due()
    return app.store.desk.post(post.id)


def test_yesterdays_post_is_not_taken_for_todays(app, server, name, post, clock):
    """Today's was lost on the wire; its words, of yesterday, are still there."""
    first = after(app, post("monday"))
    assert first.state is State.PUBLISHED
    clock.advance(24 * 3600 + 600)
    server.state.fault(f"{name}.create", Fault(kind=Kind.DROP_BEFORE))
    second = after(app, post("tuesday"))
    assert second.state is State.UNCLEAR
    for _ in range(4):
        second = after(app, second, 700)
    assert second.state in (State.PUBLISHED, State.VERIFIED)
    receipts = [app.store.lookout.receipt(one).remote_id for one in (first, second)]
    assert len(set(receipts)) == 2
    assert len(server.state.posts(name)) == 2


def test_an_older_one_of_ours_is_found_behind_a_newer_one_that_is_not(
    app, server, name, post, clock
):
    """Both are live; the newer has its receipt, the older has not."""
    server.state.fault(f"{name}.create", Fault(kind=Kind.ACCEPT_THEN_DROP))
    older = after(app, post("monday"))
    assert older.state is State.UNCLEAR
    account = app.connect(name)
    ticket, since = app.store.lookout.attempted(older)
    (mine,) = server.state.posts(name)
    clock.advance(24 * 3600 + 600)
    newer = account.send(ticket)
    found = account.find(ticket, since=since, known={newer.remote_id})
    assert found.remote_id == mine["id"] != newer.remote_id
    assert account.find(ticket, since=since, known={mine["id"], newer.remote_id}) is None


@pytest.mark.parametrize("name", ["linkedin", "mastodon"], indirect=True)
def test_told_that_it_has_these_words_already(app, server, name, post, clock):
    """LinkedIn names the post that it repeats; Mastodon gives it back. It is the other one."""
    first = after(app, post("monday"))
    second = after(app, post("tuesday"), 30)
    assert first.state is State.PUBLISHED
    assert second.state is State.FAILED
    assert "as another post" in second.reason
    assert app.store.lookout.receipt(second) is None
    assert len(server.state.posts(name)) == 1


@pytest.mark.parametrize("name", ["mastodon"], indirect=True)
def test_a_post_behind_many_is_found(app, server, name, post, clock):
    account = app.connect(name)
    for number in range(45):
        words = Content(text=f"Story {number}")
        account.send(account.prepare(words, None, fingerprint=f"{number}"))
    server.state.fault("mastodon.create", Fault(kind=Kind.ACCEPT_THEN_DROP))
    kept = after(app, post("monday"))
    assert kept.state is State.UNCLEAR
    kept = after(app, kept, 130)
    assert kept.state is State.PUBLISHED
    assert len(server.state.posts(name)) == 46


class TestComments:
    @pytest.fixture(params=["linkedin"])
    def name(self, request):
        return request.param

    def test_more_than_one_look_shows_are_not_an_absence(self, monkeypatch, app, post):
        monkeypatch.setattr(comments, "AT_ONCE", 1)
        account = app.connect("linkedin")
        live = account.send(account.prepare(Content(text="a"), None, fingerprint="f"))
        content = Content(text="a", parts=("More.", "Other."))
        account.send(account.follow(content, [live], fingerprint="f"))
        ticket = account.follow(content, [live, live], fingerprint="f")
        with pytest.raises(NotSent, match="cannot see them all"):
            account.find(ticket, since=app.clock.now())
