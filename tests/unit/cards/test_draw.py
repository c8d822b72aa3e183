"""A card is drawn from words alone, the same every time."""

import errno
import io
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bot.cards.draw import draw
from bot.cards.studio import studio
from bot.cards.wording import for_template, plain
from bot.domain.card import CardContent
from bot.domain.errors import ConfigError, ContentError
from tests.unit.cards.samples import CAROUSEL, PICTURE, SAMPLES, SEED, X


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


def test_colours_are_the_numbers_of_the_template(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "squares.typ").write_text(
        "#set page(width: 40pt, height: 10pt, margin: 0pt, fill: luma(200))\n"
        "#place(rect(width: 10pt, height: 10pt, fill: rgb(10, 20, 30)))\n"
        "#place(dx: 20pt, rect(width: 10pt, height: 10pt, fill: oklch(60%, 0.2, 30deg)))"
    )
    (page,) = studio(tmp_path).render("squares", {}).pages
    colours = [page.image.getpixel((x, 5)) for x in (5, 15, 25)]
    assert colours == [(10, 20, 30), (200, 200, 200), (222, 62, 45)]


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


@pytest.mark.parametrize("threads", ["1", "5"])
def test_another_process_with_any_number_of_threads_draws_the_same_bytes(threads: str) -> None:
    code = (
        "from tests.unit.cards.samples import CAROUSEL, PICTURE, SEED;"
        "from bot.cards.draw import draw;"
        "print(*(draw(c, (1200, 675)).sha256 for c in (SEED, PICTURE, CAROUSEL)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "RAYON_NUM_THREADS": threads, "PYTHONHASHSEED": threads},
        capture_output=True,
        text=True,
        check=True,
    )
    here = [draw(content, (1200, 675)).sha256 for content in (SEED, PICTURE, CAROUSEL)]
    assert said.stdout.split() == here


def test_an_edit_of_a_template_is_seen_at_once(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    layout = tmp_path / "cards" / "flash.typ"
    content = replace(SEED, layout="flash")
    layout.write_text(example())
    one = draw(content, (1200, 675), own=tmp_path)
    layout.write_text(example().replace("36 * u", "60 * u"))
    other = draw(content, (1200, 675), own=tmp_path)
    layout.unlink()
    assert one.sha256 != other.sha256
    with pytest.raises(ConfigError, match="no card layout 'flash'"):
        draw(content, (1200, 675), own=tmp_path)


def example() -> str:
    """Return the layout that docs/cards.md teaches."""
    page = (Path(__file__).parents[3] / "docs" / "cards.md").read_text()
    return page.split("```typst\n")[1].split("```")[0]


def test_the_layout_in_the_docs_works(tmp_path: Path) -> None:
    (tmp_path / "cards").mkdir()
    (tmp_path / "cards" / "flash.typ").write_text(example())
    assert draw(replace(SEED, layout="flash"), (1200, 675), own=tmp_path).findings == ()


def test_cards_are_drawn_after_the_machine_swept_its_temporary_files() -> None:
    shutil.rmtree(studio()._root)
    assert draw(replace(SEED, title="After the sweep"), (1200, 675)).findings == ()


def test_a_full_disk_for_temporary_files_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(ConfigError, match=r"No space left on device.*TMPDIR"):
            draw(replace(SEED, title="No room for this one"), (1200, 675))
    assert draw(replace(SEED, title="No room for this one"), (1200, 675)).findings == ()


@pytest.mark.parametrize("size", [(0, 675), (1200, 399), (100_000, 100_000), (-1, -1)])
def test_a_size_no_platform_shows_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ConfigError, match="cannot be drawn"):
        draw(SEED, size)


@pytest.mark.parametrize(
    ("layout", "lacks"),
    [("number", "figure and figure_label"), ("quote", "quote and speaker"), ("picture", "picture")],
)
def test_a_layout_says_what_it_needs(layout: str, lacks: str) -> None:
    with pytest.raises(ContentError, match=f"A {layout} card needs {lacks}"):
        draw(replace(SEED, layout=layout), (1200, 675))


def test_a_quotation_is_not_changed() -> None:
    said = "“They said ‘no’ – the workers’ choice”"
    card = draw(replace(SEED, layout="quote", quote=said, speaker="A. Person"), (1200, 675))
    assert card.alt_text.startswith("A. Person: “They said ‘no’ – the workers’ choice”")


@pytest.mark.parametrize("name", [name for name, (_, size) in SAMPLES.items() if size == X])
def test_nothing_is_lost_where_x_crops_to_two_to_one(name: str) -> None:
    content, size = SAMPLES[name]
    clean, _ = plain(content, None)
    card = for_template(clean, size)
    boxes = studio().render("headline" if clean.picture else clean.layout, card).boxes
    gone = (size[1] - size[0] / 2) / 2  # above and below
    assert boxes
    assert [b.role for b in boxes if not gone <= b.y <= b.y + b.h <= size[1] - gone] == []


def test_the_alt_text_is_in_the_language_of_the_card() -> None:
    alt = draw(*SAMPLES["hindi"]).alt_text
    assert alt.endswith("The ShiftMaker, 26 जून 2026.")
    assert "card" not in alt
