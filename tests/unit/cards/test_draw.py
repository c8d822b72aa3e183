"""A card is drawn from words alone, the same every time."""

import io
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from bot.cards.draw import draw
from bot.domain.card import CardContent
from bot.domain.errors import ConfigError, ContentError

SEED = CardContent(
    title="Anthropic accuses Alibaba of largest Claude cloning attempt, seeks US intervention",
    dek=(
        "Allegations include use of 25,000 fake accounts to extract millions of interactions."
        " The incident is described as the biggest distillation attack ever detected by Anthropic."
    ),
    section="AI",
    published=date(2026, 6, 26),
)


@pytest.mark.parametrize("size", [(1200, 675), (1200, 627), (1080, 1350)])
def test_a_card_has_the_asked_size_and_a_form_every_platform_takes(size: tuple[int, int]) -> None:
    card = draw(SEED, size)
    with Image.open(io.BytesIO(card.png)) as picture:
        assert (picture.size, picture.mode, picture.format) == (size, "RGB", "PNG")
        assert "srgb" in picture.info
    assert len(card.png) < 1_000_000


def test_the_same_content_gives_the_same_bytes() -> None:
    assert draw(SEED, (1200, 675)).sha256 == draw(SEED, (1200, 675)).sha256


def test_the_alt_text_says_the_headline_and_what_the_picture_is() -> None:
    alt = draw(SEED, (1200, 675)).alt_text
    assert alt.startswith(SEED.title)
    assert alt.endswith("Headline card of The ShiftMaker, 26 June 2026.")
    assert 20 <= len(alt) <= 250


@pytest.mark.parametrize(
    "title",
    ['#panic("x")', '$x$ *bold* #read("/etc/passwd")', '"]; #import "lib.typ"', "\\u{41} <a> @b"],
)
def test_markup_in_a_headline_is_only_text(title: str) -> None:
    assert draw(CardContent(title=title), (1200, 675)).alt_text.startswith(title[:12])


def test_a_card_without_a_headline_is_refused() -> None:
    with pytest.raises(ContentError, match="no headline"):
        draw(CardContent(title=" \u202e\u200b"), (1200, 675))


def test_an_unknown_layout_is_named() -> None:
    with pytest.raises(ConfigError, match="no card layout 'poster'"):
        draw(CardContent(title="A headline", layout="poster"), (1200, 675))


def test_a_template_error_names_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "poster.typ").write_text('#let a = 1\n#let b = a + "x"\n')
    with pytest.raises(ConfigError, match=r"templates/cards/poster\.typ:2: cannot add"):
        draw(CardContent(title="A headline", layout="poster"), (1200, 675), own=tmp_path)


def test_a_template_cannot_read_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "cards" / "poster.typ").write_text(f'#read("{tmp_path}/secret.txt")')
    with pytest.raises(ConfigError, match=r"poster\.typ:1"):
        draw(CardContent(title="A headline", layout="poster"), (1200, 675), own=tmp_path)


def test_the_users_own_brand_wins(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[3] / "templates" / "cards" / "brand.toml"
    (tmp_path / "cards").mkdir()
    own = shipped.read_text().replace("The ShiftMaker", "The Morning Wire")
    (tmp_path / "cards" / "brand.toml").write_text(own)
    assert "card of The Morning Wire" in draw(SEED, (1200, 675), own=tmp_path).alt_text
