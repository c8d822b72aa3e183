"""The command of further pictures: picture."""

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.base import By, Json, PostId, answer, me, opened
from bot.domain.errors import UsageError


def register(cli: typer.Typer) -> None:
    """Add this module's command."""
    cli.command()(picture)


def picture(
    post_id: PostId,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="The picture.")] = None,
    alt: Annotated[str, typer.Option("--alt", help="What it shows.")] = "",
    none: Annotated[bool, typer.Option("--none", help="Take all further pictures away.")] = False,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Put a further picture beside the card; an approval the post had is void."""
    from bot.editing.pictures import add_picture, drop_pictures

    if (file is None) != none:
        raise UsageError("Name a picture and its --alt, or say --none.")
    try:
        body = file.read_bytes() if file else b""
    except OSError as exc:
        raise UsageError(f"{file}: {exc.strerror}; the post was not changed.") from exc
    with opened() as app:
        post = app.store.desk.post(post_id)
        who = by or me()
        done = (
            add_picture(app, post, body, alt, by=who) if file else drop_pictures(app, post, by=who)
        )
    count = len(done.content.pictures)
    value = {"post": done.id, "state": done.state, "pictures": done.content.pictures}
    text = f"Post {done.id} is {done.state}; {count} further pictures beside its card."
    answer(value, as_json=as_json, show=lambda out: out.print(text))
