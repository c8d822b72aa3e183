"""`bot card`: a file, a report, and what stands in the way of either."""

import json
from pathlib import Path

import pytest
from PIL import Image

ARTICLES = Path(__file__).parents[1] / "data" / "articles"
SEED = Path(__file__).parents[2] / "bot" / "demo" / "articles" / "seed.html"


@pytest.mark.parametrize(("platform", "size"), [("x", (1200, 675)), ("linkedin", (1200, 627))])
def test_a_card_is_drawn_and_measured(bot, folder, platform, size):
    done = bot("card", SEED, "--platform", platform, "--out", "card.png", "--json")
    assert done.returncode == 0, done.stderr
    got = json.loads(done.stdout)
    assert set(got) == {
        "path", "width", "height", "bytes", "sha256", "layout", "alt_text", "legibility", "findings",
    }  # fmt: skip
    with Image.open(folder / "card.png") as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", size)
    assert got["bytes"] == (folder / "card.png").stat().st_size < 1_000_000
    assert min(got["legibility"]["contrast"].values()) >= 4.5
    assert got["findings"] == []


def test_layouts_and_variants(bot, folder):
    quote = json.loads(
        bot(
            "card", ARTICLES / "quotes.json", "--layout", "quote", "--variant", "light", "--json"
        ).stdout
    )
    assert quote["layout"] == "quote"
    assert "Marisol Vance" in quote["alt_text"]
    again = json.loads(
        bot(
            "card", ARTICLES / "quotes.json", "--layout", "quote", "--variant", "light", "--json"
        ).stdout
    )
    assert again["sha256"] == quote["sha256"]  # another process, the same bytes


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--layout", "nolayout"], "nolayout"),
        (["--layout", "../../etc/passwd"], "layout"),
        (["--platform", "myspace"], "myspace"),
        (["--out", "none/card.png"], "none/card.png"),
        (["--variant", "pink"], "pink"),
    ],
)
def test_wrong_ways(bot, args, words):
    _refused(bot("card", SEED, *args), words)


def test_no_figure_no_number_card(bot):
    plain = Path(__file__).parents[1] / "data" / "articles" / "short.json"
    _refused(bot("card", plain, "--layout", "number"), "no figure")


def _refused(done, words):
    assert done.returncode in (1, 2)
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_watch_draws_again_when_a_template_is_saved(start, folder):
    own = folder / "own" / "cards"
    own.mkdir(parents=True)
    process = start("card", SEED, "--watch", env={"BOT_TEMPLATES_DIR": folder / "own"})
    _read_until(process, "headline")
    shipped = Path(__file__).parents[2] / "templates" / "cards" / "brand.toml"
    text = shipped.read_text().replace("The ShiftMaker", "Another Paper")
    (own / "brand.toml").write_text(text)
    assert "Another Paper" in _read_until(process, "Another Paper")


def _read_until(process, words):
    for line in process.stdout:
        if words in line:
            return line
    pytest.fail(process.stderr.read())
