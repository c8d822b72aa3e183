"""The stand-in X: what it takes, what it refuses and in which words."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
import requests
from requests_oauthlib import OAuth1

from bot.platforms.x import sandbox_account as account
from bot.platforms.x.sandbox import Sandbox
from bot.platforms.x.sandbox_posts import STRANGERS_POST, SUMMONING_POST
from tests.unit.http.sandbox.clients import XClient, png, running, x_client

URL = "https://theshiftmaker.com/2026/06/26/anthropic-accuses-alibaba?utm_source=x&utm_medium=a"


@pytest.fixture
def x():
    with x_client() as client:
        yield client


def paid(x):
    return [charge["usd"] for charge in x.state.all("x.charges")]


def message(answer):
    return answer.json()["errors"][0]["message"]


# ---- taken --------------------------------------------------------------------


def test_a_post_is_answered_as_x_answers(x):
    answer = x.tweet("Hello, world")
    assert answer.status_code == 201
    data = answer.json()["data"]
    assert data == {
        "id": data["id"],
        "text": "Hello, world",
        "edit_history_tweet_ids": [data["id"]],
    }


def test_ids_carry_the_time_and_only_grow(x):
    ids = [int(x.tweet(f"Post {number}").json()["data"]["id"]) for number in range(3)]
    assert ids == sorted(set(ids))
    assert (ids[0] >> 22) + 1288834974657 == int(x.clock.now().timestamp() * 1000)


def test_links_come_back_short_and_signs_escaped(x):
    text = x.tweet(f"R&D <fast> {URL} #AI").json()["data"]["text"]
    before, link, after = text.partition("https://t.co/")
    assert (before, link, after[10:]) == ("R&amp;D &lt;fast&gt; ", "https://t.co/", " #AI")


def test_every_field_of_the_specification_is_taken(x):
    fields = {
        "media": {"media_ids": [x.media_id()], "tagged_user_ids": ["1"]},
        "reply_settings": "verified",
        "made_with_ai": True,
        "paid_partnership": False,
        "nullcast": False,
        "for_super_followers_only": False,
        "share_with_followers": False,
        "geo": {"place_id": "1"},
    }
    assert x.tweet("All of it", **fields).status_code == 201
    assert x.posts()[0]["made_with_ai"] is True


def test_surrounding_space_is_dropped(x):
    x.tweet("  Hello \n")
    assert x.posts()[0]["text"] == "Hello"


# ---- refused ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"txet": "Hello"}, "$.txet: is not defined"),
        ({"media": {"media_ids": ["1"], "alt": "x"}}, "$.media.alt: is not defined"),
        ({"reply_settings": "everyone"}, "$.reply_settings"),
        ({"media": {"media_ids": []}}, "$.media.media_ids"),
        ({"media": {"media_ids": ["1"] * 5}}, "$.media.media_ids"),
        ({"media": {"media_ids": [1]}}, "$.media.media_ids.0"),
        ({"reply": {"in_reply_to_tweet_id": "abc"}}, "$.reply.in_reply_to_tweet_id"),
        ({"made_with_ai": "yes"}, "$.made_with_ai"),
        ({"text": None}, "$.text"),
    ],
)
def test_fields_outside_the_specification(x, fields, named):
    answer = x.post("/2/tweets", json={"text": "Hello", **fields})
    assert answer.status_code == 400
    assert answer.json()["title"] == "Invalid Request"
    assert message(answer).startswith(named)
    assert x.posts() == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"text"', b"[" * 100_000, b'{"text": "\\ud800"}', b"\xff\xfe", b"NaN"],
)
def test_bodies_that_are_no_json_object(x, body):
    answer = x.post("/2/tweets", data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("/invalid-request")


def test_a_huge_body_is_refused_and_the_server_lives_on(x):
    answer = x.post("/2/tweets", data=b'{"text": "' + b"a" * 25 * 1024 * 1024 + b'"}')
    assert answer.status_code == 413
    assert x.tweet().status_code == 201


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_to_say(x, text):
    assert x.tweet(text).status_code == 400
    media = {"media_ids": [x.media_id()]}
    assert x.tweet(text, media=media).status_code == 201


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("a" * 280, True),
        ("a" * 281, False),
        ("語" * 140, True),
        ("語" * 141, False),
        (f"{'a' * 256} https://example.com/{'b' * 300}", True),
        (f"{'a' * 257} https://example.com/{'b' * 300}", False),
        ("👩‍👩‍👧‍👦" * 140, True),
    ],
)
def test_length_is_weighed(x, text, taken):
    answer = x.tweet(text)
    assert answer.status_code == (201 if taken else 400)
    assert taken or message(answer).startswith("Your Tweet text is too long")


def test_a_character_x_refuses(x):
    assert x.tweet("Hello \ufffe").status_code == 403


def test_the_same_text_again(x):
    x.tweet("Same")
    again = x.tweet("Same ")
    assert (again.status_code, again.json()) == (
        403,
        {
            "title": "Forbidden",
            "detail": "You are not allowed to create a Tweet with duplicate content.",
            "type": "about:blank",
            "status": 403,
        },
    )
    x.clock.forward(hours=25)
    assert x.tweet("Same").status_code == 201


def test_a_deleted_text_still_counts_as_used(x):
    post_id = x.tweet("Same").json()["data"]["id"]
    assert x.call("DELETE", f"/2/tweets/{post_id}").json() == {"data": {"deleted": True}}
    assert x.posts() == []
    assert x.tweet("Same").status_code == 403


def test_deleting_what_never_was(x):
    assert x.call("DELETE", "/2/tweets/1").status_code == 404


def test_more_than_one_cashtag(x):
    assert x.tweet("$NVDA up").status_code == 201
    answer = x.tweet("$NVDA and $MSFT up")
    assert answer.status_code == 403
    assert "maximum of one cashtag" in answer.json()["detail"]


def test_replies_to_strangers_are_gated(x):
    def reply(text, parent):
        return x.tweet(text, reply={"in_reply_to_tweet_id": parent})

    own = x.tweet("Own").json()["data"]["id"]
    assert reply("Second part", own).status_code == 201
    assert "mentioned or otherwise engaged" in reply("Hi", STRANGERS_POST).json()["detail"]
    assert "deleted or not visible" in reply("Hi", "123").json()["detail"]
    assert reply("Thanks", SUMMONING_POST).status_code == 201
    assert paid(x) == ["0.015", "0.015", "0.010"]


def test_quotes_are_gated(x):
    own = x.tweet("Own").json()["data"]["id"]
    assert x.tweet("Look", quote_tweet_id=own).status_code == 403


def test_an_unknown_address(x):
    answer = x.get("/2/nothing")
    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")
    assert x.get("/1.1/media/upload.json").status_code == 404


# ---- signing in ---------------------------------------------------------------


def test_no_wrong_or_stale_signature_gets_in(x):
    keys = x.keys
    wrong = [
        None,
        OAuth1("x" * 25, keys["consumer_secret"], keys["access_token"], "secret"),
        OAuth1(keys["consumer_key"], "wrong", keys["access_token"], keys["access_token_secret"]),
        OAuth1(keys["consumer_key"], keys["consumer_secret"], keys["access_token"], "wrong"),
        OAuth1(keys["consumer_key"], keys["consumer_secret"], "1-unknown", "wrong"),
    ]
    for auth in wrong:
        x.auth = auth
        answer = x.tweet()
        assert (answer.status_code, answer.json()) == (
            401,
            {
                "title": "Unauthorized",
                "detail": "Unauthorized",
                "type": "about:blank",
                "status": 401,
            },
        )
    assert x.posts() == []


@pytest.mark.parametrize("header", ["OAuth", "OAuth nonsense", "Basic YTpi", "Bearer wrong", "é"])
def test_headers_that_are_no_sign_in(x, header):
    x.auth = None
    answer = x.post("/2/tweets", json={"text": "a"}, headers={"Authorization": header.encode()})
    assert answer.status_code == 401


def test_a_signature_does_not_fit_another_request(x):
    request = requests.Request("GET", f"{x.keys['base_url']}/2/users/me", auth=x.auth).prepare()
    request.url = request.url.replace("users/me", "tweets/1")
    with requests.Session() as session:
        assert session.send(request, timeout=5).status_code == 401


def test_query_parameters_are_signed(x):
    assert x.get("/2/users/me", params={"user.fields": "verified,created_at"}).ok


def test_a_token_without_write_permission():
    with x_client(kind="read_only") as x:
        answer = x.tweet()
        assert answer.status_code == 403
        assert answer.json()["type"].endswith("/oauth1-permissions")
        assert x.get("/2/users/me").status_code == 200


def test_oauth2_tokens(x):
    x.auth = None
    x.headers = {"Authorization": f"Bearer {account.BEARER_TOKEN}"}
    assert x.tweet().status_code == 201
    x.headers = {"Authorization": f"Bearer {account.APP_ONLY_TOKEN}"}
    answer = x.tweet("Other")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/unsupported-authentication")


def test_who_is_signed_in(x):
    data = x.get("/2/users/me").json()["data"]
    assert data == {
        "id": x.keys["access_token"].split("-")[0],
        "name": "The ShiftMaker",
        "username": "shiftmaker",
    }


# ---- limits and money -----------------------------------------------------------


def test_limit_headers_count_down_and_start_again():
    options = Sandbox.Options(window_limits={"create": 2})
    with x_client(options) as x:
        first, second, third = (x.tweet(f"Post {number}") for number in range(3))
        reset = int(x.clock.now().timestamp()) + 900
        assert first.headers["x-rate-limit-limit"] == "2"
        assert second.headers["x-rate-limit-remaining"] == "0"
        assert (third.status_code, third.headers["x-rate-limit-reset"]) == (429, str(reset))
        assert third.json()["title"] == "Too Many Requests"
        x.clock.forward(minutes=15)
        assert x.tweet("Post 3").status_code == 201


@pytest.mark.parametrize("which", ["app", "user"])
def test_a_day_limit_looks_healthy_in_the_short_window(which):
    with x_client(Sandbox.Options(**{f"{which}_day_limit": 1})) as x:
        x.tweet("One")
        answer = x.tweet("Two")
        assert answer.status_code == 429
        assert int(answer.headers["x-rate-limit-remaining"]) > 90
        assert answer.headers[f"x-{which}-limit-24hour-remaining"] == "0"
        reset = int(answer.headers[f"x-{which}-limit-24hour-reset"])
        assert reset == int((x.clock.now() + timedelta(hours=24)).timestamp())


def test_refused_requests_count_but_cost_nothing(x):
    x.tweet("a" * 300)
    assert paid(x) == []
    assert x.tweet().headers["x-rate-limit-remaining"] == "98"


def test_prices(x):
    media = x.media_id()
    x.post("/2/media/metadata", json={"id": media, "metadata": {"alt_text": {"text": "A card"}}})
    x.tweet("No link", media={"media_ids": [media]})
    x.tweet(f"Link {URL}")
    x.tweet("An accidental link: Booking.com")
    x.timeline()
    x.timeline()
    x.get("/2/users/me")
    expected = ["0.005", "0.015", "0.200", "0.200", "0.001", "0.001", "0.001", "0.010"]
    assert paid(x) == expected


def test_credits_run_out():
    with x_client(Sandbox.Options(credits=Decimal("0.02"))) as x:
        assert [x.tweet(text).status_code for text in ("One", "Two", "Three")] == [201, 201, 402]
        body = x.tweet("Three").json()
        assert (body["title"], body["type"].rsplit("/", 1)[1]) == ("CreditsDepleted", "credits")
        assert len(x.posts()) == 2


# ---- hostile, through the page ---------------------------------------------------


def test_two_clients_at_once_never_share_an_id():
    with running() as (server, clock):
        one, two = XClient(server, clock), XClient(server, clock)
        ids = {client.tweet(f"{client is one} {n}").json()["data"]["id"]
               for n in range(5) for client in (one, two)}  # fmt: skip
        assert len(ids) == 10


def test_numbers_as_text_stay_text(x):
    x.post("/2/tweets", data=json.dumps({"text": "0"}))
    assert x.posts()[0]["text"] == "0"


def test_a_media_id_has_to_be_the_accounts_own(x):
    answer = x.tweet("Look", media={"media_ids": ["123"]})
    assert (answer.status_code, message(answer)) == (400, "Your media IDs are invalid.")


def test_a_media_id_expires(x):
    media = x.media_id()
    x.clock.forward(hours=24)
    assert x.tweet("Look", media={"media_ids": [media]}).status_code == 400


def test_one_gif_or_four_pictures(x):
    gif = x.upload(png(kind="GIF"), "tweet_gif").json()["data"]["id"]
    photos = [x.media_id() for _ in range(4)]
    assert x.tweet("GIF and photo", media={"media_ids": [gif, photos[0]]}).status_code == 400
    assert x.tweet("GIF", media={"media_ids": [gif]}).status_code == 201
    assert x.tweet("Photos", media={"media_ids": photos}).status_code == 201
