"""Commands of the way round the API: manual, posted."""

from typing import Annotated

import typer
from rich.console import Console

from bot.cli.base import By, Json, PostId, answer, local, me, opened
from bot.domain.errors import UsageError
from bot.pipeline.manual import posted as record
from bot.pipeline.manual import take_over


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    cli.command()(manual)
    cli.command()(posted)


def manual(post_id: PostId, by: By = "", as_json: Json = False) -> None:
    """Post an approved post by hand: its link, text and card; the bot leaves it alone meanwhile."""
    with opened() as app:
        post = app.store.desk.post(post_id)
        dialect = app.dialects.get(post.channel)
        if dialect is None:
            raise UsageError(f"BOT_CHANNELS no longer names {post.channel}; nothing was changed.")
        way = take_over(post, dialect, app.store.ledger, app.clock, by=by or me())
        card = str(app.store.shelf.path(way.card)) if way.card else ""
        zone = app.house.zone
    value = {
        "post": post_id,
        "open": way.address,
        "texts": way.texts,
        "card": card or None,
        "alt_text": way.alt_text,
        "comment": way.comment or None,
        "until": way.until,
    }

    def show(out: Console) -> None:
        out.print(f"1  Open: {way.address}", soft_wrap=True)
        if card:
            out.print(
                f"2  Add the picture {card}\n   and its alt text: {way.alt_text}", soft_wrap=True
            )
        for number, text in enumerate(way.texts):
            out.rule("the text" if number == 0 else "then, below it")
            out.print(text, soft_wrap=True)
        out.rule()
        if way.comment:
            out.print(f"Then comment: {way.comment}", soft_wrap=True)
        out.print(f"When it is live: bot posted {post_id} ADDRESS")
        out.print(f"Until {local(way.until, zone)} the bot does not send it.")

    answer(value, as_json=as_json, show=show)


def posted(
    post_id: PostId,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Where the post is live.")],
    by: By = "",
    as_json: Json = False,
) -> None:
    """Tell the bot that you have posted a post, and where it is."""
    with opened() as app:
        post = app.store.desk.post(post_id)
        dialect = app.dialects.get(post.channel)
        if dialect is None:
            raise UsageError(f"BOT_CHANNELS no longer names {post.channel}; nothing was changed.")
        done = record(post, address, dialect, app.store.handbook, app.outbox, by=by or me())
    answer(
        {"post": post_id, "state": done.state, "permalink": address, "via": "manual"},
        as_json=as_json,
        show=lambda out: out.print(f"Post {post_id} is {done.state}: {address}", soft_wrap=True),
    )
