"""The commands of sources, as an operator uses them on a new machine."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.site import rss, serving
from tests.unit.watching.newsroom import text

KEYS = {"name", "kind", "status", "fetched", "not_modified"}


@pytest.fixture
def site():
    with serving() as server:
        server.items = []
        server.routes["/"] = (
            "<html><head><title>News</title><link rel=alternate type=application/rss+xml "
            "href=/feed></head><body><p>Welcome</p></body></html>"
        )
        server.routes["/feed"] = lambda h: h.answer(200, rss(*server.items).encode())
        yield server


def write(site, number):
    at = datetime.now(UTC) - timedelta(minutes=number)
    title = f"Ruritania holds its rate for the {number}th time in a row"
    site.items.insert(0, (f"g{number}", f"{site.url}/articles/{number}", title, at, text(number)))


def answer(done, code=0):
    assert done.returncode == code, (done.stdout, done.stderr)
    return json.loads(done.stdout)


def test_from_a_new_source_to_a_post(bot, site):
    env = {"BOT_FETCH__ALLOW_PRIVATE": "true", "BOT_CHANNELS": "x"}
    write(site, 2)
    refused = bot("source", "add", f"{site.url}/", env=env, stdin="n\n")
    assert refused.returncode == 1
    assert "Ruritania holds its rate for the 2th time" in refused.stdout
    added = bot("source", "add", f"{site.url}/", "--name", "site", env=env, stdin="y\nn\n")
    assert added.returncode == 0, added.stderr
    assert "1 articles that are there now are marked as seen" in added.stdout
    write(site, 1)
    got = answer(bot("ingest", "--json", env=env))
    assert {"sources", "new", "updated", "skipped", "held"} <= set(got)
    assert [set(one) for one in got["sources"]] == [KEYS]
    assert got["sources"][0] | {"fetched": 2} == {
        "name": "site",
        "kind": "feed",
        "status": "ok",
        "fetched": 2,
        "not_modified": False,
    }
    (key,) = got["new"]
    shown = answer(bot("article", "show", key, "--json", env=env))
    assert shown["article"]["url"] == f"{site.url}/articles/1"
    assert [post["channel"] for post in shown["posts"]] == ["x"]
    held = answer(bot("held", "list", "--json", env=env))["held"]
    assert "newest of 1 articles" in held[0]["reason"]
    assert answer(bot("held", "drop", "--all", "--json", env=env))["dropped"] == [held[0]["id"]]
    listed = bot("source", "list", env=env).stdout
    assert "site" in listed
    assert "fine" in listed
    assert answer(bot("corrections", "list", "--json", env=env)) == {"corrections": []}
    wrong = bot("source", "remove", "other", env=env)
    assert (wrong.returncode, "bot source list" in wrong.stderr) == (2, True)


def test_a_webhook_has_an_address_and_a_secret_that_is_kept_nowhere(bot, folder):
    made = answer(bot("source", "webhook", "cms", "--json"))
    assert made["secret"].startswith("whsec_")
    assert answer(bot("source", "secret", "cms", "--json")) == made
    for file in (folder / "data").glob("bot.db*"):
        assert made["secret"][6:].encode() not in file.read_bytes()
