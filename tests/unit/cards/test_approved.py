"""Cards look as approved, pixel by pixel. To approve a change: python -m tests.unit.cards.approve."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.cards.draw import draw
from bot.domain.post import Level
from tests.unit.cards.approve import approved, beside, drawn
from tests.unit.cards.samples import SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
def test_a_card_looks_as_approved(name: str, tmp_path: Path) -> None:
    content, size = SAMPLES[name]
    seen, wanted = drawn(draw(content, size)), approved(name)
    if seen.size != wanted.size or seen.tobytes() != wanted.tobytes():
        difference = tmp_path / f"{name}-approved-drawn-difference.png"
        beside(wanted, seen).save(difference)
        pytest.fail(f"The card {name} changed; look at {difference}")


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_can_be_read(name: str) -> None:
    content, size = SAMPLES[name]
    assert [f.message for f in draw(content, size).findings if f.level is Level.BLOCK] == []


def test_threads_draw_the_same_cards_as_one_after_the_other() -> None:
    some = [SAMPLES[name] for name in ("headline", "quote", "arabic", "number-tall-light")]
    alone = [draw(*sample).sha256 for sample in some]
    draw.__globals__["_drawn"].cache_clear()
    with ThreadPoolExecutor(4) as crowd:
        together = list(crowd.map(lambda sample: draw(*sample).sha256, some * 3))
    assert together == alone * 3
