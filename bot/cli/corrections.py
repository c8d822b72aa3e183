"""Commands about posts whose article was changed or taken down."""

from typing import Annotated, Any

import typer
from rich.console import Console

from bot import correcting
from bot.app import App
from bot.cli.base import By, Json, answer, local, me, opened, read_text
from bot.domain.correction import Correction, Option

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="See `bot corrections list`.")]


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(help="Posts whose article was changed or taken down.", no_args_is_help=True)
    group.command("list")(all_of_them)
    group.command()(show)
    group.command()(edit)
    group.command()(delete)
    group.command()(done)
    cli.add_typer(group, name="corrections")


def all_of_them(as_json: Json = False) -> None:
    """List what waits for an editor: which post, and what became of its article."""
    with opened() as app:
        found = app.store.corrections.open()
        zone = app.house.zone

    def view(out: Console) -> None:
        if not found:
            out.print("No post needs a correction.")
        for one in found:
            what = (
                "is gone"
                if one.after is None
                else f"reads differently in {len(one.changes)} places"
            )
            where = "live" if one.live else "not sent"
            out.print(f"{one.id}  post {one.post_id} ({where})  {local(one.at, zone)}")
            out.print(f"   {one.before.title}: the article {what}.")
        if found:
            out.print("Next: bot corrections show NUMBER")

    answer({"corrections": [_plain(one) for one in found]}, as_json=as_json, show=view)


def show(number: Number, as_json: Json = False) -> None:
    """Show old and new words of the article, the post, and what can be done about it."""
    with opened() as app:
        one = app.store.corrections.find(number)
        post = app.store.desk.post(one.post_id)
        value = {
            **_plain(one),
            "post": {"id": post.id, "channel": post.channel, "text": post.content.text},
            "suggested": correcting.suggested(app, one),
            "options": _options(app, one),
        }
    answer(value, as_json=as_json, show=lambda out: _view(out, one, value))


def edit(
    number: Number,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The new words; - reads them; none: as suggested.")
    ] = "",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Give the live post other words, where the platform allows it; its card stays."""
    with opened() as app:
        one = app.store.corrections.find(number)
        text = read_text(file) if file else correcting.suggested(app, one)
        receipt = correcting.edit(app, one, text, by=by or me())
    value = {"edited": one.post_id, "permalink": receipt.permalink}
    answer(value, as_json=as_json, show=lambda out: out.print(f"Changed: {receipt.permalink}"))


def delete(
    number: Number,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Take the live post down. It is never posted again."""
    with opened() as app:
        one = app.store.corrections.find(number)
        if not yes and not typer.confirm(f"Take post {one.post_id} down for good?", err=as_json):
            raise typer.Exit(1)
        correcting.delete(app, one, by=by or me())
    text = f"Post {one.post_id} was taken down."
    answer({"deleted": one.post_id}, as_json=as_json, show=lambda out: out.print(text))


def done(
    number: Number,
    how: Annotated[Option, typer.Option("--how", help="What you did by hand.")] = Option.LEAVE,
    note: Annotated[str, typer.Option("--note", help="Such as the address of your post.")] = "",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Say that a correction was seen to: left as it is, or done by hand."""
    with opened() as app:
        one = app.store.corrections.find(number)
        correcting.answer(app, one, how, by=by or me(), note=note)
    answer({"done": one.id}, as_json=as_json, show=lambda out: out.print("Noted."))


def _options(app: App, one: Correction) -> dict[str, str]:
    if not one.live:
        return {}
    return {str(option): why for option, why in correcting.options(app, one).items()}


def _plain(one: Correction) -> dict[str, Any]:
    return {
        "id": one.id,
        "article_id": one.article_key,
        "post_id": one.post_id,
        "kind": str(one.kind),
        "live": one.live,
        "at": one.at,
        "changes": [{"part": c.part, "before": c.before, "after": c.after} for c in one.changes],
        "outcome": one.outcome,
    }


def _view(out: Console, one: Correction, value: dict[str, Any]) -> None:
    out.print(f"{one.article_key}: {one.before.title}")
    if one.after is None:
        out.print("The article is not on the site any more.")
    for change in one.changes:
        out.print(f"\n{change.part}")
        for line in change.before.splitlines():
            out.print(f"  - {line}")
        for line in change.after.splitlines():
            out.print(f"  + {line}")
    out.print(f"\nPost {one.post_id} on {value['post']['channel']} says:\n{value['post']['text']}")
    if value["suggested"]:
        out.print(f"\nMade today it would say:\n{value['suggested']}")
    out.print("")
    for option, why in value["options"].items():
        out.print(f"{option}: {why or 'possible'}")
    if not one.live:
        out.print("It was not sent: bot edit, bot release or bot reject.")
