"""Whatever the article: the post fits, reads back as it was meant, and invents nothing."""

from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.article import Article
from bot.domain.errors import ContentError
from bot.domain.facts import Ground
from bot.pipeline import story, words
from bot.pipeline.compose import compose
from tests.unit.pipeline.posts import DIALECTS

WORDS = words.load()
WORD = st.one_of(
    st.sampled_from(
        [
            "Corvex", "OpenAI", "AI", "the", "company", "said", "not", "may", "Node.js", "x.ai",
            "Character.AI", "U.S.", "$3.5", "billion", "25,000", "30%", "₹1.5", "lakh", "crore",
            "C#", "(EU)", "“we", "won”", "it", "It", "They", "@someone", "#tag", "https://x.com/a",
            "June", "5", "e.g.", "Dr.", "&amp;", "🎉", "café", "7:00", "a_b*c", "two-thirds",
            "भारत", "₹412", "करोड़", "خبر", "模型", "...", "—", '"quoted', 'words"', "\u200b", "'",
        ]
    ),
    st.text(min_size=1, max_size=12),
)  # fmt: skip
SENTENCE = st.builds(
    lambda said, end: " ".join(said) + end,
    st.lists(WORD, min_size=1, max_size=40),
    st.sampled_from([".", ". ", "!", "?", "।", "。", "…", "", ":", ".”"]),
)
PARAGRAPH = st.builds(" ".join, st.lists(SENTENCE, min_size=1, max_size=5))
ARTICLE = st.builds(
    Article,
    key=st.just("2026-11-20-any"),
    url=st.just("https://theshiftmaker.com/articles/2026-11-20-any"),
    title=PARAGRAPH,
    dek=st.one_of(st.just(""), PARAGRAPH),
    body=st.lists(PARAGRAPH, min_size=1, max_size=6).map(tuple),
    language=st.sampled_from(["en", "hi", "ar", "zh", "ja", "ta", "xx", "en-GB"]),
    published_at=st.sampled_from([None, datetime(2026, 11, 20, 1, 30, tzinfo=UTC)]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(article=ARTICLE, platform=st.sampled_from(sorted(DIALECTS)))
def test_any_article(article, platform):
    dialect = DIALECTS[platform]
    with suppress(ContentError):
        made = compose(article, dialect=dialect, words=WORDS)
        said = Ground(story.readable(article, WORDS).text)
        for content in (made.content, *made.variants):
            measure = dialect.measure(content.text)
            assert measure.valid
            assert content.link in content.text
            prose = content.text.split("https://")[0]
            assert [s for s in said.foreign_figures(prose) if s.sure] == []
            assert list(said.foreign_quotations(prose)) == []
        stops = {"fits", "one-right-link", "tracking-right", "escapes-once", "quotes-exact"}
        assert not stops & {found.rule for found in made.findings if found.level == "block"}
