"""The report measures what is on the card, and says what an editor should do."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bot.cards import fonts
from bot.cards.draw import draw, report
from bot.cards.legibility import contrasts, inspect, luminance, ratio
from bot.cards.studio import Box
from bot.domain.post import Level
from tests.unit.cards.approve import drawn
from tests.unit.cards.samples import LONG, NUMBER, PICTURE, QUOTE, SEED, X, plain

TITLE = Box(
    role="title", page=1, x=72, y=200, w=400, h=80, size=80, fill="#ffffff", lines=1, said="A"
)


def messages(findings: object) -> str:
    return " ".join(f"{f.level}: {f.message}" for f in findings)  # type: ignore[attr-defined]


def test_wcag_ratios() -> None:
    assert ratio(luminance((255, 255, 255)), luminance((0, 0, 0))) == pytest.approx(21)
    # WCAG's well known boundary grey on white
    assert ratio(luminance((255, 255, 255)), luminance((118, 118, 118))) == pytest.approx(
        4.54, abs=0.01
    )


def test_contrast_is_that_of_the_worst_place_behind_the_text() -> None:
    ground = Image.new("RGB", X, "black")
    assert contrasts(ground, (TITLE,))["title"] == 21.0
    ground.paste("white", (400, 200, 440, 280))
    assert contrasts(ground, (TITLE,))["title"] == 1.0


def test_the_seed_card_is_fine() -> None:
    seen = report(SEED, X)
    assert seen.findings == ()
    assert seen.headline >= 60
    assert seen.headline_phone >= 20
    assert min(seen.contrast.values()) >= 4.5
    assert seen.form == "PNG 1200×675 RGB"
    assert 0.2 < seen.text_share < 0.6


def brand(tmp_path: Path, old: str, new: str) -> Path:
    shipped = (Path(__file__).parents[3] / "templates" / "cards" / "brand.toml").read_text()
    assert old in shipped
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "brand.toml").write_text(shipped.replace(old, new))
    return tmp_path


def test_a_pale_dek_blocks(tmp_path: Path) -> None:
    own = brand(tmp_path, 'soft = "#B7BFCE"', 'soft = "#3A4050"')
    assert "block: The card's dek has a contrast of" in messages(draw(SEED, X, own=own).findings)


def test_a_brand_name_as_long_as_the_card_blocks(tmp_path: Path) -> None:
    own = brand(tmp_path, 'name = "The ShiftMaker"', f'name = "{"The ShiftMaker " * 6}"')
    assert "out of its place" in messages(draw(SEED, X, own=own).findings)


def test_ink_outside_every_box_blocks(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "stray.typ").write_text(
        '#import "lib.typ": *\n#show: sheet\n'
        "#if not card.blank { place(top + left, dx: 500pt, dy: 300pt, text(size: 40pt, fill: ink, [stray])) }"
    )
    found = draw(replace(SEED, layout="stray"), X, own=tmp_path).findings
    assert "ink outside its box" in messages(found)


def test_a_headline_that_is_too_small_blocks() -> None:
    small = replace(TITLE, size=30)
    card = draw(SEED, X)
    seen = inspect(drawn(card), drawn(card), (small,), weight=len(card.png))
    assert "headline is 30 px" in messages(seen.findings)


def test_a_headline_that_had_to_be_shortened_is_told() -> None:
    found = draw(replace(SEED, title=f"{LONG}. {LONG}"), X).findings
    assert "warn: The card's title is too long and was shortened" in messages(found)


def test_a_quotation_that_had_to_be_shortened_blocks() -> None:
    found = draw(replace(QUOTE, quote=f"{LONG}. {LONG}. {LONG}"), X).findings
    assert "block: The card's quote is too long" in messages(found)


def test_a_figure_that_had_to_be_shortened_blocks() -> None:
    found = draw(replace(NUMBER, figure="1234567890 " * 20), X).findings
    assert "block: The card's figure is too long" in messages(found)


def test_a_character_no_font_has_is_told_and_not_drawn_as_a_box() -> None:
    card = draw(replace(SEED, title="Cuneiform 𒀀 and private \ue000 letters"), X)
    assert "block: No font has U+E000, 𒀀 (U+12000)" in messages(card.findings)
    assert "𒀀" not in card.alt_text


def test_chinese_without_its_fonts_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    without = {name: where for name, where in fonts.PACKAGES.items() if name != fonts.CJK}
    found = fonts._package
    monkeypatch.setattr(fonts, "PACKAGES", without)
    monkeypatch.setattr(fonts, "_package", lambda name: None if name == fonts.CJK else found(name))
    gone = fonts.missing("中国 news")
    assert gone == ["中", "国"]
    assert "shiftmaker-bot[cjk]" in fonts.advice(gone)


def test_sentences_of_the_dek_that_have_no_room_are_named() -> None:
    assert draw(SEED, X).left_out == (
        "The incident is described as the biggest distillation attack ever detected by Anthropic.",
    )


@pytest.mark.parametrize("colour", ["white", "black", "#808080", "#ff0000"])
@pytest.mark.parametrize("variant", ["dark", "light"])
def test_text_on_any_picture_can_be_read(colour: str, variant: str) -> None:
    content = replace(PICTURE, picture=plain(colour), variant=variant)
    assert [f for f in draw(content, X).findings if f.level is Level.BLOCK] == []


def test_every_accent_can_be_read_on_both_grounds() -> None:
    for section in ("AI", "Business", "Policy", "Research", "Security"):
        for variant in ("dark", "light"):
            seen = report(replace(SEED, section=section, variant=variant), X)
            assert seen.contrast["section"] >= 4.5, (section, variant)
