"""Changing, deleting and counting live posts on X; pictures in pieces."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.delivery import Deed, Item, Metrics, Receipt
from bot.domain.errors import Blocked, NotEditable, NotSent, Rejected, Unclear
from bot.domain.post import Content
from bot.platforms.x.cards import PIECE
from bot.platforms.x.reading import id_at
from tests.unit.platforms.x.test_publisher import (
    BARE,
    CARD,
    DESCRIBED,
    NOW,
    TICKET,
    UPLOADED,
    _no_backoff,
    account,
    conforms,
    listed,
    post,
    problem,
)
from tests.wire import DROP, Says, platform

__all__ = ["_no_backoff", "account"]

LIVE = Receipt(remote_id=str(id_at(NOW) + 1), permalink="p")
MADE = Says(201, {"data": {"id": "77", "edit_history_tweet_ids": [LIVE.remote_id, "77"]}})


class TestEdit:
    def test_the_new_version_keeps_the_picture_and_gets_a_number_of_its_own(self, account):
        with platform(MADE) as there:
            at = account(there)
            amended = at.amend(TICKET, LIVE, "Rates fell.", fingerprint="g")
            assert at.edit(amended, LIVE).remote_id == "77"
        body = there.asked[0].json
        conforms(body, "CreatePostsRequest")
        assert body == {
            "text": "Rates fell.",
            "media": {"media_ids": ["11"]},
            "edit_options": {"previous_post_id": LIVE.remote_id},
        }

    def test_after_the_window_it_stays(self, account, clock):
        with platform() as there:
            at = account(there, edit_minutes=30)
            clock.advance(30 * 60)
            with pytest.raises(NotEditable, match="30 minutes"):
                at.amend(TICKET, LIVE, "Late.", fingerprint="g")
            with pytest.raises(NotEditable, match="EDIT_MINUTES"):
                account(there, edit_minutes=0).amend(TICKET, LIVE, "Late.", fingerprint="g")
            with pytest.raises(NotEditable, match="not known"):
                at.amend(TICKET, replace(LIVE, remote_id="p"), "Late.", fingerprint="g")

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (problem(403, detail="This Tweet can no longer be edited."), NotEditable),
            (Says(400, {"errors": [{"message": "edit_options"}]}), NotEditable),
            (problem(402, "CreditsDepleted"), Blocked),
            (Says(429, "{}"), NotSent),
            (Says(503, "<html>"), Unclear),
            (Says(201, "{}"), Unclear),
            (DROP, Unclear),
        ],
    )
    def test_every_answer_has_one_meaning(self, account, answer, error):
        with platform(answer) as there:
            at = account(there)
            amended = at.amend(TICKET, LIVE, "Rates fell.", fingerprint="g")
            with pytest.raises(error):
                at.edit(amended, LIVE)
        assert len(there.asked) == 1


class TestDelete:
    def test_what_is_gone_already_is_fine(self, account):
        with platform(Says(200, {"data": {"deleted": True}}), problem(404)) as there:
            account(there).delete(LIVE)
            account(there).delete(LIVE)
        assert {(one.method, one.path) for one in there.asked} == {
            ("DELETE", f"/x/2/tweets/{LIVE.remote_id}")
        }

    def test_what_is_refused_is_still_there(self, account):
        refused = problem(403, detail="Not yours")
        with platform(refused) as there, pytest.raises(Rejected, match="Not yours"):
            account(there).delete(LIVE)
        with platform(*[Says(503)] * 3) as there, pytest.raises(NotSent, match="safe"):
            account(there).delete(LIVE)


class TestMetrics:
    def test_numbers_under_old_and_new_names(self, account):
        counts = {"impression_count": 9, "like_count": 4, "reply_count": 3, "quote_count": 1}
        old = post(1, public_metrics=counts | {"retweet_count": 2, "bookmark_count": 5})
        new = post(1, public_metrics=counts | {"repost_count": 2})
        for answer, saves in ((old, 5), (new, None)):
            with platform(listed(answer)) as there:
                found = account(there).metrics([LIVE])
            assert found == {
                LIVE.remote_id: Metrics(
                    impressions=9, reactions=4, comments=3, shares=3, saves=saves
                )
            }
        assert "public_metrics" in there.asked[0].query["tweet.fields"]

    def test_the_bill(self, account):
        with platform() as there:
            at = account(there)
        assert at.bill(Deed.SEND, TICKET) == {Item.POST_WITH_LINK: 1}
        assert at.bill(Deed.SEND, BARE) == {Item.POST: 1}
        assert at.bill(Deed.METRICS, count=7) == {Item.OWNED_READ: 7}


class TestPictures:
    STARTED = Says(200, {"data": {"id": "11", "media_key": "3_11", "expires_after_secs": 86400}})
    ADDED = Says(200, {"data": {"expires_at": 1}})

    def test_a_large_one_goes_up_in_pieces(self, account):
        large = CARD + bytes(PIECE)
        done = Says(200, {"data": {"id": "11", "media_key": "3_11", "size": len(large)}})
        with platform(self.STARTED, self.ADDED, DROP, self.ADDED, done, DESCRIBED) as there:
            content = Content(text="Hi", card="s", alt_text="Rates")
            ticket = account(there).prepare(content, large, fingerprint="f")
        begin, first, lost, second, end, _ = there.asked
        conforms(begin.json, "InitializeMediaUploadRequest")
        conforms({"media": "…", "segment_index": 1}, "AppendMediaUploadRequest")
        assert begin.json == {
            "media_type": "image/png",
            "total_bytes": len(large),
            "media_category": "tweet_image",
        }
        assert [one.path for one in (first, lost, second)] == ["/x/2/media/upload/11/append"] * 3
        assert b'name="segment_index"\r\n\r\n1\r\n' in second.body
        assert end.path == "/x/2/media/upload/11/finalize"
        assert ticket.media[0].key == "3_11"

    def test_an_animation_is_waited_for(self, account, clock):
        info = {"state": "pending", "check_after_secs": 3}
        pending = Says(200, {"data": {"id": "11", "processing_info": info}})
        ready = Says(200, {"data": {"id": "11", "media_key": "16_11"}})
        with platform(pending, ready) as there:
            ticket = account(there).prepare(Content(text="Hi"), b"GIF89a", fingerprint="f")
        assert b"tweet_gif" in there.asked[0].body
        assert there.asked[1].query == {"command": "STATUS", "media_id": "11"}
        assert clock.now() == NOW + timedelta(seconds=3)
        assert json.loads(ticket.request)["media"] == {"media_ids": ["11"]}

    @pytest.mark.parametrize(
        "files", [[CARD] * 5, [b"%PDF-1.7"], [CARD, b"GIF89a"]], ids=["five", "pdf", "gif"]
    )
    def test_what_x_cannot_show_is_refused(self, account, files):
        content = Content(text="Hi", card="s", pictures=(("p", ""),) * (len(files) - 1))
        with platform() as there, pytest.raises(Rejected, match="Nothing was posted"):
            account(there).prepare(content, files[0], fingerprint="f", pictures=files[1:])
        assert there.asked == []

    def test_pictures_without_a_card(self, account):
        content = Content(text="Hi", pictures=(("p", "Prices"),))
        with platform(UPLOADED, DESCRIBED) as there:
            account(there).prepare(content, None, fingerprint="f", pictures=[CARD])
        assert there.asked[1].json["metadata"]["alt_text"]["text"] == "Prices"
