"""An article is known again by its id, its address, its headline and day, or its text."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.sighting import plain, traits
from bot.pipeline.detect import Verdict, candidates, judge

LONG = (
    "The central bank held its rate at 6.5 % on Monday, as every economist had expected it to do.",
    "It will meet again in February, when new figures are out.",
)


@pytest.fixture
def story(article):
    return replace(article, title="Central bank holds its rate at 6.5 %", body=LONG)


@pytest.fixture
def look(store, clock):
    """Show articles to a source and remember them; return what they were taken for."""

    def show(*articles, source="feed", guid="7", remember=True):
        shown = candidates(
            [(guid and f"{guid}-{i}" if i else guid, a, True) for i, a in enumerate(articles)],
            source,
        )
        judged = judge(shown, store.sightings, source)
        if remember:
            store.sightings.remember(
                source,
                [(one.candidate.traits, one.key or one.candidate.article.key) for one in judged],
                now=clock.now(),
            )
        return judged

    return show


def test_new_once(look, story):
    assert [one.verdict for one in look(story)] == [Verdict.NEW]
    again = look(story)[0]
    assert (again.verdict, again.key, again.by) == (Verdict.KNOWN, story.key, "its id")


@pytest.mark.parametrize(
    ("change", "by"),
    [
        (
            {"title": "Quite another headline", "url": "https://theshiftmaker.com/new", "body": ()},
            "its id",
        ),
        ({"title": "Quite another headline", "body": ()}, "its address"),
        (
            {
                "url": "http://www.theshiftmaker.com/articles/2026-11-23-rates-held/?utm_source=x#top",
                "title": "Other",
                "body": (),
            },
            "its address",
        ),
        ({"url": "https://theshiftmaker.com/new", "body": ()}, "its headline and day"),
        (
            {
                "url": "https://theshiftmaker.com/new",
                "title": "Central Bank holds it’s rate at 6.5 %",
                "body": (),
            },
            "its headline and day",
        ),
        (
            {
                "url": "https://theshiftmaker.com/new",
                "title": "No surprise from the bank",
                "published_at": None,
            },
            "its text",
        ),
    ],
)
def test_one_thing_is_enough(look, story, change, by):
    look(story)
    got = look(replace(story, **change), guid="7" if by == "its id" else "8")[0]
    assert (got.verdict, got.key, got.by) == (Verdict.CHANGED, story.key, by)


def test_an_article_moved_over_midnight_is_the_same(look, story):
    look(story)
    moved = replace(
        story,
        url="https://theshiftmaker.com/new",
        published_at=story.published_at + timedelta(hours=23),
        body=(),
    )
    assert look(moved, guid="8")[0].key == story.key


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Central bank holds its rate at 6.7 %"},
        {"title": "Ministry holds its nerve at 6.5 %"},
        {"published_at": None},
        {"days": 3},
    ],
)
def test_another_story_is_new(look, story, change):
    look(story)
    days = change.pop("days", 0)
    other = replace(
        story, url="https://theshiftmaker.com/new", body=("Something else. " * 20,), **change
    )
    if days:
        other = replace(other, published_at=story.published_at + timedelta(days=days))
    assert look(other, guid="8")[0].verdict is Verdict.NEW


def test_a_short_text_is_nothing_to_know_an_article_by(look, story):
    stub = ("Subscribe to go on reading.",)
    look(replace(story, body=stub))
    other = replace(
        story, url="https://theshiftmaker.com/new", title="Harvest fails in the north", body=stub
    )
    assert look(other, guid="8")[0].verdict is Verdict.NEW


def test_another_source_may_use_the_same_ids(look, story):
    look(story)
    other = replace(
        story, url="https://other.example/a", title="Harvest fails in the north", body=()
    )
    assert look(other, source="other")[0].verdict is Verdict.NEW


def test_another_source_shows_the_same_article_in_other_words(look, story):
    look(story)
    got = look(replace(story, body=("An excerpt …",)), source="sitemap", guid="")[0]
    assert (got.verdict, got.key) == (Verdict.KNOWN, story.key)


def test_nearly_one_headline_in_two_papers_is_two_reports(look, story):
    look(story)
    other = replace(
        story, url="https://other.example/a", title="Central bank holds a rate at 6.5 %", body=()
    )
    assert look(other, source="other")[0].verdict is Verdict.NEW


def test_a_feed_that_gives_every_item_one_id(store, story):
    other = replace(
        story, url="https://theshiftmaker.com/b", title="Harvest fails in the north", body=()
    )
    shown = candidates([("home", story, True), ("home", other, True)], "feed")
    assert [one.verdict for one in judge(shown, store.sightings, "feed")] == [Verdict.NEW] * 2


def test_one_article_twice_in_a_document_is_one(look, story):
    first, second = look(story, replace(story, url=f"{story.url}?utm_source=rss"))
    assert (first.verdict, second.verdict) == (Verdict.NEW, Verdict.KNOWN)


def test_an_old_address_is_known_for_ever(look, story):
    look(story)
    look(replace(story, url="https://theshiftmaker.com/corrected", title="Corrected"), guid="7")
    assert look(replace(story, title="Something else", body=()), guid="")[0].key == story.key


def test_what_was_compacted_is_still_known(look, store, story, clock):
    look(story)
    assert store.sightings.compact(before=clock.now() + timedelta(days=1)) == 1
    assert store.sightings.compact(before=clock.now() + timedelta(days=1)) == 0
    for change in (
        {"title": "Other", "body": ()},
        {"url": "https://theshiftmaker.com/new", "title": "Other"},
    ):
        assert look(replace(story, **change), guid="", remember=False)[0].key == story.key


def test_what_did_not_change_writes_nothing_new(look, store, story):
    for _ in range(3):
        look(story)
    assert store.sightings.count() == store.sightings.count("feed") == 1


def test_a_headline_in_any_script():
    assert plain("  „ＡＩ“ – भारत की  नई नीति! ") == "ai भारत की नई नीति"


def test_traits_are_what_a_database_can_hold(story):
    one = traits(story, guid="7", source="feed")
    for value in (one.guid, one.url, one.body, one.head, one.tail, one.listing):
        assert -(2**63) <= value < 2**63
