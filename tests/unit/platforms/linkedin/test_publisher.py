"""The LinkedIn account against real HTTP: what it asks for, and what it makes of every answer."""

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import stamina
from pydantic import ValidationError

from bot.domain.delivery import Media, Receipt, Ticket
from bot.domain.errors import (
    Blocked,
    ConfigError,
    DeliveryError,
    NotReadable,
    NotSent,
    Rejected,
    Unclear,
)
from bot.domain.post import Content
from bot.platforms.linkedin.failures import made_at
from bot.platforms.linkedin.publisher import connect
from bot.platforms.linkedin.settings import Settings
from bot.platforms.linkedin.versions import SUNSETS
from tests.wire import DROP, HANG, Says, platform

DATA = Path(__file__).parents[3] / "data" / "linkedin"
CASES = json.loads((DATA / "cases.json").read_text(encoding="utf-8"))
TOKEN = "AQX-7f3a9b-the-access-token"
PERSON, PAGE = "urn:li:person:abc", "urn:li:organization:2414183"
NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
TEXT = "Rates held (again) #AI\nhttps://a.b/c?utm_source=linkedin"
WIRE = "Rates held \\(again\\) {hashtag|\\#|AI}\nhttps://a.b/c?utm\\_source=linkedin"
IMAGE = "urn:li:image:42"
TICKET = Ticket(
    platform="linkedin",
    request=json.dumps(
        {
            "commentary": WIRE,
            "visibility": "PUBLIC",
            "content": {"media": {"id": IMAGE, "altText": "Rates"}},
        }
    ),
    text=TEXT,
    fingerprint="f",
    media=(Media(id=IMAGE, key=IMAGE, sha256="s"),),
)
CARD = b"\x89PNG\r\n\x1a\n card"
NEWEST = max(SUNSETS)  # after it there is no other version to go on with
AVAILABLE = Says(200, {"status": "AVAILABLE"})


@pytest.fixture(autouse=True)
def _no_backoff():
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def account(clock):
    def at(there, author=PAGE, **others):
        given = {
            "access_token": TOKEN,
            "author": author,
            "version": NEWEST,
            "base_url": f"{there.url}/linkedin",
            "web_url": f"{there.url}/linkedin/web",
            "read_timeout": 0.5,
        }
        return connect(Settings(**{**given, **others}), clock)

    return at


def urn_at(moment, kind="share"):
    return f"urn:li:{kind}:{int(moment.timestamp() * 1000) << 22}"


def slot(asked):
    """Name a place for the picture, on the host that was asked."""
    address = f"http://{asked.headers['host']}/dms-uploads/42?sync=s"
    return Says(200, {"value": {"uploadUrl": address, "image": IMAGE}})


def post(made=NOW, **others):
    document = json.loads(TICKET.request) | {"id": urn_at(made)}
    return document | {"createdAt": int(made.timestamp() * 1000)} | others


def listed(*posts):
    return Says(200, {"elements": list(posts), "paging": {}})


def duplicate(urn):
    body = json.loads(json.dumps(CAPTURED))
    body["message"] = body["message"].rsplit(" ", 1)[0] + f" {urn}"
    return Says(422, body)


CAPTURED = next(
    case["body"]
    for case in CASES["responses"]
    if case.get("status") == 422 and case.get("real_capture") and "duplicate" in str(case["body"])
)


class TestPrepare:
    def test_a_page_uploads_waits_and_builds_the_request(self, account):
        working = Says(200, {"status": "PROCESSING"})
        with platform(slot, Says(201), working, AVAILABLE) as there:
            content = Content(text=TEXT, card="s", alt_text="Rates (held)")
            ticket = account(there).prepare(content, CARD, fingerprint="f")
        begin, put, _, status = there.asked
        assert begin.target == "/linkedin/rest/images?action=initializeUpload"
        assert begin.json == {"initializeUploadRequest": {"owner": PAGE}}
        assert begin.headers["linkedin-version"] == NEWEST
        assert begin.headers["x-restli-protocol-version"] == "2.0.0"
        assert (put.method, put.body) == ("PUT", CARD)
        assert put.headers["authorization"] == f"Bearer {TOKEN}"
        assert status.target == "/linkedin/rest/images/urn%3Ali%3Aimage%3A42"
        body = json.loads(ticket.request)
        assert body["commentary"] == WIRE
        assert body["content"] == {"media": {"id": IMAGE, "altText": "Rates (held)"}}
        assert ticket.text == TEXT
        assert ticket.media[0].id == IMAGE

    def test_words_alone(self, account):
        case = next(case for case in CASES["payloads"] if case["name"] == "text_member")
        with platform() as there:
            content = Content(text=case["input"]["text"])
            ticket = account(there, case["input"]["author"]).prepare(content, None, fingerprint="f")
        assert json.loads(ticket.request) == case["expected_body"]
        assert there.asked == []

    def test_a_member_waits_without_asking(self, account, clock):
        with platform(slot, Says(201)) as there:
            account(there, PERSON, image_wait=7).prepare(Content(text="Hi"), CARD, fingerprint="f")
        assert len(there.asked) == 2
        assert clock.now() == NOW + timedelta(seconds=7)

    def test_a_page_that_may_not_ask_waits_as_well(self, account, clock):
        with platform(slot, Says(201), Says(403, {"code": "ACCESS_DENIED"})) as there:
            account(there, image_wait=7).prepare(Content(text="Hi"), CARD, fingerprint="f")
        assert clock.now() == NOW + timedelta(seconds=7)

    def test_waiting_ends(self, account, clock):
        working = [Says(200, {"status": "PROCESSING"})] * 20
        with (
            platform(slot, Says(201), *working) as there,
            pytest.raises(NotSent, match="still working"),
        ):
            account(there, image_wait=3).prepare(Content(text="Hi"), CARD, fingerprint="f")
        assert clock.now() == NOW + timedelta(seconds=3)

    def test_an_upload_is_tried_again(self, account):
        with platform(Says(503), slot, DROP, Says(201), AVAILABLE) as there:
            account(there).prepare(Content(text="Hi"), CARD, fingerprint="f")
        assert [asked.method for asked in there.asked] == ["POST", "POST", "PUT", "PUT", "GET"]

    @pytest.mark.parametrize(
        ("answers", "error"),
        [
            ([Says(503)] * 3, NotSent),
            ([DROP] * 3, NotSent),
            ([Says(200, {})], NotSent),
            ([Says(200, {"value": None})], NotSent),
            ([Says(200, "<html>")], NotSent),
            ([Says(401, {"code": "EXPIRED_ACCESS_TOKEN"})], Blocked),
            ([Says(403, {"code": "ACCESS_DENIED"})], Blocked),
            ([Says(426, {"code": "NONEXISTENT_VERSION"})], Blocked),
            ([Says(400, {"message": "Organization permissions must be used when …"})], Blocked),
            ([Says(400, {"code": "INVALID_URN_TYPE"})], Rejected),
            ([slot, Says(201), Says(200, {"status": "PROCESSING_FAILED"})], Rejected),
            ([slot, Says(201), Says(401)], Blocked),
        ],
    )
    def test_an_upload_that_fails_sends_no_post(self, account, answers, error):
        with platform(*answers) as there, pytest.raises(error):
            account(there).prepare(Content(text="Hi"), CARD, fingerprint="f")
        assert len(there.asked) == len(answers)

    @pytest.mark.parametrize(
        "address",
        [
            "http://127.0.0.1:9/put",
            "https://evil.example/put",
            "https://linkedin.com.x/",
            "http://[::1",  # no address at all
        ],
    )
    def test_the_token_goes_to_no_foreign_address(self, account, address):
        named = Says(200, {"value": {"uploadUrl": address, "image": IMAGE}})
        with platform(named) as there, pytest.raises(NotSent, match="not its own"):
            account(there).prepare(Content(text="Hi"), CARD, fingerprint="f")

    @pytest.mark.parametrize(
        ("address", "trusted"),
        [
            ("https://www.linkedin.com/dms-uploads/1", True),
            ("https://upload.linkedin.com/put/abc", True),
            ("http://www.linkedin.com/dms-uploads/1", False),
            ("https://notlinkedin.com/1", False),
        ],
    )
    def test_linkedins_own_addresses(self, clock, address, trusted):
        publisher = connect(Settings(access_token=TOKEN, author=PAGE), clock)
        assert publisher.client.trusts(address) is trusted

    def test_half_a_character_is_refused_before_anything_is_sent(self, account):
        with platform() as there, pytest.raises(Rejected, match="half a character"):
            account(there).prepare(Content(text="half \ud83d"), CARD, fingerprint="f")
        assert there.asked == []


class TestSend:
    @pytest.mark.parametrize("name", ["x-restli-id", "X-RestLi-Id", "X-RESTLI-ID"])
    def test_the_saved_bytes_go_out_once(self, account, name):
        with platform(Says(201, b"", {name: "urn:li:share:99"})) as there:
            receipt = account(there).send(TICKET)
        (asked,) = there.asked
        assert (asked.method, asked.target) == ("POST", "/linkedin/rest/posts")
        assert asked.body == TICKET.request.encode()
        expected = CASES["http"][0]["request_headers"]
        sent = {"<YYYYMM>": NEWEST, "Bearer <token>": f"Bearer {TOKEN}"}
        assert {header: asked.headers[header] for header in expected} == {
            header: sent.get(value, value) for header, value in expected.items()
        }
        assert asked.headers["connection"] == "close"
        permalink = f"{there.url}/linkedin/web/feed/update/urn:li:share:99/"
        assert receipt == Receipt(remote_id="urn:li:share:99", permalink=permalink)

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (Says(400, {"code": "INVALID_VALUE_FOR_FIELD", "message": "bad"}), Rejected),
            (Says(400, {"code": "MISSING_FIELD"}), Rejected),
            (Says(400, {"code": "FIELD_LENGTH_TOO_LONG"}), Rejected),
            (Says(400, "<html>"), Rejected),
            (Says(413, ""), Rejected),
            (Says(422, {"message": "ERROR :: /content/article/title :: required\n"}), Rejected),
            (Says(400, {"code": "VERSION_MISSING"}), Blocked),
            (Says(400, {"message": "Organization permissions must be used when using …"}), Blocked),
            (Says(401, {"serviceErrorCode": 65600}), Blocked),
            (Says(401, {"serviceErrorCode": 65602, "code": "EXPIRED_ACCESS_TOKEN"}), Blocked),
            (Says(401, {"code": "EMPTY_ACCESS_TOKEN"}), Blocked),
            (Says(401, "null"), Blocked),
            (Says(403, {"code": "ACCESS_DENIED", "serviceErrorCode": 100}), Blocked),
            (Says(403, {"message": "The resource is forbidden"}), Blocked),
            (Says(426, {"code": "NONEXISTENT_VERSION"}), Blocked),
            (Says(429, {"serviceErrorCode": 101}), NotSent),
            (Says(400, {"message": "Unable to obtain activity for URN"}), Unclear),
            (Says(404, {}), Unclear),
            (Says(302, "", {"Location": "/elsewhere"}), Unclear),
            (Says(500, {"errorDetails": "?"}), Unclear),
            (Says(503, "<html>"), Unclear),
            (Says(504, "[" * 100_000), Unclear),
            (Says(201, ""), Unclear),
            (Says(201, "", {"x-restli-id": "99"}), Unclear),
            (Says(201, "", {"x-restli-id": "urn:li:share:9/../x"}), Unclear),
            (Says(201, "{", {"x-restli-id": "urn:li:share:99"}, cut=True), Unclear),
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

    @pytest.mark.parametrize(
        "case", [c for c in CASES["responses"] if "status" in c and c["status"] not in (201, 422)]
    )
    def test_collected_answers(self, account, case):
        meanings = {"failed": (Rejected, Blocked), "needs_reconnect": (Blocked,)}
        meanings |= {"unknown": (Unclear,), "class": (Blocked, Unclear)}
        expected = meanings[case["expected"].get("state", "class")]
        with platform(Says(case["status"], case.get("body", ""))) as there, pytest.raises(expected):
            account(there).send(TICKET)
        assert len(there.asked) == case["expected"].get("posts_sent", 1)

    def test_a_retired_version_names_its_setting(self, account):
        body = {"status": 426, "code": "NONEXISTENT_VERSION"}
        with (
            platform(Says(426, body)) as there,
            pytest.raises(Blocked, match="BOT_LINKEDIN__VERSION"),
        ):
            account(there).send(TICKET)

    def test_the_daily_limit_is_lifted_at_midnight_in_utc(self, account, clock):
        clock.set(datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
        with platform(Says(429, "{}")) as there, pytest.raises(NotSent) as raised:
            account(there).send(TICKET)
        assert raised.value.retry_at == datetime(2027, 1, 1, tzinfo=UTC)

    def test_what_linkedin_said_is_kept_with_its_number(self, account):
        answer = Says(422, {"message": "bad\n field"}, {"x-li-uuid": "AAYx"})
        with platform(answer) as there, pytest.raises(Rejected, match="bad field") as raised:
            account(there).send(TICKET)
        assert raised.value.raw.endswith("(x-li-uuid: AAYx)")


class TestDuplicates:
    @pytest.mark.parametrize("kind", ["share", "ugcPost"])
    def test_a_members_own_new_post_is_adopted(self, account, kind):
        urn = urn_at(NOW - timedelta(seconds=30), kind)
        with platform(duplicate(urn)) as there:
            receipt = account(there, PERSON).send(TICKET)
        assert (receipt.remote_id, receipt.found) == (urn, True)

    def test_a_page_looks_whether_the_post_is_there(self, account):
        urn = urn_at(NOW)
        with platform(duplicate(urn), Says(200, post())) as there:
            assert account(there).send(TICKET).remote_id == urn
        assert there.asked[1].target == f"/linkedin/rest/posts/{urn.replace(':', '%3A')}"

    @pytest.mark.parametrize("look", [Says(404), Says(403), Says(503), DROP])
    def test_a_ghost_is_not_a_post(self, account, look):
        with (
            platform(duplicate(urn_at(NOW)), look) as there,
            pytest.raises(Unclear, match="already"),
        ):
            account(there).send(TICKET)

    @pytest.mark.parametrize(
        "answer",
        [
            duplicate(urn_at(NOW - timedelta(seconds=61))),  # an older post, perhaps another one
            duplicate("urn:li:person:782bbtaQ"),
            duplicate("urn:li:share:99999999999999999999999"),
            Says(422, {"errorDetails": {"inputErrors": [{"code": "DUPLICATE_POST"}]}}),
            Says(422, {"errorDetails": {"inputErrors": None}, "code": "DUPLICATE_POST"}),
            *[Says(422, c["body"]) for c in CASES["responses"] if "uplicate" in str(c.get("body"))],
        ],
    )
    def test_any_other_duplicate_is_looked_up(self, account, answer):
        with platform(answer) as there, pytest.raises(Unclear, match="already"):
            account(there, PERSON).send(TICKET)
        assert len(there.asked) == 1

    @pytest.mark.parametrize("case", CASES["urn_snowflake"], ids=lambda case: case["utc"])
    def test_a_urn_tells_its_time(self, case):
        made = made_at(case["urn"].rsplit(":", 1)[1])
        assert made.replace(microsecond=0).isoformat() == case["utc"]


class TestFind:
    @pytest.mark.parametrize("others", [{"commentary": "edited"}, {"content": None}])
    def test_a_page_finds_its_picture_or_its_words(self, account, others):
        with platform(listed(post(commentary="x", content={}), post(**others))) as there:
            receipt = account(there).find(TICKET, since=NOW)
        assert receipt.found
        (asked,) = there.asked
        assert asked.headers["x-restli-method"] == "FINDER"
        assert asked.query["q"] == "author"
        assert f"author={PAGE.replace(':', '%3A')}" in asked.target

    def test_words_are_compared_without_their_escaping(self, account):
        raw = post(
            content={}, commentary="Rates held (again) #AI\nhttps://a.b/c?utm_source=linkedin"
        )
        with platform(listed(raw)) as there:
            assert account(there).find(TICKET, since=NOW) is not None

    def test_an_older_post_with_the_same_words_is_another_one(self, account):
        with platform(listed(post(NOW - timedelta(minutes=5)))) as there:
            assert account(there).find(TICKET, since=NOW) is None

    def test_a_member_is_told_who_has_to_look(self, account):
        with platform() as there, pytest.raises(NotReadable, match="Look at the profile"):
            account(there, PERSON).find(TICKET, since=NOW)
        assert there.asked == []

    def test_a_page_whose_token_may_not_read(self, account):
        with (
            platform(Says(403, {"code": "ACCESS_DENIED"})) as there,
            pytest.raises(NotReadable, match="r_organization_social"),
        ):
            account(there).find(TICKET, since=NOW)

    @pytest.mark.parametrize(
        "answer",
        [
            Says(200, {}),
            Says(200, "[]"),
            Says(200, "<html>"),
            Says(200, {"elements": [{}]}),
            Says(429, "{}"),
            Says(400, "{}"),
        ],
    )
    def test_an_answer_without_posts_is_not_an_absent_post(self, account, answer):
        with platform(answer) as there, pytest.raises(NotSent):
            account(there).find(TICKET, since=NOW)

    def test_absent_is_said_only_after_every_page(self, account):
        others = [post(commentary=str(n), content={}) for n in range(50)]
        with platform(listed(*others), listed(post())) as there:
            assert account(there).find(TICKET, since=NOW) is not None
            assert there.asked[1].query["start"] == "50"
        with platform(*[listed(*others)] * 9) as there:
            with pytest.raises(NotSent, match="cannot see them all"):
                account(there).find(TICKET, since=NOW)
            assert len(there.asked) == 3

    def test_a_fast_clock_here_does_not_hide_a_post(self, account, clock):
        clock.advance(3600)
        with platform(listed(post())) as there:
            there.date = NOW
            assert account(there).find(TICKET, since=clock.now()) is not None


class TestVerify:
    SEEN = Receipt(remote_id=urn_at(NOW), permalink="https://www.linkedin.com/feed/update/1/")

    def test_what_followers_see_is_what_was_approved(self, account):
        with platform(Says(200, post())) as there:
            seen = account(there).verify(TICKET, self.SEEN)
        assert seen.readable
        assert seen.differences == ()

    @pytest.mark.parametrize(
        ("others", "words"),
        [
            ({"commentary": "Rates cut"}, "another text: “Rates cut”"),
            ({"content": {}}, "card is missing"),
            ({"content": {"media": {"id": IMAGE, "altText": "?"}}}, "alt text"),
            ({"visibility": "CONNECTIONS"}, "shown to CONNECTIONS"),
            ({"lifecycleState": "PUBLISH_FAILED"}, "could not publish"),
            # The same words, so the text compares equal; but followers see them cut.
            ({"commentary": WIRE.replace("\\(", "(")}, "only up to “Rates held ”"),
        ],
    )
    def test_what_differs_is_said(self, account, others, words):
        with platform(Says(200, post(**others))) as there:
            (difference,) = account(there).verify(TICKET, self.SEEN).differences
        assert words in difference

    def test_a_post_that_is_not_shown_yet(self, account, clock):
        working = Says(200, post(lifecycleState="PUBLISH_REQUESTED"))
        for answer in (Says(404, "{}"), working):
            with platform(answer) as there, pytest.raises(NotSent):
                account(there).verify(TICKET, self.SEEN)
        clock.advance(900)
        with platform(Says(404, "{}")) as there:
            (gone,) = account(there).verify(TICKET, self.SEEN).differences
        assert "not there any more" in gone

    def test_where_linkedin_lets_nobody_look_nothing_is_claimed(self, account):
        with platform() as there:
            assert not account(there, PERSON).verify(TICKET, self.SEEN).readable
        with platform(Says(403, "{}")) as there:
            assert not account(there).verify(TICKET, self.SEEN).readable


class TestCheck:
    def test_a_member_is_asked_for_without_a_version(self, account):
        with platform(Says(200, {"sub": "abc", "name": "Asha"})) as there:
            who = account(there, PERSON).check()
        assert (who.id, who.name) == (PERSON, "Asha")
        assert there.asked[0].target == "/linkedin/v2/userinfo"
        assert "linkedin-version" not in there.asked[0].headers

    def test_another_members_token(self, account):
        with (
            platform(Says(200, {"sub": "xyz"})) as there,
            pytest.raises(Blocked, match="BOT_LINKEDIN__AUTHOR"),
        ):
            account(there, PERSON).check()

    def test_a_page_is_given_a_place_for_a_picture(self, account):
        with platform(slot) as there:
            assert account(there).check().id == PAGE
        assert there.asked[0].json == {"initializeUploadRequest": {"owner": PAGE}}

    @pytest.mark.parametrize("status", [400, 401, 403, 426])
    def test_a_token_that_may_not_act_for_the_page(self, account, status):
        with platform(Says(status, "{}")) as there, pytest.raises(Blocked):
            account(there).check()

    def test_missing_settings_are_named(self, clock):
        with pytest.raises(
            ConfigError, match="BOT_LINKEDIN__ACCESS_TOKEN and BOT_LINKEDIN__AUTHOR"
        ):
            connect(Settings(), clock)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"version": "2026"},
            {"version": "202613"},
            {"version": "٢٠٢٦٠٩"},
            {"author": "abc"},
            {"author": "urn:li:person:a b"},
            {"base_url": "http://api.linkedin.com"},
            {"limit": 4001},
            {"nonsense": 1},
        ],
    )
    def test_settings_that_cannot_work(self, wrong):
        with pytest.raises(ValidationError):
            Settings(**wrong)


def test_the_token_is_never_written(account, caplog, capsys):
    def echo(asked):
        return Says(400, {"message": "bad header", "sent": asked.headers["authorization"]})

    caplog.set_level(logging.DEBUG)
    told = []
    with platform(echo, DROP, *[Says(503)] * 3) as there:
        publisher = account(there)
        told += [repr(publisher), str(publisher.settings), repr(publisher.client)]
        for act in (
            lambda: publisher.send(TICKET),
            lambda: publisher.send(TICKET),
            lambda: publisher.find(replace(TICKET), since=NOW),
        ):
            with pytest.raises(DeliveryError) as raised:
                act()
            told += [repr(raised.value), raised.value.raw, repr(raised.value.__cause__)]
            told += [str(raised.getrepr(style="native"))]
    told += [caplog.text, *capsys.readouterr()]
    everything = "\n".join(told)
    assert "bad header" in everything
    assert TOKEN not in everything


class TestComment:
    POST = Receipt(remote_id="urn:li:share:77", permalink="p")
    CONTENT = Content(text="One.", parts=("Read (more): https://a.b/c?utm_source=linkedin",))

    def following(self, there, account, **others):
        return account(there, **others).follow(self.CONTENT, [self.POST], fingerprint="f")

    def test_its_words_are_not_escaped_and_its_path_is(self, account):
        made = Says(201, {"commentUrn": "urn:li:comment:(urn:li:share:77,5)"})
        with platform(made) as there:
            receipt = account(there).send(self.following(there, account))
        (asked,) = there.asked
        assert asked.path == "/linkedin/rest/socialActions/urn%3Ali%3Ashare%3A77/comments"
        assert asked.json == {
            "actor": PAGE,
            "object": "urn:li:share:77",
            "message": {"text": self.CONTENT.parts[0]},
        }
        assert receipt.remote_id == "urn:li:comment:(urn:li:share:77,5)"
        assert receipt.permalink.endswith("/feed/update/urn:li:share:77/")

    def test_a_member_cannot(self, account):
        with platform() as there, pytest.raises(Rejected, match="only a page"):
            self.following(there, account, author=PERSON)
        assert there.asked == []

    def test_another_thread_is_used_once(self, account):
        said = "Provided threadUrn urn:li:share:77 is not the same as the actual threadUrn: urn:li:ugcPost:78"
        wrong = Says(400, {"message": said})
        with platform(wrong, Says(201, {"id": "5"})) as there:
            account(there).send(self.following(there, account))
        assert there.asked[1].json["object"] == "urn:li:ugcPost:78"
        assert "ugcPost%3A78" in there.asked[1].path
        with platform(wrong, wrong) as there, pytest.raises(Rejected):
            account(there).send(self.following(there, account))
        assert len(there.asked) == 2

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (Says(403, {"code": "ACCESS_DENIED"}), Rejected),
            (Says(401, {}), Blocked),
            (Says(429, {}), NotSent),
            (Says(500, ""), Unclear),
            (Says(201, b""), Unclear),
            (DROP, Unclear),
        ],
    )
    def test_every_answer_has_one_meaning(self, account, answer, error):
        with platform(answer) as there, pytest.raises(error):
            account(there).send(self.following(there, account))
        assert len(there.asked) == 1

    def test_a_list_that_cannot_be_read_is_not_an_empty_one(self, account, clock):
        with platform(Says(200, {"elements": "no"})) as there, pytest.raises(NotSent):
            account(there).find(self.following(there, account), since=clock.now())
        with platform(Says(403, {})) as there, pytest.raises(NotReadable):
            account(there).find(self.following(there, account), since=clock.now())

    def test_somebody_elses_comment_is_not_ours(self, account, clock):
        other = {"actor": PERSON, "message": {"text": self.CONTENT.parts[0]}, "id": "9"}
        with platform(Says(200, {"elements": [other]})) as there:
            assert account(there).find(self.following(there, account), since=clock.now()) is None


def test_an_article_card_is_built_and_compared(account):
    content = Content(text="One.", link="https://a.b/c", link_title="Rates", card="c", alt_text="R")
    with platform(slot, Says(201), AVAILABLE) as there:
        ticket = account(there).prepare(content, CARD, fingerprint="f")
    card = json.loads(ticket.request)["content"]["article"]
    assert card["source"], card["title"] == ("https://a.b/c", "Rates")
    assert "description" not in card
    urn = urn_at(NOW)
    back = {**json.loads(ticket.request), "id": urn}
    receipt = Receipt(remote_id=urn, permalink="p")
    with platform(Says(200, back)) as there:
        assert account(there).verify(ticket, receipt).differences == ()
    back["content"] = {"article": {**card, "title": "Another"}}
    with platform(Says(200, back)) as there:
        (difference,) = account(there).verify(ticket, receipt).differences
    assert "Another" in difference
