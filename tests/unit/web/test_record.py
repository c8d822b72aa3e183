"""What went out, with its proof: as a page, as JSON, and the whole history of one post."""

import json
import re
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot import correcting, store
from bot.domain.correction import Option
from bot.domain.delivery import Item, Metrics, Receipt
from bot.domain.errors import Unclear
from bot.domain.people import Role
from bot.domain.post import State
from bot.pipeline import review
from bot.watching.rechecks import gone
from bot.web.acts import Decision, take
from bot.web.story import _EVENTS
from tests.fakes import FakeAccount
from tests.stories import story
from tests.web import served

_NUMBERS = count()


@pytest.fixture
def place(tmp_path):
    with served(tmp_path) as place:
        place.user("asha", Role.VIEWER)
        yield place


@pytest.fixture
def fresh(place):
    """Return the post for X of a new article, unlike all before it."""

    def make(title=""):
        number = next(_NUMBERS)
        headline, dek, body = story(number)
        return place.posts(place.article(title or headline, dek=dek, body=body))["x"]

    return make


def test_every_event_of_a_post_is_told_in_plain_words():
    told = "".join(path.read_text() for path in Path(store.__file__).parent.glob("*.py"))
    written = set(re.findall(r'name="((?:post|correction)\.\w+)"', told))
    assert len(written) > 8
    written |= {f"post.{state}" for state in State} | {
        f"correction.{one}" for one in correcting.DONE.values()
    }
    assert written <= set(_EVENTS), written - set(_EVENTS)


def test_another_time_is_told_and_what_is_not_sent_is_not_called_so(place, fresh):
    post, user = fresh(), place.user("ravi", Role.APPROVER)
    now = place.clock.now()
    decision = Decision(app=place.app, user=user, via="web", until=now + timedelta(minutes=45))
    take("snooze", post, decision)
    take("wake", post, decision)
    place.app.store.agenda.schedule(
        post, now + timedelta(hours=1), now + timedelta(hours=9), by="ravi", now=now
    )
    page = place.visitor("asha").get(f"/record/{post.id}").text
    assert re.search(
        r"Put off: out of sight until then\..*?07:45 IST.*?Shown again\..*?another time\..*?08:00 IST",
        page,
        re.DOTALL,
    )
    assert "As it stands" in page
    assert "As sent" not in page


def publish(place, post, *answers):
    """Send one post through the real protocol; the account answers what the test says."""
    app = place.app
    account = FakeAccount(answers=list(answers))
    app.accounts.publishers[post.channel] = (0, account)
    review.approve(post, app.store.desk, app.clock, by="asha", via="web")
    app.publish_due()
    return account


def test_the_day_lists_what_went_out_with_its_proof(place, fresh):
    post = fresh("The bank holds <b>its</b> rate")
    publish(place, post, Receipt(remote_id="77", permalink="https://x.com/desk/status/77"))
    reader = place.visitor("asha")
    page = reader.get("/record").text
    assert "https://x.com/desk/status/77" in page
    assert "The bank holds &lt;b&gt;its&lt;/b&gt; rate" in page
    assert "<b>its" not in page
    day = place.clock.now().astimezone(place.app.house.zone).date()
    kept = json.loads(reader.get(f"/record.json?day={day}").text)
    ours = [r for r in kept["receipts"] if r["post_id"] == post.id]
    assert (
        ours[0]
        | {
            "permalinks": ["https://x.com/desk/status/77"],
            "approved_by": "asha",
            "content_hash": post.fingerprint,
            "text": post.content.text,
        }
        == ours[0]
    )
    assert reader.get("/record?day=2001-01-01").text.count("Nothing went out that day") == 1


@pytest.mark.parametrize("by_hand", [True, False])
def test_what_was_taken_down_is_not_called_live(place, fresh, by_hand):
    post = fresh("The bank holds its rate")
    account = publish(
        place, post, Receipt(remote_id="78", permalink="https://x.com/desk/status/78")
    )
    account.delete = lambda receipt: None
    assert gone(place.app, post.article_key)
    reader = place.visitor("asha")
    for path in ("/record", f"/record/{post.id}"):
        assert "The article is not on the site any more." in reader.get(path).text
    (asked,) = (one for one in place.app.store.corrections.open() if one.post_id == post.id)
    if by_hand:
        correcting.answer(place.app, asked, Option.DELETE, by="ravi")
    else:
        correcting.delete(place.app, asked, by="ravi")
    for path in ("/record", f"/record/{post.id}"):
        page = reader.get(path).text
        assert "Taken down by ravi" in page
        assert "See it live" not in page.split("status/78")[1][:200]
    told = reader.get(f"/record/{post.id}").text
    assert "Its article was taken down from the site: an editor was asked." in told
    assert by_hand or "The post was taken down, by hand." in told


def test_every_try_is_told_in_plain_words(place, fresh):
    post = fresh()
    account = publish(place, post, Unclear("The line broke.", status=504))
    place.clock.advance(3600)
    account.live = []
    place.app.publish_due()  # looks, and does not find it
    place.clock.advance(3600)
    place.app.publish_due()  # absent twice: it goes out again, once
    place.app.publish_due()
    page = place.visitor("asha").get(f"/record/{post.id}").text
    assert "Try 1: ended unclear" in page
    assert "HTTP 504" in page
    assert "The line broke." in page
    assert "the bot looks before it sends" in page


class Counted(FakeAccount):
    """An account whose platform counts, for money."""

    def bill(self, deed, ticket=None, *, count=1):
        return {Item.OWNED_READ: count}

    def metrics(self, receipts):
        return {receipts[0].remote_id: Metrics(impressions=4321, reactions=12)}


def test_numbers_are_read_at_the_price_that_was_shown(place, fresh):
    post = fresh()
    publish(place, post, Receipt(remote_id="88", permalink="https://x.com/desk/status/88"))
    place.app.connect = lambda channel: Counted()
    place.user("rani", Role.APPROVER)
    rani, reader = place.visitor("rani"), place.visitor("asha")
    before = place.app.store.spending.spent("x", place.clock.now())
    shown = rani.get(f"/record/{post.id}").text
    assert "Read its numbers now ($0.001)" in shown
    assert "Read its numbers" not in reader.get(f"/record/{post.id}").text
    assert place.app.store.spending.spent("x", place.clock.now()) == before, "looking is free"
    assert reader.post(f"/record/{post.id}/numbers").status_code == 403
    assert "4,321" in rani.post(f"/record/{post.id}/numbers").text
    paid = place.app.store.spending.spent("x", place.clock.now()) - before
    assert f"{paid:.3f}" == "0.001"
    assert "impressions 4,321, reactions 12" in reader.get(f"/record/{post.id}").text


def test_numbers_of_what_is_not_live_are_not_asked_for(place, fresh):
    place.user("rani", Role.APPROVER)
    answer = place.visitor("rani").post(f"/record/{fresh().id}/numbers")
    assert "nothing to count" in answer.text


def test_what_is_no_day_and_no_post_is_said(place):
    reader = place.visitor("asha")
    assert "write it as 2026-11-23" in reader.get("/record?day=yesterday").text
    assert reader.get("/record/999999").status_code == 400
    assert reader.get("/record/99999999999999999999").status_code == 400


def test_the_record_is_for_people_who_signed_in(place):
    for path in ("/record", "/record.json", "/record/1"):
        answer = place.visitor().get(path, allow_redirects=False)
        assert answer.status_code == 303, path
