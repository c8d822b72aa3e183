"""A list page by page has every post once, in one order, whichever of its states each is in."""

from datetime import timedelta

import pytest

from bot.store import schema
from bot.store.inbox import LISTS, OVER, Filter


@pytest.mark.parametrize("name", OVER)
def test_pages_of_what_is_over_have_every_post_once(store, drafted, clock, name):
    now = clock.now()
    with store.engine.begin() as connection:
        article = dict(connection.execute(schema.articles.select()).mappings().one())
        post = dict(connection.execute(schema.posts.select()).mappings().one())
        del post["id"]
        for number in range(8):
            key, state = f"copy-{number}", LISTS[name][number % len(LISTS[name])]
            row = article | {"key": key, "url": f"https://x.example/{number}"}
            connection.execute(schema.articles.insert().values(row))
            due = now - timedelta(hours=number // 2)
            fields = {"article_key": key, "due_at": due, "reason": "Timing"}
            connection.execute(schema.posts.insert().values(post | fields | {"state": state}))
    whole = store.inbox.entries(name, now=now)
    keys = [entry.post.article_key for entry in whole]
    assert keys == [f"copy-{number}" for number in range(8)], "newest first, then by article"
    paged = [
        entry.post.article_key
        for skip in range(0, 9, 3)
        for entry in store.inbox.entries(name, now=now, limit=3, skip=skip)
    ]
    assert paged == keys
    later = Filter(since=now - timedelta(hours=1), words=whole[0].title.split()[0])
    assert [e.post.article_key for e in store.inbox.entries(name, later, now=now)] == keys[:4]
