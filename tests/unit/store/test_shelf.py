"""Cards are kept as long as a post needs them, and not much longer."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from bot.domain.card import Card
from bot.domain.errors import ContentError
from bot.domain.ledger import Draft
from bot.domain.post import Content

OLD = datetime(2026, 1, 1, tzinfo=UTC)


def card(name: str) -> Card:
    png = name.encode()
    return Card(
        png=png,
        sha256=sha256(png).hexdigest(),
        width=1200,
        height=675,
        layout="headline",
        alt_text=f"The card {name}.",
    )


def kept(store, one: Card, *, at: datetime = OLD) -> Card:
    """Put a card on the shelf as if at that time."""
    store.shelf.put(one)
    os.utime(store.shelf.path(one.sha256), (at.timestamp(), at.timestamp()))
    return one


def post(store, article, clock, one: Card, *others: Card):
    store.archive.add(article, now=clock.now())
    content = Content(text="News.", card=one.sha256, alt_text=one.alt_text)
    return store.desk.draft(
        Draft(
            article_key=article.key,
            platform="x",
            channel="x",
            content=content,
            due_at=clock.now(),
            expires_at=clock.now() + timedelta(hours=1),
            variants=tuple(replace(content, card=other.sha256) for other in others),
        ),
        now=clock.now(),
    )


def test_a_card_comes_back_as_it_was_put(store):
    one = card("one")
    store.shelf.put(one)
    store.shelf.put(one)
    assert store.shelf.read(one.sha256) == b"one"
    assert store.shelf.size(one.sha256) == (1200, 675)


def test_the_cards_of_posts_to_come_stay_however_old(store, article, clock):
    shown, other = kept(store, card("shown")), kept(store, card("other"))
    post(store, article, clock, shown, other)
    assert store.shelf.prune(before=clock.now() + timedelta(days=400)) == 0
    assert store.shelf.read(shown.sha256) == b"shown"
    assert store.shelf.read(other.sha256) == b"other"


def test_cards_go_when_their_post_ended_long_ago(store, article, clock):
    one = kept(store, card("one"))
    made = post(store, article, clock, one)
    store.desk.decide(made, "rejected", by="ed", reason="no news", now=clock.now())
    assert store.shelf.prune(before=clock.now()) == 0
    assert store.shelf.prune(before=clock.now() + timedelta(seconds=1)) == 1
    assert store.shelf.size(one.sha256) is None
    with pytest.raises(ContentError, match="is gone"):
        store.shelf.read(one.sha256)


def test_what_no_post_has_goes_once_it_is_old(store, clock):
    old, fresh = kept(store, card("old")), kept(store, card("fresh"), at=clock.now())
    store.shelf.folder.joinpath("tmpabc.part").write_bytes(b"half")
    os.utime(store.shelf.folder / "tmpabc.part", (0, 0))
    assert store.shelf.prune(before=clock.now()) == 2
    assert store.shelf.size(old.sha256) is None
    assert [path.name for path in store.shelf.folder.iterdir()] == [f"{fresh.sha256}.png"]


def test_an_old_card_that_is_drawn_again_is_not_old(store, clock):
    one = kept(store, card("one"))
    store.shelf.put(one)
    assert store.shelf.prune(before=datetime(2026, 1, 2, tzinfo=UTC)) == 0
    assert store.shelf.read(one.sha256) == b"one"


def test_an_empty_shelf_has_nothing_to_prune(store, clock):
    assert store.shelf.prune(before=clock.now()) == 0


def test_a_document_is_kept_with_its_pages(store, clock):
    first, second, pdf = b"first", b"second", b"%PDF-1.7"
    one = replace(
        card("one"), png=first, more=(second,), pdf=pdf, sha256=sha256(pdf).hexdigest(), title="One"
    )
    store.shelf.put(one)
    assert store.shelf.read(one.sha256) == pdf
    assert store.shelf.path(one.sha256).suffix == ".pdf"
    assert store.shelf.pages(one.sha256) == 2
    assert [store.shelf.page(one.sha256, number) for number in (1, 2)] == [first, second]
    with pytest.raises(ContentError, match="not kept"):
        store.shelf.page(one.sha256, 3)
    for file in store.shelf.folder.iterdir():
        os.utime(file, (0, 0))
    assert store.shelf.prune(before=clock.now()) == 1
    assert list(store.shelf.folder.iterdir()) == []
