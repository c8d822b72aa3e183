"""Post an approved post by hand: for the day the API is down, or before there are keys."""

from datetime import timedelta

import structlog

from bot.domain.byhand import ByHand, HandBook
from bot.domain.delivery import Receipt
from bot.domain.errors import IllegalMove, UsageError
from bot.domain.ledger import Ledger
from bot.domain.ports import Clock, Dialect
from bot.domain.post import Post, State
from bot.pipeline.publish import Outbox
from bot.pipeline.reconcile import resolve

log = structlog.get_logger(__name__)

#: How long the bot leaves a post alone that somebody is posting by hand.
HANDS_OFF = timedelta(minutes=30)


def take_over(post: Post, dialect: Dialect, ledger: Ledger, clock: Clock, *, by: str) -> ByHand:
    """Return what it takes to post `post` by hand; the bot does not send it meanwhile.

    Raises:
        IllegalMove: it is not approved, or on its way already.
    """
    if post.state is not State.APPROVED:
        raise IllegalMove(
            f"Post {post.id} is {post.state}; only an approved post is posted by hand. "
            f"Approve it first: bot approve {post.id}."
        )
    now = clock.now()
    until = now + HANDS_OFF
    ledger.postpone(post, f"{by} posts this by hand.", retry_at=until, now=now)
    log.info("post.taken_over", post=post.id, channel=post.channel, by=by)
    content = post.content
    return ByHand(
        address=dialect.composer(content.text),
        texts=(content.text, *content.parts),
        card=content.card,
        alt_text=content.alt_text,
        comment=content.by_hand,
        until=until,
    )


def posted(
    post: Post, address: str, dialect: Dialect, book: HandBook, outbox: Outbox, *, by: str
) -> Post:
    """Take a person's word that a post is live at this address.

    An unclear post is adopted: the person has found it.

    Raises:
        UsageError: the address is not one of the platform's posts.
        IllegalMove: the post is neither approved nor unclear.
        NotApproved: it was changed since it was approved.
    """
    remote_id = dialect.remote_id(address)
    if not remote_id:
        raise UsageError(
            f"{address} is not the address of a post on {post.platform}; nothing was recorded. Open "
            "the post there and copy its address."
        )
    receipt = Receipt(remote_id=remote_id, permalink=address, found=True, via="manual")
    if post.state is State.UNCLEAR:
        resolve(post, receipt, outbox, by=by)
        return outbox.ledger.post(post.id)
    published = book.publish(post, receipt, by=by, now=outbox.clock.now())
    log.info("post.published", post=post.id, channel=post.channel, via="manual", permalink=address)
    return published
