"""A document is one PDF of tall pages: headline, facts, where to read on."""

import io
from dataclasses import replace
from hashlib import sha256

import pytest
from PIL import Image

from bot.cards.draw import draw, forget, report
from bot.cards.studio import studio
from bot.cards.wording import for_template, plain
from bot.domain.errors import ContentError
from bot.http.sandbox.documents import page, pages
from tests.unit.cards.samples import CAROUSEL, SEED, TALL


def test_a_document_has_a_page_for_each_fact_and_two_more() -> None:
    made = draw(CAROUSEL, TALL)
    assert made.sent == made.pdf
    assert made.sha256 == sha256(made.pdf).hexdigest()
    assert made.title == SEED.title
    assert made.findings == ()
    assert pages(made.pdf) == 1 + len(made.more) == 5
    assert report(CAROUSEL, TALL).form == "PDF 5 pages"


def test_what_is_shown_of_a_page_is_what_the_document_has_there() -> None:
    made = draw(CAROUSEL, TALL)
    for number, shown in enumerate((made.png, *made.more), start=1):
        sent = page(made.pdf, number)
        assert sent is not None
        with Image.open(io.BytesIO(sent)) as one, Image.open(io.BytesIO(shown)) as other:
            assert one.size == other.size == TALL
            small = [p.convert("L").resize((54, 67), Image.Resampling.BOX) for p in (one, other)]
            pairs = zip(small[0].tobytes(), small[1].tobytes(), strict=True)
            assert max(abs(a - b) for a, b in pairs) < 24, number


def test_the_same_story_gives_the_same_document() -> None:
    one = draw(CAROUSEL, TALL)
    forget()
    assert draw(CAROUSEL, TALL).sha256 == one.sha256


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Read the whole story"),
        ("hi-IN", "पूरी ख़बर पढ़ें"),
        ("es", "Leer la noticia"),
        ("xx", "Read"),
    ],
)
def test_the_last_page_speaks_the_language_of_the_article(language: str, words: str) -> None:
    clean, _ = plain(replace(CAROUSEL, language=language), None)
    boxes = studio().render("carousel", for_template(clean, TALL)).boxes
    (invitation,) = [box for box in boxes if (box.page, box.role) == (5, "title")]
    assert invitation.said.startswith(words)


def test_the_words_of_all_pages_are_in_the_alt_text() -> None:
    alt = draw(CAROUSEL, TALL).alt_text
    assert alt.startswith(SEED.title)
    assert "25,000 fraudulent accounts" in alt
    assert alt.endswith("Document of The ShiftMaker, 26 June 2026.")


@pytest.mark.parametrize(
    ("facts", "why"), [((), "needs facts"), (("A fact.",) * 4, "one to three facts")]
)
def test_a_document_has_one_to_three_facts(facts: tuple[str, ...], why: str) -> None:
    with pytest.raises(ContentError, match=why):
        draw(replace(CAROUSEL, facts=facts), TALL)


def test_a_finding_names_its_page() -> None:
    long = "A fact that goes on and on without ever coming to its end " * 9
    found = draw(replace(CAROUSEL, facts=("A fact.", long)), TALL).findings
    assert [f.message[:7] for f in found] == ["Page 3:"]
    assert "shortened" in found[0].message
