"""Templates and vocabulary: the house's own win, and a mistake names its file and line."""

import pytest

from bot.domain.errors import ConfigError
from bot.pipeline import words
from bot.pipeline.compose import compose
from tests.unit.pipeline.posts import X, articles

SEED = articles()["seed"]


@pytest.fixture
def own(tmp_path):
    (tmp_path / "posts").mkdir()

    def write(name, text):
        (tmp_path / "posts" / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_an_own_template_wins_and_the_other_stays(own):
    loaded = words.load(own("x.txt.j2", "{{ hook }} → {{ link }}"))
    assert " → https://" in compose(SEED, dialect=X, words=loaded).content.text
    assert loaded.render("mastodon", hook="A.", facts=(), space=" ", link=None, hashtags=[]) == "A."


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{{ hook }}\n{{ titel }}", "line 2.*titel"),
        ("{{ hook }}\n\n{% for fact in facts %}", "line 3"),
        ("{{ hook", "line 1"),
        ("{{ hook | shout }}", "line 1.*shout"),
    ],
)
def test_a_mistake_in_a_template_is_found_at_start_up(own, template, line):
    with pytest.raises(ConfigError, match=rf"x\.txt\.j2.*{line}"):
        words.load(own("x.txt.j2", template))


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{{ hook }}\n{{ article.titel }}", "line 2.*titel"),
        ("\n\n{{ article.__class__.__mro__ }}", "line 3"),
        ("{{ 1 / 0 }}", "line 1"),
        ("{% for i in range(999999999) %}{% endfor %}", "line 1"),
    ],
)
def test_a_mistake_that_shows_only_in_use_names_its_line_too(own, template, line):
    loaded = words.load(own("x.txt.j2", template))
    with pytest.raises(ConfigError, match=rf"x\.txt\.j2.*{line}"):
        compose(SEED, dialect=X, words=loaded)


@pytest.mark.parametrize(
    "vocabulary",
    [
        "[hashtags\nAI = []",
        "hashtags = 3",
        "[companies]\nA = { twitter = 'a' }",
        "[companies]\nA = 'a'",
    ],
)
def test_a_broken_vocabulary_names_its_file(own, vocabulary):
    with pytest.raises(ConfigError, match=r"vocabulary\.toml"):
        words.load(own("vocabulary.toml", vocabulary))


def test_text_is_not_escaped_as_html(own):
    loaded = words.load(own("x.txt.j2", "{{ hook }}"))
    assert loaded.render("x", hook="A & “B” <c>.") == "A & “B” <c>."


def test_the_shipped_vocabulary_has_no_twins_and_readable_tags():
    vocabulary = words.load().vocabulary
    folded = [tag.casefold() for tag in vocabulary.hashtags]
    assert len(set(folded)) == len(folded)
    for tag in vocabulary.hashtags:
        assert X.measure(f"#{tag}").entities[0].text == f"#{tag}"
    for wrong, right in vocabulary.spellings.items():
        assert X.measure(wrong).entities
        assert not X.measure(right).entities
