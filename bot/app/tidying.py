"""What is past its time goes: rows about people, cards of ended posts, headlines of old articles."""

from datetime import timedelta

from bot.app import App

#: How long after a post's end its cards are kept; as long as its earlier wordings, which show them.
CARDS = timedelta(days=180)

#: How long an article seen is known again by a headline spelled a little differently.
HEADLINES = timedelta(days=365)


def tidy(app: App, *, dry: bool = False) -> dict[str, int]:
    """Remove it; return how many of each went, or with `dry` would go.

    Raises:
        StoreError: the database or the folder of cards cannot be changed.
    """
    now, store = app.clock.now(), app.store
    gone = store.retention.prune(now=now, dry=dry)
    gone["cards"] = store.shelf.prune(before=now - CARDS, dry=dry)
    gone["headlines of old articles"] = store.sightings.compact(before=now - HEADLINES, dry=dry)
    return gone
