"""The commands around the accounts, as an editor runs them: by hand, money, pictures, rehearsal."""

import json

from PIL import Image

from tests.unit.pipeline.posts import DATA

SEED = DATA / "seed.json"


def test_a_post_is_made_richer_posted_by_hand_and_costs_nothing(bot, folder):
    ingested = bot("ingest", SEED)
    assert ingested.returncode == 0, ingested.stderr
    picture = folder / "chart.png"
    Image.new("RGB", (1200, 675), "navy").save(picture)
    said = "A navy chart of prices over ten years."
    richer = bot("picture", 1, picture, "--alt", said, "--json")
    assert richer.returncode == 0, richer.stderr
    ((sha256, alt),) = json.loads(richer.stdout)["pictures"]
    assert alt == said
    assert list((folder / "data" / "cards").rglob(f"{sha256}*"))

    early = bot("manual", 1)
    assert (early.returncode, early.stderr[:4]) == (1, "bot:")
    assert bot("approve", 1).returncode == 0
    way = json.loads(bot("manual", 1, "--json").stdout)
    assert way["open"].startswith("https://x.com/intent/post?text=")
    assert way["card"].endswith(".png")
    live = "https://x.com/shiftmaker/status/1799000000000000042"
    done = json.loads(bot("posted", 1, live, "--json").stdout)
    assert done == {"post": 1, "state": "published", "permalink": live, "via": "manual"}
    spent = json.loads(bot("spend", "--json").stdout)["accounts"]
    assert [(one["channel"], one["month_usd"]) for one in spent] == [("x", 0), ("linkedin", 0)]


def test_a_rehearsal_of_a_named_article(bot):
    played = bot("rehearse", SEED, "--json")
    assert played.returncode == 0, played.stderr
    posts = json.loads(played.stdout)["posts"]
    assert [(one["copies"], one["state"]) for one in posts] == [(1, "verified")] * 2
    nothing = bot("rehearse")
    assert nothing.returncode == 2
    assert nothing.stderr.startswith("bot: No article is kept")
