"""The stand-in X: what it gives back, and what its pages make of that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.x import dialect
from bot.platforms.x.sandbox_account import Options
from bot.platforms.x.sandbox_text import as_shown, delivered, display_url, t_co

MEASURE = dialect.make(Options()).measure
PICTURE = [{"id": "1", "key": "3_1"}]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://theshiftmaker.com", "theshiftmaker.com"),
        ("https://theshiftmaker.com/", "theshiftmaker.com"),
        ("https://www.theshiftmaker.com/about", "theshiftmaker.com/about"),
        ("https://theshiftmaker.com/2026/06/26/a", "theshiftmaker.com/2026/06/26/a"),
        ("https://theshiftmaker.com/2026/06/26/anthropic", "theshiftmaker.com/2026/06/26/ant…"),
        ("http://a.example?b=c", "a.example?b=c"),
    ],
)
def test_links_as_shown(url, shown):
    assert display_url(url) == shown


def test_short_links_are_ten_characters_and_always_the_same():
    links = {t_co(str(number)) for number in range(500)}
    assert len(links) == 500
    assert {len(link) for link in links} == {len("https://t.co/") + 10}
    assert t_co("a") == t_co("a")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_text_without_links_is_shown_as_written(text):
    given_back, entities = delivered(text, MEASURE, post_id="1", media=[])
    if "urls" not in entities:
        shown = "".join(segment.text for segment in as_shown(given_back, entities))
        assert shown == text


@given(st.lists(st.sampled_from(["R&D", "<b>", "#AI", "@X", "$NVDA", "x.com", "ü", "&amp;"])))
def test_entities_say_where_they_are(words):
    text, entities = delivered(" ".join(words), MEASURE, post_id="1", media=PICTURE)
    for item in entities.get("urls", []):
        assert text[item["start"] : item["end"]] == item["url"]
    for name, sign in (("hashtags", "#"), ("cashtags", "$")):
        for item in entities.get(name, []):
            assert text[item["start"] : item["end"]] == sign + item["tag"]
    assert text.endswith(entities["urls"][-1]["url"])
    shown = "".join(segment.text for segment in as_shown(text, entities))
    assert shown.rstrip() == " ".join(words)


def test_a_picture_alone_is_only_its_link():
    text, entities = delivered("", MEASURE, post_id="1", media=PICTURE)
    assert text == entities["urls"][0]["url"]
    assert as_shown(text, entities) == ()
