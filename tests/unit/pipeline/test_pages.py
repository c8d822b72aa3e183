"""Facts that fill a page stand alone; a document goes only where it can."""

from dataclasses import replace

import pytest

from bot.domain.article import Picture
from bot.domain.errors import ContentError
from bot.pipeline import words
from bot.pipeline.compose import Options, compose
from bot.pipeline.draft import Look, faced
from tests.unit.pipeline.posts import LINKEDIN, X, articles

WORDS = words.load()
ARTICLES = articles()
DOCUMENTS = Look(documents=frozenset({"linkedin"}))


def composed(name, dialect=LINKEDIN, **options):
    return compose(ARTICLES[name], dialect=dialect, words=WORDS, options=Options(**options))


def face(name, dialect=LINKEDIN, look=DOCUMENTS, **options):
    return faced(ARTICLES[name], composed(name, dialect, **options), look, dialect, no_picture)


def no_picture(article):
    raise ContentError(f"{article.key} has no picture")


@pytest.mark.parametrize("name", ["seed", "numbers", "hindi", "rtl", "chinese", "undated"])
def test_facts_are_whole_sentences_of_the_article_in_its_order(name):
    facts = composed(name).card.facts
    assert 1 <= len(facts) <= 3
    said = " ".join(ARTICLES[name].body)
    places = [said.find(fact) for fact in facts]
    assert min(places) >= 0
    assert places == sorted(places)


def test_no_fact_needs_another_to_be_understood():
    for article in ARTICLES.values():
        for fact in compose(article, dialect=LINKEDIN, words=WORDS).card.facts:
            assert not fact.startswith(("It ", "They ", "He ", "She ", "However")), fact


def test_a_document_takes_the_place_of_the_picture():
    got = face("seed")
    assert (got.layout, len(got.facts)) == ("carousel", 3)
    assert got.url.startswith("https://theshiftmaker.com/articles/2026-06-26-")
    assert DOCUMENTS.size(LINKEDIN, got.layout) == (1080, 1350)


def test_where_there_is_nothing_to_leaf_through_a_picture_stays():
    assert face("one-paragraph").layout != "carousel"


def test_a_link_card_keeps_its_picture():
    assert face("seed", link_policy="article").layout != "carousel"


def test_an_editor_may_still_choose_a_picture():
    assert face("seed", look=DOCUMENTS.but("headline", "light")).layout == "headline"


def test_x_takes_no_documents():
    assert face("seed", X).layout != "carousel"
    with pytest.raises(ContentError, match="x cannot carry a document"):
        face("seed", X, DOCUMENTS.but("carousel", ""))


def test_an_article_without_facts_says_so():
    with pytest.raises(ContentError, match="can fill a page"):
        face("one-paragraph", look=DOCUMENTS.but("carousel", ""))


def test_the_house_shows_pictures_where_there_are_some():
    wanted = Look(layout="picture", variant="light")
    article = replace(ARTICLES["market"], image=Picture(url="https://x.test/a.jpg", alt="A taxi."))
    made = faced(article, composed("market"), wanted, LINKEDIN, lambda _: b"bytes")
    assert (made.layout, made.picture, made.picture_alt) == ("picture", b"bytes", "A taxi.")
    other = face("market", look=wanted)  # without one it is as if nobody had asked
    assert (other.layout, other.figure, other.variant) == ("number", "6%", "light")
    with pytest.raises(ContentError, match="no picture"):
        face("market", look=Look().but("picture", ""))
