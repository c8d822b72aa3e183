"""Articles are kept once, whoever comes first, and an address belongs to one of them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.domain.errors import ContentError
from bot.pipeline.intake import Seen, take_in


def test_an_article_is_new_once(store, article, clock):
    assert take_in(article, store.archive, clock) is Seen.NEW
    assert take_in(article, store.archive, clock) is Seen.KNOWN
    assert store.archive.find(article.key) == article


def test_many_at_once_keep_it_once(store, article, clock):
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: take_in(article, store.archive, clock), range(16)))
    assert seen.count(Seen.NEW) == 1
    names = [event.name for event in store.history.of_article(article.key)]
    assert names == ["article.seen"]


def test_a_changed_article_is_a_revision_of_the_same(store, article, clock):
    take_in(article, store.archive, clock)
    changed = replace(article, body=("The bank raised its rate to 6.75 %.",))
    assert take_in(changed, store.archive, clock) is Seen.UPDATED
    assert store.archive.find(article.key).revision == 2


def test_two_articles_cannot_have_one_address(store, article, clock):
    take_in(article, store.archive, clock)
    with pytest.raises(ContentError, match="already has the address"):
        take_in(replace(article, key="another"), store.archive, clock)
    other = replace(article, key="third", url="https://theshiftmaker.com/articles/third")
    take_in(other, store.archive, clock)
    with pytest.raises(ContentError, match="already has the address"):
        take_in(replace(other, url=article.url, title="New"), store.archive, clock)
    assert store.archive.find("third") == other


@pytest.mark.parametrize("part", [{"title": " "}, {"body": ()}, {"body": (" ", "\t")}])
def test_nothing_to_stand_on(store, article, clock, part):
    with pytest.raises(ContentError, match="no post was made"):
        take_in(replace(article, **part), store.archive, clock)
    assert store.archive.find(article.key) is None
