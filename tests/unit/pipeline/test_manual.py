"""The way round the API: a person posts, the bot keeps its hands off and writes it down."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot import platforms
from bot.domain.delivery import Ticket
from bot.domain.errors import IllegalMove, NotApproved, UsageError
from bot.domain.post import State
from bot.pipeline.manual import HANDS_OFF, posted, take_over
from bot.pipeline.publish import publish
from bot.pipeline.tick import tick
from tests.unit.pipeline.posts import LINKEDIN, X

LIVE = "https://x.com/shiftmaker/status/1799000000000000042"


def by_hand(store, post, outbox, address=LIVE):
    return posted(post, address, X, store.handbook, outbox, by="asha")


def test_the_text_goes_along_and_the_bot_waits(store, outbox, approved, account, clock):
    way = take_over(approved, X, store.ledger, clock, by="asha")
    asked = urlsplit(way.address)
    assert (asked.hostname, asked.path) == ("x.com", "/intent/post")
    assert parse_qs(asked.query)["text"] == [approved.content.text]
    assert way.texts == (approved.content.text,)
    tick(outbox, lambda channel: account, stopping=lambda: False)
    assert account.sent == []
    clock.advance(HANDS_OFF.total_seconds() + 1)
    tick(outbox, lambda channel: account, stopping=lambda: False)
    assert len(account.sent) == 1


def test_a_worker_that_has_it_in_hand_cannot_send_it_any_more(
    store, outbox, approved, account, clock
):
    def taken():
        take_over(store.ledger.post(approved.id), X, store.ledger, clock, by="asha")

    ticket = Ticket(platform="x", request="{}", text="t", fingerprint=approved.fingerprint)
    store.ledger.save_ticket(approved, ticket, now=clock.now())
    taken()
    assert publish(approved, account, outbox) is State.APPROVED
    assert account.sent == []


def test_where_it_is_is_recorded_with_who_and_how(store, outbox, approved, account, clock):
    take_over(approved, X, store.ledger, clock, by="asha")
    done = by_hand(store, approved, outbox)
    assert done.state is State.PUBLISHED
    receipt = store.lookout.receipt(done)
    assert (receipt.remote_id, receipt.permalink, receipt.via) == (
        "1799000000000000042",
        LIVE,
        "manual",
    )
    names = [(event.name, event.who) for event in store.history.of_article(done.article_key)]
    assert names[-2:] == [("post.sending", "asha"), ("post.published", "asha")]
    assert store.audit.verify().findings == ()
    clock.advance(24 * 3600)
    tick(outbox, lambda channel: account, stopping=lambda: False)
    assert account.sent == []
    assert store.ledger.post(done.id).state is State.PUBLISHED


def test_it_is_not_recorded_twice_nor_for_another_content(
    store, outbox, approved, drafted, edited, clock
):
    with pytest.raises(UsageError, match="not the address"):
        by_hand(store, approved, outbox, "https://x.com/shiftmaker")
    changed = store.desk.edit(approved, edited, [], by="ravi", now=clock.now())
    again = store.desk.approve(changed, by="ravi", via="cli", now=clock.now())
    with pytest.raises(NotApproved, match="changed meanwhile"):
        by_hand(store, approved, outbox)
    by_hand(store, again, outbox)
    with pytest.raises(IllegalMove, match="not approved"):
        by_hand(store, store.ledger.post(again.id), outbox)


def test_only_what_is_approved_is_taken_over(store, drafted, clock):
    with pytest.raises(IllegalMove, match="bot approve"):
        take_over(drafted, X, store.ledger, clock, by="asha")


@pytest.mark.parametrize(
    ("dialect", "address", "remote_id"),
    [
        (X, "https://x.com/i/web/status/42?s=20", "42"),
        (X, "https://mobile.twitter.com/a/status/42/photo/1", "42"),
        (X, "https://x.com.evil.example/a/status/42", ""),
        (X, "https://x.com/a/status/4x", ""),
        (X, "not an address", ""),
        (
            LINKEDIN,
            "https://www.linkedin.com/feed/update/urn:li:share:7295588489876647936/",
            "urn:li:share:7295588489876647936",
        ),
        (
            LINKEDIN,
            "https://linkedin.com/feed/update/urn%3Ali%3AugcPost%3A7295588489876647936",
            "urn:li:ugcPost:7295588489876647936",
        ),
        (
            LINKEDIN,
            "https://www.linkedin.com/posts/the-shiftmaker_rates-activity-7295588489876647936-AbCd?utm_source=share",
            "urn:li:activity:7295588489876647936",
        ),
        (LINKEDIN, "https://www.linkedin.com/company/the-shiftmaker/", ""),
        (LINKEDIN, "https://example.org/urn:li:share:7295588489876647936", ""),
    ],
)
def test_the_address_tells_which_post_it_is(dialect, address, remote_id):
    assert dialect.remote_id(address) == remote_id


@pytest.mark.parametrize("name", platforms.names())
def test_every_platform_has_a_composer(name):
    dialect = platforms.dialect(name, platforms.settings_class(name)())
    text = "₹5 & 6 % #AI\nhttps://a.b/c?d=e"
    assert text in "".join(parse_qs(urlsplit(dialect.composer(text)).query)["text"])


def test_hands_off_is_shorter_than_a_post_is_news():
    assert timedelta(minutes=5) < HANDS_OFF < timedelta(hours=1)
