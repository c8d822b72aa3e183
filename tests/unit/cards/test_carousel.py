"""A carousel is one PDF of tall pages: headline, facts, where to read on."""

from dataclasses import replace

import pytest

from bot.cards.draw import carousel
from bot.domain.errors import ContentError
from tests.unit.cards.samples import SEED

STORY = replace(
    SEED,
    facts=(
        "Nearly 25,000 fraudulent accounts were used.",
        "Operators generated over 28.8 million exchanges with Claude between April 22 and June 5.",
        "Anthropic calls it the largest distillation attack it has ever detected.",
    ),
    sources=("Reuters", "CNBC"),
    url="https://theshiftmaker.com/2026-06-26-anthropic-accuses-alibaba-of-largest-claude-cloning?utm_source=linkedin",
)


def test_a_carousel_has_a_page_for_each_fact_and_two_more() -> None:
    made = carousel(STORY)
    assert made.pages == 5
    assert made.pdf.startswith(b"%PDF-")
    assert made.title == SEED.title
    assert made.findings == ()


def test_the_same_story_gives_the_same_pdf() -> None:
    assert carousel(STORY).sha256 == carousel(STORY).sha256


def test_a_carousel_without_facts_is_refused() -> None:
    with pytest.raises(ContentError, match="one to three facts"):
        carousel(SEED)
