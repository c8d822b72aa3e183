"""Commands of the editor: queue, show, approve, edit, redraw, reject, hold, release, resolve."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.app import App
from bot.cli.base import By, Json, PostId, answer, local, me, opened, read_text
from bot.deciding.outlook import Outlook, Outlooks
from bot.domain.delivery import Receipt
from bot.domain.errors import UsageError
from bot.domain.post import Post, State
from bot.pipeline import review

#: What an editor may still have to do something about.
WAITING = (
    State.DRAFTED,
    State.ON_HOLD,
    State.APPROVED,
    State.SENDING,
    State.UNCLEAR,
    State.BEGUN,
    State.FAILED,
)


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (queue, show, approve, edit, redraw, reject, hold, release, resolve):
        cli.command()(command)


def queue(
    everything: Annotated[bool, typer.Option("--all", help="Also what is done with.")] = False,
    as_json: Json = False,
) -> None:
    """List the posts that wait, most urgent first."""
    with opened() as app:
        posts = app.store.desk.posts(() if everything else WAITING)
        paused = app.store.pauses.all()
        looks = Outlooks(app, app.clock.now())
        next_for = looks.of_posts(posts)
        value = {
            "posts": [_value(post, app, next_for[post.id]) for post in posts],
            "paused": paused,
        }

    def show_list(console: Console) -> None:
        for channel, reason in paused.items():
            console.print(f"! {channel} is paused: {reason} Then: bot resume {channel}")
        if not posts:
            console.print("Nothing waits. New articles come in with: bot ingest")
            return
        table = Table("post", "state", "channel", "due", "text", box=None)
        for post in posts:
            first = post.content.text.splitlines()[0]
            note = next_for[post.id].text
            text = Text(first, overflow="ellipsis", no_wrap=True)
            due = local(post.due_at, app.house.zone)
            table.add_row(str(post.id), post.state, post.channel, due, text)
            if note:
                table.add_row("", "", "", "", Text(f"→ {note}"))
        console.print(table)

    answer(value, as_json=as_json, show=show_list)


def show(post_id: PostId, as_json: Json = False) -> None:
    """Show one post exactly as followers will see it, and its history."""
    with opened() as app:
        post = app.store.desk.post(post_id)
        coming = Outlooks(app, app.clock.now()).of_post(post)
        value = _value(post, app, coming)
        value["attempts"] = app.store.history.attempts(post.id)
        zone = app.house.zone

    def show_post(console: Console) -> None:
        console.print(f"Post {post.id} · {post.channel} · {post.state}")
        console.print(f"Due {local(post.due_at, zone)}, not after {local(post.expires_at, zone)}")
        if coming.text:
            console.print(f"→ {coming.text}")
        console.rule()
        _words(post, console)
        cost = f", ${value['estimated_cost_usd']:.3f}" if value["estimated_cost_usd"] else ""
        console.print(f"{value['length']} of {value['limit']} characters{cost}")
        console.print(f"card  {value['card']}")
        console.print(f"alt   {post.content.alt_text}")
        for finding in value["findings"]:
            console.print(f"{finding['level']:<6}{finding['rule']}: {finding['message']}")
        for attempt in value["attempts"]:
            when = local(attempt["started_at"], zone)
            part = f" part {attempt['part'] + 1}" if post.content.parts else ""
            console.print(f"try {attempt['fence']}{part} {when}: {attempt['outcome'] or 'open'}")
        if value["manual_comment"]:
            console.print(f"post this link yourself, as the first comment: {post.content.link}")
        for permalink in value["permalinks"]:
            console.print(f"live  {permalink}")

    answer(value, as_json=as_json, show=show_post)


def _words(post: Post, console: Console) -> None:
    console.print(post.content.text)
    for words in post.content.parts:
        console.print(f"  ↳ {words}")
    if post.content.link_title:
        console.print(f"  [{post.content.link_title}] {post.content.link}")
    console.rule()


def approve(
    posts: Annotated[list[int], typer.Argument(metavar="POST...", help="Numbers of the posts.")],
    by: By = "",
    as_json: Json = False,
) -> None:
    """Approve posts exactly as they are now; they go out at their time."""
    from bot import approving

    with opened() as app:
        for post_id in posts:
            post = app.store.desk.post(post_id)
            approving.approve(app, post, by=by or me(), via="cli")
        done = [app.store.desk.post(post_id) for post_id in posts]
        _report(done, app, as_json)


def edit(
    post_id: PostId,
    text: Annotated[str, typer.Argument(metavar="FILE|-", help="The new text; - reads it.")],
    by: By = "",
    as_json: Json = False,
) -> None:
    """Put other words into a post; an approval it had is void."""
    from bot.editing import reword

    said = read_text(text)
    _change(post_id, lambda app, post: reword(app, post, said, by=by or me()), as_json)


def redraw(  # noqa: PLR0913, PLR0917 -- one option each
    post_id: PostId,
    layout: Annotated[str, typer.Option("--layout", help="headline, number, quote, …")] = "",
    variant: Annotated[str, typer.Option("--variant", help="dark or light.")] = "",
    image: Annotated[
        Path | None, typer.Option("--image", help="Your own picture instead; needs --alt.")
    ] = None,
    alt: Annotated[str, typer.Option("--alt", help="What the card says or shows.")] = "",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Give a post another card; an approval it had is void."""
    from bot.editing import Dress
    from bot.editing import redraw as draw_anew

    try:
        picture = image.read_bytes() if image else None
    except OSError as exc:
        raise UsageError(f"--image {image}: {exc.strerror}; the card was not changed.") from exc
    dress = Dress(layout=layout, variant=variant, picture=picture, alt_text=alt)
    _change(post_id, lambda app, post: draw_anew(app, post, dress, by=by or me()), as_json)


def reject(
    post_id: PostId,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept for the record.")],
    by: By = "",
    as_json: Json = False,
) -> None:
    """Refuse a post for good."""
    _decide(post_id, partial(review.reject, by=by or me(), reason=reason), as_json)


def hold(
    post_id: PostId,
    reason: Annotated[str, typer.Option("--reason", help="Why.")] = "",
    by: By = "",
    as_json: Json = False,
) -> None:
    """Keep a post back until it is released."""
    _decide(post_id, partial(review.hold, by=by or me(), reason=reason), as_json)


def release(post_id: PostId, by: By = "", as_json: Json = False) -> None:
    """Put a held or failed post back into the queue, to be approved anew."""
    _decide(post_id, partial(review.release, by=by or me()), as_json)


def resolve(
    post_id: PostId,
    live: Annotated[
        str, typer.Option("--live", metavar="URL", help="It is there: its address.")
    ] = "",
    not_live: Annotated[bool, typer.Option("--not-live", help="It is not there: send it.")] = False,
    done: Annotated[
        bool, typer.Option("--done", help="It is live, and you have dealt with what was asked.")
    ] = False,
    by: By = "",
    as_json: Json = False,
) -> None:
    """Answer what the bot asks about a post: is it live, or have you seen to it."""
    from bot.pipeline.reconcile import close
    from bot.pipeline.reconcile import resolve as resolve_post

    if [bool(live), not_live, done].count(True) != 1:
        raise UsageError("Say one of --live URL, --not-live and --done.")
    receipt = Receipt(remote_id=live, permalink=live, found=True) if live else None
    with opened() as app:
        post = app.store.desk.post(post_id)
        if done:
            close(post, app.outbox, by=by or me())
        else:
            resolve_post(post, receipt, app.outbox, by=by or me())
        _report([app.store.desk.post(post_id)], app, as_json)


def _decide(post_id: int, decision: Callable[..., Post], as_json: bool) -> None:
    _change(post_id, lambda app, post: decision(post, app.store.desk, app.clock), as_json)


def _change(post_id: int, change: Callable[[App, Post], Post], as_json: bool) -> None:
    with opened() as app:
        _report([change(app, app.store.desk.post(post_id))], app, as_json)


def _value(post: Post, app: App, coming: Outlook | None = None) -> dict[str, Any]:
    coming = coming or Outlooks(app, app.clock.now()).of_post(post)
    dialect = app.dialects.get(post.channel)
    measure = dialect.measure(post.content.text) if dialect else None
    permalinks = [receipt.permalink for receipt in app.store.lookout.receipts(post)]
    approval = app.store.desk.approval(post)
    return {
        "id": post.id,
        "article_id": post.article_key,
        "platform": post.platform,
        "channel": post.channel,
        "state": post.state,
        "text": post.content.text,
        "length": measure and measure.length,
        "limit": measure and measure.limit,
        "estimated_cost_usd": app.price(post),
        "link": post.content.link,
        "manual_comment": post.content.by_hand or None,
        "parts": post.content.parts,
        "link_title": post.content.link_title,
        "hashtags": post.content.hashtags,
        "card": str(app.store.shelf.path(post.content.card)) if post.content.card else None,
        "alt_text": post.content.alt_text,
        "content_hash": post.fingerprint,
        "due_at": post.due_at,
        "expires_at": post.expires_at,
        "reason": post.reason,
        "asks": post.asks,
        "outlook": coming.text,
        "outlook_at": coming.at,
        "by_itself": coming.prospect,
        "approval": approval,
        "permalink": permalinks[0] if permalinks else None,
        "permalinks": permalinks,
        "findings": [asdict(finding) for finding in app.store.desk.findings(post.id)],
    }


def _report(posts: list[Post], app: App, as_json: bool) -> None:
    def show_result(console: Console) -> None:
        for post in posts:
            due = local(post.due_at, app.house.zone) if post.state is State.APPROVED else ""
            console.print(
                f"Post {post.id} ({post.channel}): {post.state}" + (f", due {due}" if due else "")
            )
            for finding in app.store.desk.findings(post.id):
                console.print(f"  {finding.level:<6}{finding.rule}: {finding.message}")

    answer({"posts": [_value(post, app) for post in posts]}, as_json=as_json, show=show_result)
