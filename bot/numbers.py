"""How a live post does, read back from its platform: the cost is known before, and kept to caps."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.app import App
from bot.domain.delivery import Deed
from bot.domain.errors import NotReadable, UsageError
from bot.domain.ledger import Event
from bot.domain.money import Cost
from bot.domain.post import Post

#: Name of the event that holds a reading.
EVENT = "post.counted"


def cost_of(app: App, post: Post) -> Cost | None:
    """Return what reading a post's numbers will be billed; None where it is free.

    Raises:
        ConfigError: its account cannot be used.
    """
    receipts = app.store.lookout.receipts(post)
    bill = app.connect(post.channel).bill(Deed.METRICS, count=max(1, len(receipts)))
    return app.purse.cost(post, bill)


def read(app: App, post: Post, *, by: str) -> dict[str, int]:
    """Read a post's numbers now, write down what that cost, and keep them in its history.

    Raises:
        UsageError: the post is not live, or there is no money for it under the caps.
        NotReadable: this account may not see numbers, or the post is not there any more.
        DeliveryError: the platform could not be asked just now.
    """
    receipts = app.store.lookout.receipts(post)
    if not receipts:
        raise UsageError(f"Post {post.id} is not live; there is nothing to count.")
    now, publisher = app.clock.now(), app.connect(post.channel)
    bill = publisher.bill(Deed.METRICS, count=len(receipts))
    cost = app.purse.cost(post, bill)
    refusal = app.purse.refusal(cost) if cost else ""
    if refusal:
        raise UsageError(f"{refusal} The numbers were not read.")
    app.purse.note(post, bill, now)  # before: what was asked is billed, answered or not
    found = publisher.metrics(receipts).get(receipts[0].remote_id)
    if found is None:
        raise NotReadable("The platform gives no numbers for this post; it may be gone.")
    numbers = {name: value for name, value in asdict(found).items() if value is not None}
    app.store.history.note(
        Event(
            at=now,
            name=EVENT,
            who=by,
            article_key=post.article_key,
            post_id=post.id,
            detail=dict(numbers),
        )
    )
    return numbers


def known(app: App, post: Post) -> list[tuple[datetime, dict[str, Any]]]:
    """Return every reading there is, oldest first."""
    events = app.store.history.of_article(post.article_key)
    return [
        (event.at, dict(event.detail))
        for event in events
        if event.name == EVENT and event.post_id == post.id
    ]
