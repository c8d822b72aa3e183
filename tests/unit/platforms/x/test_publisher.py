"""The X account against real HTTP: what it asks for, and what it makes of every answer."""

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
import stamina
from pydantic import ValidationError

from bot.domain.delivery import Media, Receipt, Ticket
from bot.domain.errors import Blocked, ConfigError, DeliveryError, NotSent, Rejected, Unclear
from bot.domain.post import Content
from bot.platforms.x.publisher import connect
from bot.platforms.x.reading import id_at, time_of
from bot.platforms.x.settings import Settings
from tests.wire import DROP, HANG, Says, platform

DATA = Path(__file__).parents[3] / "data" / "x"
SPEC = json.loads((DATA / "requests.json").read_text(encoding="utf-8"))
SECRETS = {
    "consumer_key": "ck-7f3a9b-consumer-key",
    "consumer_secret": "cs-7f3a9b-consumer-secret",
    "access_token": "1799000000000000042-at7f3a9b",
    "access_token_secret": "ats-7f3a9b-token-secret",
}
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
LINK = "https://theshiftmaker.com/articles/a?utm_source=x&utm_content=k3f9"
TEXT = f"Rates held at 6.5 % & unchanged. {LINK}"
TICKET = Ticket(
    platform="x",
    request=json.dumps({"text": TEXT, "media": {"media_ids": ["11"]}}, ensure_ascii=False),
    text=TEXT,
    fingerprint="f",
    media=(Media(id="11", key="3_11", sha256="s"),),
)
BARE = replace(TICKET, text="Rates held.", request='{"text": "Rates held."}', media=())
UPLOADED = Says(200, {"data": {"id": "11", "media_key": "3_11", "expires_after_secs": 86400}})
DESCRIBED = Says(200, {"data": {"id": "11"}})
EMPTY = Says(200, {"meta": {"result_count": 0}})
SLOW = {"state": "pending", "check_after_secs": 60}
CARD = b"\x89PNG\r\n\x1a\n card"


@pytest.fixture(autouse=True)
def _no_backoff():
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def account(clock):
    def at(there, **others):
        keys = {**SECRETS, "base_url": f"{there.url}/x", "web_url": f"{there.url}/x/web"}
        return connect(Settings(**{**keys, "read_timeout": 0.5, **others}), clock)

    return at


def conforms(body, name):
    jsonschema.validate(
        body, {"$ref": f"#/components/schemas/{name}", "components": SPEC["components"]}
    )


def problem(status, title="Forbidden", kind="about:blank", **others):
    return Says(status, {"title": title, "type": kind, "status": status, **others})


def listed(*posts, **meta):
    return Says(200, {"data": list(posts), "meta": {"result_count": len(posts), **meta}})


def post(number=5, text="Something else", made=NOW, **others):
    created = made.isoformat()
    return {"id": str(id_at(made) + number), "text": text, "created_at": created, **others}


def wrapped(text="Rates held at 6.5 % &amp; unchanged. https://t.co/aaaaaaaaaa", link=LINK):
    """Our post as X gives it back: escaped, links shortened, the picture's own link added."""
    return post(
        7,
        f"{text} https://t.co/bbbbbbbbbb",
        attachments={"media_keys": ["3_11"]},
        entities={
            "urls": [
                {"url": "https://t.co/aaaaaaaaaa", "expanded_url": link},
                {
                    "url": "https://t.co/bbbbbbbbbb",
                    "expanded_url": "https://x.com/…/photo/1",
                    "media_key": "3_11",
                },
            ]
        },
    )


class TestPrepare:
    def test_the_picture_the_words_about_it_and_the_request(self, account):
        content = Content(text=TEXT, link=LINK, card="s", alt_text="Rates held")
        with platform(UPLOADED, DESCRIBED) as there:
            ticket = account(there, made_with_ai=True, reply_settings="following").prepare(
                content, CARD, fingerprint="f"
            )
        upload, describe = there.asked
        assert (upload.method, upload.path) == ("POST", "/x/2/media/upload")
        assert upload.headers["content-type"].startswith("multipart/form-data")
        assert CARD in upload.body
        assert b'name="media_category"\r\n\r\ntweet_image' in upload.body
        assert describe.path == "/x/2/media/metadata"
        conforms(describe.json, "CreateMediaMetadataRequest")
        assert describe.json["metadata"]["alt_text"]["text"] == "Rates held"
        body = json.loads(ticket.request)
        conforms(body, "CreatePostsRequest")
        assert body == {
            "text": TEXT,
            "media": {"media_ids": ["11"]},
            "made_with_ai": True,
            "reply_settings": "following",
        }
        (media,) = ticket.media
        assert (media.id, media.key) == ("11", "3_11")
        assert media.expires_at == NOW + timedelta(hours=24, minutes=-5)

    def test_words_alone_ask_x_nothing(self, account):
        with platform() as there:
            ticket = account(there, made_with_ai=True).prepare(
                Content(text="Hi"), None, fingerprint="f"
            )
        assert there.asked == []
        assert ticket.request == '{"text": "Hi"}'

    @pytest.mark.parametrize(("seconds", "lasts"), [(10**20, 86_100), (-(10**20), 0)])
    def test_a_picture_is_kept_for_no_impossible_time(self, account, seconds, lasts):
        said = Says(200, {"data": {"id": "11", "media_key": "3_11", "expires_after_secs": seconds}})
        with platform(said) as there:
            ticket = account(there).prepare(Content(text="Hi"), CARD, fingerprint="f")
        assert ticket.media[0].expires_at == NOW + timedelta(seconds=lasts)

    @pytest.mark.parametrize("trouble", [Says(503, "<html>"), Says(404, "{}"), DROP, HANG])
    def test_an_upload_is_tried_again(self, account, trouble):
        with platform(trouble, UPLOADED) as there:
            ticket = account(there).prepare(Content(text="Hi"), CARD, fingerprint="f")
        assert ticket.media[0].id == "11"
        assert len(there.asked) == 2

    @pytest.mark.parametrize("trouble", [Says(503, "<html>"), Says(404, "{}"), DROP])
    def test_but_not_for_ever(self, account, trouble):
        with platform(*[trouble] * 9) as there:
            with pytest.raises(NotSent, match="Nothing was posted"):
                account(there).prepare(Content(text="Hi"), CARD, fingerprint="f")
            assert len(there.asked) == 3

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (Says(400, {"detail": "media is too large"}), Rejected),
            (Says(413, ""), Rejected),
            (Says(200, {"data": {}}), NotSent),
            (Says(200, "not json"), NotSent),
            (Says(200, ["no object"]), NotSent),
            (Says(200, {"data": {"id": "1", "processing_info": SLOW}}), NotSent),
            (Says(200, {"data": {"id": "1", "processing_info": {"state": "failed"}}}), Rejected),
            (Says(302, "", {"Location": "/elsewhere"}), NotSent),
            (Says(401, "{}"), Blocked),
            (problem(402, "CreditsDepleted"), Blocked),
        ],
    )
    def test_an_upload_that_fails(self, account, answer, error):
        with platform(answer) as there, pytest.raises(error):
            account(there).prepare(Content(text="Hi"), CARD, fingerprint="f")
        assert len(there.asked) == 1

    @pytest.mark.parametrize(
        "content", [Content(text="half \ud83d"), Content(text="Hi", alt_text="a" * 1001)]
    )
    def test_what_cannot_be_sent_is_refused_before_anything_is(self, account, content):
        with platform() as there, pytest.raises(Rejected):
            account(there).prepare(content, CARD, fingerprint="f")
        assert there.asked == []


class TestSend:
    def test_the_saved_bytes_go_out_once_on_a_line_of_their_own(self, account):
        ticket = replace(TICKET, request='{ "text":"₹ as  saved" }')
        with platform(Says(201, {"data": {"id": "42", "text": "…"}})) as there:
            receipt = account(there).send(ticket)
        (asked,) = there.asked
        assert (asked.method, asked.target) == ("POST", "/x/2/tweets")
        assert asked.body == ticket.request.encode()
        assert asked.headers["connection"] == "close"
        assert asked.headers["content-type"] == "application/json"
        assert asked.headers["authorization"].startswith("OAuth ")
        assert receipt == Receipt(remote_id="42", permalink=f"{there.url}/x/web/i/status/42")

    def test_a_permalink_with_the_accounts_name(self, account):
        with platform(Says(201, {"data": {"id": "42"}})) as there:
            receipt = account(there, handle="@shiftmaker").send(TICKET)
        assert receipt.permalink == f"{there.url}/x/web/shiftmaker/status/42"

    def test_errors_beside_an_id_are_still_a_post(self, account):
        body = {"data": {"id": "42"}, "errors": [{"title": "Partial"}]}
        with platform(Says(201, body)) as there:
            assert account(there).send(TICKET).remote_id == "42"

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (
                problem(400, "Invalid Request", "https://api.x.com/2/problems/invalid-request"),
                Rejected,
            ),
            (Says(400, {"errors": [{"message": "Your media IDs are invalid."}]}), Rejected),
            (Says(413, "<html>too large"), Rejected),
            (Says(422, "{}"), Rejected),
            (problem(403, detail="You are not permitted to perform this action."), Rejected),
            (problem(403, detail="Reply to this conversation is not allowed because …"), Rejected),
            (problem(401, "Unauthorized"), Blocked),
            (Says(401, "<html>"), Blocked),
            (
                problem(402, "CreditsDepleted", "https://api.twitter.com/2/problems/credits"),
                Blocked,
            ),
            (Says(402, "null"), Blocked),
            (
                problem(403, "SpendCapReached", "https://api.twitter.com/2/problems/credits"),
                Blocked,
            ),
            (problem(403, kind="https://api.x.com/2/problems/oauth1-permissions"), Blocked),
            (problem(403, kind="https://api.twitter.com/2/problems/oauth1-permissions/"), Blocked),
            (problem(403, kind="https://api.x.com/2/problems/unsupported-authentication"), Blocked),
            (problem(403, kind="https://api.x.com/2/problems/client-forbidden"), Blocked),
            (
                problem(429, "UsageCapExceeded", "https://api.x.com/2/problems/usage-capped"),
                Blocked,
            ),
            (problem(429, "Too Many Requests"), NotSent),
            (Says(429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}), NotSent),
            (
                problem(
                    403, detail="You are not allowed to create a Tweet with duplicate content."
                ),
                Unclear,
            ),
            (Says(403, {"errors": [{"code": 187, "message": "Status is a duplicate."}]}), Unclear),
            (Says(403, {"errors": [{"code": 187, "message": "…"}]}), Unclear),
            (Says(404, "{}"), Unclear),
            (Says(408, "{}"), Unclear),
            (Says(409, "{}"), Unclear),
            (Says(302, "", {"Location": "/2/tweets"}), Unclear),
            (Says(500, "{}"), Unclear),
            (Says(502, "<html>Bad gateway"), Unclear),
            (Says(503, '"a string"'), Unclear),
            (Says(503, {"errors": None}), Unclear),
            (Says(504, "[" * 100_000), Unclear),
            (Says(201, ""), Unclear),
            (Says(201, "<html>"), Unclear),
            (Says(201, "[" * 100_000), Unclear),
            (Says(200, {"errors": [{"title": "?"}]}), Unclear),
            (Says(201, {"data": None}), Unclear),
            (Says(201, {"data": []}), Unclear),
            (Says(201, {"data": {"id": "١٢٣"}}), Unclear),
            (Says(201, {"data": {"id": "42/../1"}}), Unclear),
            (Says(201, {"data": {"id": True}}), Unclear),
            (Says(201, {"data": {"id": "42"}}, cut=True), Unclear),
            (DROP, Unclear),
            (HANG, Unclear),
        ],
    )
    def test_every_answer_has_one_meaning_and_nothing_is_sent_twice(self, account, answer, error):
        with platform(answer) as there, pytest.raises(DeliveryError) as raised:
            account(there).send(TICKET)
        assert type(raised.value) is error
        assert len(there.asked) == 1
        said = str(raised.value)
        assert "\n" not in said
        assert "not sent again" in said if error is Unclear else "Nothing was posted" in said

    def test_what_x_said_is_kept_for_the_editor(self, account):
        with (
            platform(problem(403, detail="maximum of one cashtag")) as there,
            pytest.raises(Rejected, match="maximum of one cashtag") as raised,
        ):
            account(there).send(TICKET)
        assert raised.value.status == 403
        assert '"maximum of one cashtag"' in raised.value.raw

    @pytest.mark.parametrize(
        ("limits", "wait"),
        [
            ({"x-rate-limit": ("0", 600)}, 600),
            ({"x-rate-limit": ("99", 600)}, None),
            ({"x-rate-limit": ("99", 600), "x-user-limit-24hour": ("0", 7200)}, 7200),
            ({"x-rate-limit": ("0", 600), "x-app-limit-24hour": ("0", 7200)}, 7200),
            ({"x-rate-limit": ("0", -5)}, None),
            ({"x-rate-limit": ("0", 10**9)}, None),
            ({"x-rate-limit": ("0", 10**20)}, None),
            ({}, None),
        ],
    )
    def test_a_limit_is_waited_for_until_the_last_exhausted_one_is_lifted(
        self, account, limits, wait
    ):
        headers = {}
        for name, (remaining, seconds) in limits.items():
            headers[f"{name}-remaining"] = remaining
            headers[f"{name}-reset"] = str(int(NOW.timestamp()) + seconds)
        with platform(Says(429, "{}", headers)) as there, pytest.raises(NotSent) as raised:
            account(there).send(TICKET)
        assert raised.value.retry_at == (NOW + timedelta(seconds=wait) if wait else None)


class TestFind:
    def test_by_the_picture(self, account):
        ours = post(7, "edited", attachments={"media_keys": ["3_11"]})
        with platform(listed(post(9), ours)) as there:
            receipt = account(there).find(TICKET, since=NOW)
        assert receipt == Receipt(
            remote_id=ours["id"], permalink=f"{there.url}/x/web/i/status/{ours['id']}", found=True
        )
        (asked,) = there.asked
        assert asked.path == "/x/2/users/1799000000000000042/tweets"
        assert asked.query["since_id"] == str(id_at(NOW - timedelta(seconds=60)))
        assert set(asked.query["tweet.fields"].split(",")) >= {"attachments", "entities"}

    def test_the_picture_wins_over_a_link_and_a_link_over_words(self, account):
        words = post(1, "Rates held at 6.5 % &amp; unchanged. " + LINK)
        link = post(2, "https://t.co/a", entities=wrapped()["entities"])
        picture = post(3, "x", attachments={"media_keys": ["3_11"]})
        for posts, found in (([words, link, picture], picture), ([words, link], link)):
            with platform(listed(*posts)) as there:
                assert account(there).find(TICKET, since=NOW).remote_id == found["id"]

    def test_by_the_text_where_links_are_shortened_and_signs_escaped(self, account):
        ticket = replace(TICKET, media=(), text="Fast.ai & co   rise")
        there_it_is = post(
            3,
            "https://t.co/cccccccccc &amp; co rise",
            entities={
                "urls": [{"url": "https://t.co/cccccccccc", "expanded_url": "http://Fast.ai"}]
            },
        )
        with platform(listed(post(4), there_it_is)) as there:
            assert account(there).find(ticket, since=NOW).remote_id == there_it_is["id"]

    def test_a_link_that_only_begins_alike_is_not_ours(self, account):
        other = wrapped("Another story https://t.co/aaaaaaaaaa", LINK.removesuffix("9"))
        other["attachments"] = {}
        with platform(listed(other)) as there:
            assert account(there).find(TICKET, since=NOW) is None

    def test_a_long_post_is_read_whole(self, account):
        long = "word " * 100 + "end."
        ours = post(3, long[:270] + "… https://t.co/x", note_tweet={"text": long})
        with platform(listed(ours)) as there:
            found = account(there).find(replace(BARE, text=long), since=NOW)
        assert found.remote_id == ours["id"]

    def test_odd_entities_change_nothing(self, account):
        odd = {"urls": [{"url": "", "expanded_url": "https://a.b"}, {"expanded_url": None}]}
        ours = post(3, "Rates held.", entities=odd)
        with platform(listed(ours)) as there:
            assert account(there).find(BARE, since=NOW).remote_id == ours["id"]

    def test_absent_is_said_only_after_every_page(self, account):
        ours = post(3, "Rates held.")
        with platform(listed(post(9), next_token="p2"), listed(ours)) as there:
            assert account(there).find(BARE, since=NOW).remote_id == ours["id"]
            assert there.asked[1].query["pagination_token"] == "p2"
        with platform(EMPTY) as there:
            assert account(there).find(BARE, since=NOW) is None
        with platform(*[listed(post(n), next_token="more") for n in range(9)]) as there:
            with pytest.raises(NotSent, match="cannot see them all"):
                account(there).find(BARE, since=NOW)
            assert len(there.asked) == 3

    @pytest.mark.parametrize(
        "answer",
        [
            Says(200, {"errors": [{"title": "Not Found Error"}]}),
            Says(200, {}),
            Says(200, "[]"),
            Says(200, "<html>"),
            Says(200, {"data": "?"}),
            Says(200, {"data": [{"text": "no id"}]}),
            Says(429, "{}"),
            Says(302, ""),
        ],
    )
    def test_an_answer_without_posts_is_not_an_absent_post(self, account, answer):
        with platform(answer) as there, pytest.raises(NotSent):
            account(there).find(TICKET, since=NOW)

    @pytest.mark.parametrize("first", [Says(400, "{}"), listed({"id": "5", "text": "bare"})])
    def test_fields_under_their_new_names(self, account, first):
        with platform(first, listed(wrapped())) as there:
            assert account(there).find(TICKET, since=NOW) is not None
        asked = there.asked[1].query
        assert "tweet.fields" not in asked
        assert set(asked["post.fields"].split(",")) <= set(SPEC["post.fields"])

    def test_fields_that_are_left_out_could_hide_our_post(self, account):
        bare = listed({"id": "5", "text": "bare"})
        with platform(bare, bare) as there, pytest.raises(NotSent, match="without"):
            account(there).find(TICKET, since=NOW)

    def test_a_fast_clock_here_does_not_hide_a_post(self, account, clock):
        clock.advance(3600)  # this machine thinks it is an hour later than X does
        with platform(EMPTY, listed(wrapped())) as there:
            there.date = NOW
            assert account(there).find(TICKET, since=clock.now()) is not None
        since = time_of(there.asked[1].query["since_id"])
        assert since == NOW - timedelta(seconds=60)

    @pytest.mark.parametrize(
        ("answer", "error"), [(Says(401, "{}"), Blocked), (problem(403), Blocked)]
    )
    def test_an_account_that_may_not_look(self, account, answer, error):
        with platform(answer) as there, pytest.raises(error):
            account(there).find(TICKET, since=NOW)

    def test_a_dead_line_is_no_answer(self, account):
        with platform(DROP, DROP, DROP) as there, pytest.raises(NotSent, match="does not answer"):
            account(there).find(TICKET, since=NOW)


class TestVerify:
    def receipt(self, seen):
        return Receipt(remote_id=seen["id"], permalink="https://x.com/i/status/1")

    def test_what_followers_see_is_what_was_approved(self, account):
        ours = wrapped()
        with platform(listed(ours)) as there:
            seen = account(there).verify(TICKET, self.receipt(ours))
        assert seen.readable
        assert seen.differences == ()
        number = int(ours["id"])
        query = there.asked[0].query
        assert (query["since_id"], query["until_id"]) == (str(number - 1), str(number + 1))

    def test_other_words_another_link_and_no_card(self, account):
        ours = wrapped("Rates cut. https://t.co/aaaaaaaaaa")
        ours["attachments"] = {}
        with platform(listed(ours)) as there:
            words, card = account(there).verify(TICKET, self.receipt(ours)).differences
        assert "Rates cut. https://theshiftmaker.com" in words
        assert "card is missing" in card

    def test_a_post_that_is_gone(self, account, clock):
        ours = wrapped()
        with platform(EMPTY) as there, pytest.raises(NotSent, match="yet"):
            account(there).verify(TICKET, self.receipt(ours))
        clock.advance(900)
        with platform(EMPTY) as there:
            (gone,) = account(there).verify(TICKET, self.receipt(ours)).differences
        assert "not on the account's timeline" in gone


class TestCheck:
    def test_who_it_is(self, account):
        me = {"data": {"id": "42", "name": "The ShiftMaker", "username": "shiftmaker"}}
        with platform(Says(200, me)) as there:
            who = account(there).check()
        assert (who.id, who.name, who.handle) == ("42", "The ShiftMaker", "shiftmaker")
        assert there.asked[0].path == "/x/2/users/me"

    @pytest.mark.parametrize(
        ("answer", "error"),
        [(Says(401, ""), Blocked), (problem(403), Blocked), (Says(400, ""), NotSent)],
    )
    def test_keys_that_do_not_work(self, account, answer, error):
        with platform(answer) as there, pytest.raises(error):
            account(there).check()

    def test_missing_keys_are_named(self, clock):
        with pytest.raises(ConfigError, match="BOT_X__CONSUMER_SECRET, BOT_X__ACCESS_TOKEN"):
            connect(Settings(consumer_key="k"), clock)

    def test_a_key_in_the_wrong_place_is_named(self, clock):
        with pytest.raises(ConfigError, match="BOT_X__ACCESS_TOKEN"):
            connect(Settings(**{**SECRETS, "access_token": "wrong-one"}), clock)

    @pytest.mark.parametrize(
        "wrong", [{"base_url": "http://api.x.com"}, {"handle": "a/b"}, {"nonsense": 1}]
    )
    def test_settings_that_cannot_work(self, wrong):
        with pytest.raises(ValidationError):
            Settings(**wrong)


def test_no_key_is_ever_written(account, caplog, capsys):
    def echo(asked):
        return Says(400, {"detail": "bad header", "sent": asked.headers["authorization"]})

    caplog.set_level(logging.DEBUG)
    for name in ("tweepy", "oauthlib", "requests_oauthlib"):  # at DEBUG they write the keys
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)
    told = []
    with platform(echo, DROP, Says(503, ""), Says(503, ""), Says(503, "")) as there:
        publisher = account(there)
        told += [repr(publisher), str(publisher.settings), repr(publisher.client)]
        for act in (
            lambda: publisher.send(TICKET),
            lambda: publisher.send(TICKET),
            lambda: publisher.find(TICKET, since=NOW),
        ):
            with pytest.raises(DeliveryError) as raised:
                act()
            told += [repr(raised.value), raised.value.raw, repr(raised.value.__cause__)]
            told += [str(raised.getrepr(style="native"))]
    told += [caplog.text, *capsys.readouterr()]
    everything = "\n".join(told)
    assert "bad header" in everything
    for secret in SECRETS.values():
        assert secret not in everything
    assert "oauth_signature=" not in everything.replace("%", "")


class TestFollowing:
    FIRST = Receipt(remote_id=str(id_at(NOW)), permalink="p")

    def following(self, account, there):
        content = Content(text="One.", parts=("2/ Two.",))
        return account(there).follow(content, [self.FIRST], fingerprint="f")

    def test_a_reply_as_x_publishes_its_shape(self, account):
        with platform() as there:
            body = json.loads(self.following(account, there).request)
        conforms(body, "CreatePostsRequest")
        assert body == {"text": "2/ Two.", "reply": {"in_reply_to_tweet_id": self.FIRST.remote_id}}

    def test_it_cannot_follow_what_has_no_number(self, account):
        receipt = Receipt(remote_id="https://x.com/i/status/", permalink="p")
        with platform() as there, pytest.raises(Rejected):
            account(there).follow(Content(text="One.", parts=("Two.",)), [receipt], fingerprint="f")

    @pytest.mark.parametrize(
        "body", [{"errors": [{"code": 385}]}, {"detail": "… deleted or not visible to you."}]
    )
    def test_too_quick_is_tried_again_but_not_for_ever(self, account, clock, body):
        with platform(Says(403, body), Says(403, body)) as there:
            ticket = self.following(account, there)
            with pytest.raises(NotSent) as too_quick:
                account(there).send(ticket)
            assert too_quick.value.retry_at == clock.now() + timedelta(seconds=5)
            clock.advance(3600)
            with pytest.raises(Rejected):
                account(there).send(ticket)
