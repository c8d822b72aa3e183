"""The golden posts: what followers would read of 37 articles."""

import pytest

from bot.domain.post import Level
from bot.pipeline import words
from bot.pipeline.compose import compose
from tests.golden import posts
from tests.unit.pipeline.posts import DIALECTS, articles

ARTICLES = articles()
WORDS = words.load()


def test_the_golden_files_say_what_is_composed():
    expected = posts.files()
    there = {*(posts.HERE / "posts").glob("*.txt"), posts.HERE / "all-posts.txt"}
    assert there == expected.keys()
    stale = [p.name for p, text in expected.items() if p.read_text(encoding="utf-8") != text]
    assert stale == [], "python -m tests.golden.posts, and read the difference aloud"


@pytest.mark.parametrize("name", ARTICLES)
@pytest.mark.parametrize("platform", DIALECTS)
def test_no_article_gives_a_post_that_is_blocked(name, platform):
    made = compose(ARTICLES[name], dialect=DIALECTS[platform], words=WORDS)
    assert [found for found in made.findings if found.level is Level.BLOCK] == []
    assert not any(found.rule == "not-the-headline" for found in made.findings)


@pytest.mark.parametrize("name", ARTICLES)
@pytest.mark.parametrize("platform", DIALECTS)
def test_other_wordings_fit_and_differ(name, platform):
    dialect = DIALECTS[platform]
    made = compose(ARTICLES[name], dialect=dialect, words=WORDS)
    texts = [made.content.text, *(other.text for other in made.variants)]
    assert len(set(texts)) == len(texts) <= 3
    assert all(dialect.measure(text).valid for text in texts)


@pytest.mark.parametrize("platform", DIALECTS)
@pytest.mark.parametrize(
    "start", ["It ", "They ", "This ", "He ", "She ", "However", "But ", "The company ", "These "]
)
def test_no_post_opens_with_somebody_unnamed(platform, start):
    for article in ARTICLES.values():
        made = compose(article, dialect=DIALECTS[platform], words=WORDS)
        for content in (made.content, *made.variants):
            assert not content.text.startswith(start)
            assert f"• {start}" not in content.text or start == "The company "
