"""What becomes of posts when their article is changed or taken down. Never a second post."""

from datetime import timedelta

import pytest

from bot import correcting
from bot.domain.correction import Kind, Option
from bot.domain.delivery import Deed, Receipt, Verification
from bot.domain.errors import NotEditable, NotReadable, Unclear, UsageError
from bot.domain.post import Content, State
from bot.edition import Ingested
from bot.pipeline.correct import VOID
from bot.watching.rechecks import gone, recheck
from tests.fakes import FakeAccount
from tests.unit.watching.newsroom import text


class Account(FakeAccount):
    """An account that can be changed, as the test says."""

    editable = True
    unsure = False

    def amend(self, ticket, receipt, text, *, fingerprint):
        from dataclasses import replace

        if not self.editable:
            raise NotEditable("X lets only Premium accounts edit.")
        return replace(ticket, text=text, fingerprint=fingerprint, request='{"text":"new"}')

    def edit(self, amended, receipt):
        self.edited = (amended.text, receipt.remote_id)
        if self.unsure:
            raise Unclear("The line broke.")
        return Receipt(remote_id="2", permalink="p/2")

    def verify(self, ticket, receipt):
        if self.unsure and isinstance(self.seen, Exception):
            raise self.seen
        return self.seen if self.unsure else super().verify(ticket, receipt)

    def find(self, ticket, *, since, known=()):
        return self.elsewhere if self.unsure else super().find(ticket, since=since)

    def delete(self, receipt):
        self.deleted = receipt.remote_id

    def bill(self, deed, ticket=None, *, count=1):
        self.billed = [*getattr(self, "billed", ()), deed]
        return super().bill(deed, ticket, count=count)


@pytest.fixture
def account(app):
    made = Account()
    app.accounts.publishers["x"] = (0, made)
    return made


@pytest.fixture
def post(newsroom, app):
    """A post waiting in the queue, of the newest article of a watched feed."""
    newsroom.write(0)
    newsroom.add()
    newsroom.write(1)
    newsroom.read()
    return app.store.desk.posts()[0]


def change(newsroom, old="28,000", new="31,000"):
    guid, link, title, at, body = newsroom.items[0]
    newsroom.items[0] = (guid, link, title, at, body.replace(old, new))
    return newsroom.read()


def approved(app, post):
    # The links of a site on loopback are no https, which a person may not approve.
    now = app.store.desk.post(post.id)
    return app.store.desk.approve(now, by="asha", via="cli", now=app.clock.now())


def live(app, post, clock):
    clock.advance(3600)
    approved(app, post)
    with app.publishing():
        app.publish_due()
    now = app.store.desk.post(post.id)
    assert now.state in (State.PUBLISHED, State.VERIFIED), now.reason
    return now


def test_an_untouched_post_is_composed_anew_and_its_approval_void(newsroom, app, post):
    approved(app, post)
    result = change(newsroom)
    assert (result.new, result.updated) == ([], [post.article_key])
    now = app.store.desk.post(post.id)
    assert (now.state, now.reason) == (State.DRAFTED, VOID)
    assert "31,000" in now.content.text
    change(newsroom, "31,000", "32,000")
    assert app.store.desk.post(post.id).reason == VOID, "it still needs a yes that it had"
    assert app.store.corrections.open() == []
    assert len(app.store.desk.posts()) == 1
    assert app.store.archive.revisions(post.article_key)[0].revision == 1


def test_a_change_the_post_does_not_show_leaves_its_approval(newsroom, app, post):
    approved(app, post)
    change(newsroom, "wages have grown faster than they had expected", "wages have grown quickly")
    assert app.store.archive.find(post.article_key).revision == 2
    assert app.store.desk.post(post.id).state is State.APPROVED


def test_a_hold_wins(newsroom, app, post):
    app.store.desk.decide(post, "on_hold", by="asha", reason="Wait for legal.", now=app.clock.now())
    change(newsroom)
    now = app.store.desk.post(post.id)
    assert (now.state, now.reason) == (State.ON_HOLD, "Wait for legal.")
    assert "31,000" in now.content.text


def test_an_editors_words_are_kept_back_with_the_difference(newsroom, app, post):
    words = Content(
        text="Ruritania waits. 28,000 firms wait too.", alt_text="a", card=post.content.card
    )
    edited = app.store.desk.edit(post, words, [], by="asha", now=app.clock.now())
    approved(app, edited)
    change(newsroom)
    now = app.store.desk.post(post.id)
    assert (now.state, now.content) == (State.ON_HOLD, words)
    assert app.store.desk.approval(now) is None or now.state is not State.APPROVED
    (asked,) = app.store.corrections.open()
    assert (asked.kind, asked.live) == (Kind.CHANGED, False)
    (passage,) = asked.changes
    assert "28,000" in passage.before
    assert "31,000" in passage.after
    app.store.desk.decide(now, "drafted", by="asha", reason="", now=app.clock.now())
    approved(app, now)  # she has looked at it
    assert app.store.corrections.open() == []


def test_a_live_post_is_asked_about_and_never_posted_again(newsroom, app, post, account, clock):
    live(app, post, clock)
    change(newsroom)
    change(newsroom, "5.8 percent", "5.9 percent")
    (asked,) = app.store.corrections.open()
    assert asked.live
    assert "28,000" in " ".join(c.before for c in asked.changes)  # against what was posted
    assert "5.9 percent" in " ".join(c.after for c in asked.changes)
    assert "31,000" in correcting.suggested(app, asked)
    with app.publishing():
        app.publish_due()
    assert len(account.sent) == 1


def test_a_live_post_is_changed_where_the_platform_allows_it(newsroom, app, post, account, clock):
    before = live(app, post, clock)
    change(newsroom)
    (asked,) = app.store.corrections.open()
    assert correcting.options(app, asked)[Option.EDIT] == ""
    new = correcting.suggested(app, asked)
    receipt = correcting.edit(app, asked, new, by="asha")
    assert account.edited == (new, "1")
    assert receipt.permalink == "p/2"
    now = app.store.desk.post(post.id)
    assert (now.content.text, now.state) == (new, before.state)
    assert app.store.desk.approval(now).via == "correction"
    (kept,) = app.store.lookout.delivered(now)
    assert (kept[0].text, kept[1].remote_id) == (new, "2")
    assert app.store.corrections.open() == []
    with pytest.raises(UsageError, match="was answered by asha"):
        correcting.delete(app, app.store.corrections.find(asked.id), by="asha")
    assert app.store.audit.verify().findings == ()


def test_what_the_platform_does_not_allow_is_said(newsroom, app, post, account, clock):
    account.editable = False
    live(app, post, clock)
    change(newsroom)
    (asked,) = app.store.corrections.open()
    possible = correcting.options(app, asked)
    assert "Premium" in possible[Option.EDIT]
    assert possible[Option.DELETE] == ""
    with pytest.raises(NotEditable):
        correcting.edit(app, asked, "Other words", by="asha")
    assert len(app.store.corrections.open()) == 1
    correcting.delete(app, asked, by="asha")
    assert account.deleted == "1"
    assert Deed.DELETE in account.billed
    assert app.store.corrections.open() == []
    (row,) = app.store.history.published(5)
    assert row["taken_down_at"] == app.clock.now()
    assert app.store.audit.verify().findings == ()
    with pytest.raises(UsageError, match="was answered by asha"):
        correcting.answer(app, asked, Option.LEAVE, by="ravi")  # he saw it while it was open
    (event,) = [
        e
        for e in app.store.history.of_article(post.article_key)
        if e.name.startswith("correction.") and e.name != "correction.asked"
    ]
    assert (event.name, event.who) == ("correction.deleted", "asha")


SAME, OTHER = Verification(readable=True), Verification(readable=True, differences=("its words",))


@pytest.mark.parametrize(
    ("seen", "elsewhere", "at"),
    [
        (SAME, None, "1"),
        (OTHER, Receipt(remote_id="2", permalink="p/2"), "2"),
        (OTHER, None, "It still has its old words"),
        (Verification(readable=False), None, "It cannot be read back"),
        (NotReadable("no scope"), None, "no scope"),
    ],
)
def test_an_edit_of_which_nobody_knows_is_read_back(
    newsroom, app, post, account, clock, seen, elsewhere, at
):
    live(app, post, clock)
    change(newsroom)
    (asked,) = app.store.corrections.open()
    account.unsure, account.seen, account.elsewhere = True, seen, elsewhere
    new = correcting.suggested(app, asked)
    if not at.isdigit():
        with pytest.raises(Unclear, match=at):
            correcting.edit(app, asked, new, by="asha")
        assert len(app.store.corrections.open()) == 1
        return
    assert correcting.edit(app, asked, new, by="asha").remote_id == at
    assert app.store.desk.post(post.id).content.text == new
    assert app.store.corrections.open() == []


def test_an_article_taken_down_stops_what_is_not_sent(newsroom, app, post):
    approved(app, post)
    assert gone(app, post.article_key)
    now = app.store.desk.post(post.id)
    assert now.state is State.ON_HOLD
    (asked,) = app.store.corrections.open()
    assert (asked.kind, asked.after, asked.live) == (Kind.GONE, None, False)
    assert not gone(app, "unknown")


def page(body):
    return (
        "<html lang='en'><head><title>Rates</title></head><body><article>"
        f"<h1>Ruritania holds its rate for the 1th time in a row</h1>{body}</article></body></html>"
    )


def look(app, clock, times=1):
    for _ in range(times):
        clock.advance(601)
        recheck(app, Ingested())


def test_a_page_that_vanishes_twice_is_gone(newsroom, site, app, post, account, clock):
    live(app, post, clock)
    site.routes["/articles/1"] = page(text(1))
    look(app, clock)
    del site.routes["/articles/1"]
    look(app, clock)
    assert app.store.corrections.open() == []  # once is an accident
    look(app, clock)
    (asked,) = app.store.corrections.open()
    assert (asked.kind, asked.live) == (Kind.GONE, True)
    answered = len(site.asked)
    look(app, clock, 3)
    assert len(site.asked) == answered


def test_a_page_that_says_something_else_twice_is_changed(newsroom, site, app, post, clock):
    site.routes["/articles/1"] = page(text(1))
    look(app, clock)
    site.routes["/articles/1"] = page(
        text(1) + "<p>An advertisement that is here once only, and long.</p>"
    )
    look(app, clock)
    site.routes["/articles/1"] = page(text(1).replace("28,000", "31,000"))
    look(app, clock)
    assert app.store.archive.find(post.article_key).revision == 1
    look(app, clock)
    assert app.store.archive.find(post.article_key).revision == 2
    assert "31,000" in app.store.desk.post(post.id).content.text


def test_pages_are_left_alone_after_two_days(newsroom, site, app, post, clock):
    clock.advance(timedelta(days=2).total_seconds() + 1)
    asked = len(site.asked)
    recheck(app, Ingested())
    assert len(site.asked) == asked
