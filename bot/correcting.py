"""An editor answers a correction: changes the live post, takes it down, or leaves it."""

from datetime import datetime

from bot.app import App
from bot.domain.correction import DELETED, Correction, Option
from bot.domain.delivery import Deed, Receipt, Ticket
from bot.domain.errors import (
    Blocked,
    ConfigError,
    DeliveryError,
    NotApproved,
    NotReadable,
    NotSent,
    Unclear,
    UsageError,
)
from bot.domain.ports import Publisher
from bot.domain.post import Post
from bot.pipeline.correct import reworded
from bot.pipeline.draft import composed_for
from bot.store.corrections import already

#: What an editor did, as it is kept; by the bot or by hand.
DONE = {
    Option.EDIT: "edited",
    Option.DELETE: DELETED,
    Option.POST: "posted",
    Option.LEAVE: "left",
}


def found(app: App, number: int) -> Correction:
    """Return a question, answered or not. Raises UsageError where there is none."""
    if not 0 < number < 2**31:
        raise UsageError("There is no such correction; nothing was changed.")
    return app.store.corrections.find(number)


def unanswered(app: App, number: int) -> Correction:
    """Return a question that is still open. Raises UsageError."""
    one = found(app, number)
    if one.done_at is not None:
        raise UsageError(f"{one.done_by} has answered this already. Nothing was changed.")
    return one


def shown(app: App, correction: Correction, fingerprint: str) -> Post:
    """Return the post of a correction, if it is still what an editor saw. Raises NotApproved."""
    post = app.store.desk.post(correction.post_id)
    if post.fingerprint != fingerprint:
        raise NotApproved(
            f"{post.channel}: somebody changed the post since you saw it. Nothing was changed; "
            "look at it again."
        )
    return post


def options(app: App, correction: Correction) -> dict[Option, str]:
    """Return what an editor can do about a live post, and why not; "" where it is possible.

    Asks the platform nothing: whether an account may edit, and for how long, is known here.
    """
    post = app.store.desk.post(correction.post_id)
    receipt, ticket = _live(app, post)
    found = {Option.EDIT: "", Option.DELETE: "", Option.POST: "", Option.LEAVE: ""}
    if receipt is None or ticket is None:
        why = "it is not known to be live"
        return {**found, Option.EDIT: why, Option.DELETE: why}
    try:
        publisher = app.connect(post.channel)
        publisher.amend(ticket, receipt, post.content.text, fingerprint=post.fingerprint)
    except ConfigError as exc:
        return {**found, Option.EDIT: str(exc), Option.DELETE: str(exc)}
    except DeliveryError as exc:
        found[Option.EDIT] = str(exc)
    return found


def suggested(app: App, correction: Correction) -> str:
    """Return the words the post would have if it were made now. Raises ContentError."""
    if correction.after is None:
        return ""
    post = app.store.desk.post(correction.post_id)
    return composed_for(correction.after, post.channel, app.tools).content.text


def edit(app: App, correction: Correction, text: str, *, by: str) -> Receipt:
    """Give the live post other words, on the editor's own decision; the card stays.

    Raises:
        UsageError: it is not live, or these words cannot be sent.
        NotEditable: the platform does not allow it, for this account or any more.
        DeliveryError: it was not changed, or nobody knows; the question stays open.
    """
    post, receipt, ticket = _needed(app, correction)
    measure = app.dialects[post.channel].measure(text)
    if not text.strip():
        raise UsageError("The post needs words. Nothing was changed.")
    if not measure.valid:
        raise UsageError(
            f"It has {measure.length} of {measure.limit} characters. Nothing was changed."
        )
    if text == post.content.text:
        raise UsageError("These are the words it has. Nothing was changed.")
    tags = tuple(e.text[1:] for e in measure.entities if e.kind == "hashtag")
    content = reworded(post.content, text, tags)
    publisher = app.connect(post.channel)
    fingerprint = content.fingerprint(post.channel)
    amended = publisher.amend(ticket, receipt, text, fingerprint=fingerprint)
    began = app.clock.now()
    try:
        now_at = publisher.edit(amended, receipt)
    except Unclear as exc:
        with app.outbox.metered(post):
            now_at = _read_back(publisher, amended, receipt, began, exc)
    now = app.clock.now()
    app.outbox.money.note(post, publisher.bill(Deed.EDIT, amended), now)
    app.store.corrections.amended(post, content, amended, now_at, by=by, now=now)
    app.store.corrections.done(correction, DONE[Option.EDIT], by=by, note="", now=now)
    return now_at


def delete(app: App, correction: Correction, *, by: str) -> None:
    """Take the live post down, and what followed it. It is never posted again.

    Raises:
        UsageError: it is not live.
        DeliveryError: it may still be there; the question stays open.
    """
    post, _, _ = _needed(app, correction)
    publisher = app.connect(post.channel)
    now = app.clock.now()
    for receipt in reversed(app.store.lookout.receipts(post)):
        publisher.delete(receipt)
        app.outbox.money.note(post, publisher.bill(Deed.DELETE), now)
    app.store.corrections.taken_down(post, by=by, now=now)
    app.store.corrections.done(correction, DELETED, by=by, note="", now=now)


def answer(app: App, correction: Correction, how: Option, *, by: str, note: str = "") -> None:
    """Write down what an editor did by hand, or that nothing needs to be done.

    Raises:
        UsageError: somebody has answered already.
    """
    app.store.corrections.done(correction, DONE[how], by=by, note=note, now=app.clock.now())


def _needed(app: App, correction: Correction) -> tuple[Post, Receipt, Ticket]:
    now = app.store.corrections.find(correction.id)
    if now.done_at is not None:
        raise already(now)
    post = app.store.desk.post(correction.post_id)
    receipt, ticket = _live(app, post)
    if receipt is None or ticket is None:
        raise UsageError(
            f"Post {post.id} is not known to be live; nothing was changed. Edit or reject it instead."
        )
    return post, receipt, ticket


def _read_back(
    publisher: Publisher, amended: Ticket, receipt: Receipt, began: datetime, exc: Unclear
) -> Receipt:
    """Return where a post with its new words is, after an edit of which nobody knows.

    It may stand where it stood, or, as on X, at an address of its own.

    Raises:
        Unclear: the new words are nowhere to be seen, or nobody may look.
    """
    try:
        seen = publisher.verify(amended, receipt)
        found = publisher.find(amended, since=began) if seen.differences else None
    except (NotReadable, NotSent, Blocked) as why:
        raise Unclear(f"{exc} It could not be read back ({why}); look at it yourself.") from exc
    if seen.readable and not seen.differences:
        return receipt
    if found is not None:
        return found
    said = "It still has its old words" if seen.readable else "It cannot be read back"
    raise Unclear(f"{exc} {said}; look at it yourself before you try again.") from exc


def _live(app: App, post: Post) -> tuple[Receipt | None, Ticket | None]:
    """Return the proof that a post is live, and what was sent."""
    ticket, receipt = next(iter(app.store.lookout.delivered(post)), (None, None))
    return receipt, ticket
