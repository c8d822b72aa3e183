"""The stand-in X: reading posts back."""

from datetime import timedelta

import pytest

from bot.platforms.x.sandbox import Sandbox
from tests.unit.http.sandbox.clients import x_client

URL = "https://theshiftmaker.com/2026/06/26/anthropic-accuses-alibaba?utm_source=x&utm_medium=a"
FIELDS = "created_at,attachments,entities,author_id"


@pytest.fixture
def x():
    with x_client() as client:
        yield client


def test_an_empty_timeline(x):
    assert x.timeline() == {"meta": {"result_count": 0}}


def test_newest_first_with_the_usual_fields(x):
    for text in ("One", "Two"):
        x.tweet(text)
        x.clock.forward(seconds=1)
    answer = x.timeline()
    assert [post["text"] for post in answer["data"]] == ["Two", "One"]
    assert set(answer["data"][0]) == {"id", "text", "edit_history_tweet_ids"}
    assert answer["meta"]["newest_id"] == answer["data"][0]["id"]


@pytest.mark.parametrize("name", ["tweet.fields", "post.fields"])
def test_everything_needed_to_recognise_a_post(x, name):
    media = x.upload().json()["data"]
    x.tweet(f"R&D {URL} #AI", media={"media_ids": [media["id"]]})
    post = x.timeline(**{name: FIELDS})["data"][0]
    assert post["created_at"] == "2026-11-23T06:30:00.000Z"
    assert post["attachments"] == {"media_keys": [media["media_key"]]}
    link, picture = post["entities"]["urls"]
    for item in (link, picture):
        assert post["text"][item["start"] : item["end"]] == item["url"]
        assert item["url"].startswith("https://t.co/")
    assert link["expanded_url"] == URL
    assert link["display_url"] == "theshiftmaker.com/2026/06/26/ant…"
    assert picture["media_key"] == media["media_key"]
    assert post["text"].endswith(f"#AI {picture['url']}")
    tag = post["entities"]["hashtags"][0]
    assert (tag["tag"], post["text"][tag["start"] : tag["end"]]) == ("AI", "#AI")


def test_alt_text_can_be_read_back(x):
    media = x.upload().json()["data"]
    described = {"id": media["id"], "metadata": {"alt_text": {"text": "A card"}}}
    x.post("/2/media/metadata", json=described)
    x.tweet("Look", media={"media_ids": [media["id"]]})
    params = {"expansions": "attachments.media_keys,author_id", "media.fields": "alt_text,url"}
    includes = x.timeline(**params)["includes"]
    found = includes["media"][0]
    assert (found["media_key"], found["alt_text"]) == (media["media_key"], "A card")
    assert x.get(found["url"]).headers["content-type"] == "image/png"
    assert includes["users"][0]["username"] == "shiftmaker"


def test_since_id_start_time_and_until(x):
    ids = []
    for text in ("One", "Two", "Three"):
        ids.append(x.tweet(text).json()["data"]["id"])
        x.clock.forward(minutes=1)
    assert [post["text"] for post in x.timeline(since_id=ids[0])["data"]] == ["Three", "Two"]
    assert [post["text"] for post in x.timeline(until_id=ids[1])["data"]] == ["One"]
    since = x.timeline(start_time="2026-11-23T06:31:00Z", end_time="2026-11-23T06:31:30Z")
    assert [post["text"] for post in since["data"]] == ["Two"]


def test_since_id_made_from_a_time(x):
    x.tweet("Before")
    x.clock.forward(minutes=2)
    start_ms = int(x.clock.now().timestamp() * 1000)
    x.tweet("After")
    since_id = (start_ms - 60000 - 1288834974657) << 22
    assert [post["text"] for post in x.timeline(since_id=since_id)["data"]] == ["After"]


def test_pages(x):
    for number in range(12):
        x.tweet(f"Post {number}")
    first = x.timeline(max_results=5)
    rest = x.timeline(max_results=10, pagination_token=first["meta"]["next_token"])
    assert [len(page["data"]) for page in (first, rest)] == [5, 7]
    assert "next_token" not in rest["meta"]


@pytest.mark.parametrize(
    "params",
    [
        {"max_results": 4},
        {"max_results": 101},
        {"max_results": "ten"},
        {"since_id": "-1"},
        {"start_time": "yesterday"},
        {"start_time": "2026-11-23T06:30:00"},
        {"tweet.fields": "text,colour"},
        {"pagination_token": "é"},
    ],
)
def test_parameters_x_refuses(x, params):
    x.tweet()
    answer = x.timeline(**params)
    assert answer["title"] == "Invalid Request"
    assert next(iter(params)) in answer["errors"][0]["parameters"]


def test_deleted_hidden_and_excluded_posts(x):
    gone = x.tweet("Gone").json()["data"]["id"]
    own = x.tweet("Own").json()["data"]["id"]
    x.tweet("Hidden", nullcast=True)
    x.tweet("Reply", reply={"in_reply_to_tweet_id": own})
    x.call("DELETE", f"/2/tweets/{gone}")
    assert [post["text"] for post in x.timeline()["data"]] == ["Reply", "Own"]
    excluded = x.timeline(exclude="replies,retweets")["data"]
    assert [post["text"] for post in excluded] == ["Own"]
    assert x.get(f"/2/tweets/{gone}").json()["errors"][0]["title"] == "Not Found Error"


def test_one_post(x):
    post_id = x.tweet("One").json()["data"]["id"]
    answer = x.get(f"/2/tweets/{post_id}?tweet.fields=created_at").json()["data"]
    assert (answer["id"], answer["text"]) == (post_id, "One")


def test_somebody_elses_timeline(x):
    assert x.get("/2/users/12/tweets").json()["errors"][0]["resource_type"] == "user"


def test_reads_may_lag_behind():
    with x_client(Sandbox.Options(index_delay=timedelta(seconds=30))) as x:
        post_id = x.tweet("One").json()["data"]["id"]
        assert x.timeline()["meta"]["result_count"] == 0
        assert x.get(f"/2/tweets/{post_id}").json()["data"]["text"] == "One"
        x.clock.forward(seconds=30)
        assert x.timeline()["meta"]["result_count"] == 1
