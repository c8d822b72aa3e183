"""`bot check` and `bot preview`: no database, no keys, the stable shapes of their JSON."""

import json
from pathlib import Path

import pytest

SEED = Path(__file__).parents[2] / "bot" / "demo" / "articles"
FINDING = {"rule", "level", "message", "start", "end", "fix"}


def check(bot, text, *args, code=0):
    done = bot("check", "-", "--json", *args, stdin=text)
    assert done.returncode == code, (done.stdout, done.stderr)
    return json.loads(done.stdout)


def test_x_is_measured_as_x_measures(bot):
    got = check(bot, "OpenAI opened its office in Delhi on Monday. #AI", "--platform", "x")
    assert set(got) == {
        "platform",
        "length",
        "limit",
        "valid",
        "urls",
        "hashtags",
        "mentions",
        "estimated_cost_usd",
        "findings",
    }
    assert (got["length"], got["limit"], got["valid"]) == (48, 280, True)
    assert got["hashtags"][0]["text"] == "#AI"
    assert got["estimated_cost_usd"] == 0.015


def test_an_accidental_link_blocks_costs_and_has_a_repair(bot):
    got = check(bot, "Character.AI raised $5 million on Monday.", "--platform", "x", code=1)
    assert got["valid"] is False
    assert got["estimated_cost_usd"] == 0.2
    found = next(f for f in got["findings"] if f["rule"] == "no-accidental-links")
    assert set(found) == FINDING
    assert (found["start"], found["end"], found["fix"]) == (0, 12, "Character AI")


def test_too_long_is_the_answer_no(bot):
    got = check(bot, "a" * 281 + ".", "--platform", "x", code=1)
    assert got["length"] == 282
    assert "fits" in {f["rule"] for f in got["findings"]}


def test_linkedin_shows_what_goes_over_the_wire(bot):
    got = check(bot, "Node.js (v24) is out, OpenAI says.", "-p", "linkedin")
    assert got["wire_text"] == r"Node.js \(v24\) is out, OpenAI says."
    assert got["escaped_length"] == got["length"] + 2
    assert got["estimated_cost_usd"] == 0


def test_against_an_article_facts_must_match(bot):
    text = "Anthropic has accused Alibaba of using nearly 35,000 fraudulent accounts."
    got = check(bot, text, "-p", "x", "--article", SEED / "seed.txt", code=1)
    found = next(f for f in got["findings"] if f["rule"] == "facts-match")
    assert "35,000" in text[found["start"] : found["end"]]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["check", "none.txt", "-p", "x"], "No such file"),
        (["check", "binary.txt", "-p", "x"], "not text"),
        (["check", "-", "-p", "myspace"], "myspace"),
        (["check", "-"], "--platform"),
        (["preview", "none.html"], "No such file"),
    ],
)
def test_wrong_ways(bot, folder, args, words):
    (folder / "binary.txt").write_bytes(b"\xff\xfe")
    done = bot(*args, stdin="x")
    assert done.returncode in (2, 3)
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["seed.txt", "seed.html"])
def test_a_preview_is_what_would_be_queued(bot, folder, name):
    done = bot("preview", SEED / name, "--json")
    assert done.returncode == 0, done.stderr
    got = json.loads(done.stdout)
    assert got["article"]["id"].startswith("2026-06-26-anthropic")
    assert [post["platform"] for post in got["posts"]] == ["x", "linkedin"]
    for post in got["posts"]:
        assert 0 < post["length"] <= post["limit"]
        assert post["link"] in post["text"]
        assert 20 <= len(post["alt_text"]) <= 250
        assert post["variants"]
        assert not [f for f in post["findings"] if f["level"] == "block"]
    assert not (folder / "data").exists()  # nothing is kept
    bot("ingest", SEED / name)
    queue = json.loads(bot("queue", "--json").stdout)["posts"]
    assert [p["content_hash"] for p in queue] == [p["content_hash"] for p in got["posts"]]


def test_a_person_sees_posts_and_findings(bot):
    said = bot("preview", SEED / "seed.html").stdout
    assert "x · " in said
    assert "$0.205" in said
    assert "wording 2" in said


def test_the_link_goes_where_the_section_wants_it(bot, folder):
    env = {"BOT_LINKS__X": "card_only", "BOT_LINKS__LINKEDIN_SECTIONS": "AI=manual_comment"}
    x, linkedin = json.loads(bot("preview", SEED / "seed.html", "--json", env=env).stdout)["posts"]
    assert "https://" not in x["text"]
    assert x["estimated_cost_usd"] == 0.02
    assert "https://" not in linkedin["text"]
    assert linkedin["link"].startswith("https://theshiftmaker.com/")
    assert not [f for p in (x, linkedin) for f in p["findings"] if f["level"] == "block"]
    bot("ingest", SEED / "seed.html", env=env)
    assert "as the first comment" in bot("show", "2", env=env).stdout


def test_a_preview_shows_what_follows_a_post(bot):
    env = {"BOT_LINKS__X_SECTIONS": "AI=thread_reply", "BOT_LINKS__LINKEDIN": "first_comment"}
    shown = bot("preview", SEED / "seed.html", "--json", env=env)
    x, linkedin = json.loads(shown.stdout)["posts"]
    assert x["link"] not in x["text"]
    assert any(x["link"] in part for part in x["parts"])
    assert any(linkedin["link"] in part for part in linkedin["parts"])


def test_an_unknown_link_policy_is_named(bot):
    done = bot("preview", SEED / "seed.html", env={"BOT_LINKS__X_SECTIONS": "AI=somewhere"})
    assert done.returncode == 2
    assert "BOT_LINKS__X_SECTIONS" in done.stderr


def test_an_article_may_be_an_address(bot, tmp_path):
    import http.server
    import threading
    from functools import partial

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=SEED)) as site:
        thread = threading.Thread(target=site.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{site.server_port}/seed.html"
        inside = bot("preview", url)
        allowed = bot("preview", url, "--json", env={"BOT_FETCH__ALLOW_PRIVATE": "true"})
        site.shutdown()
        thread.join()
    assert inside.returncode == 3
    assert "BOT_FETCH__ALLOW_PRIVATE" in inside.stderr
    assert allowed.returncode == 0, allowed.stderr
    assert json.loads(allowed.stdout)["article"]["title"].startswith("Anthropic accuses")
