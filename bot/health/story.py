"""The whole story of one article, from first sight to the proof that its posts are live."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.app import App
from bot.domain.errors import UsageError
from bot.domain.post import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that happened.

    Attributes:
        name: as in the log and the audit log; "attempt" for a try on the wire.
    """

    at: datetime
    name: str
    who: str
    post: int | None = None
    channel: str = ""
    detail: str = ""


def find(app: App, wanted: str) -> str:
    """Return the key of the article that somebody names. Raises UsageError."""
    if wanted.isdigit():
        return app.store.desk.post(int(wanted)).article_key
    if app.store.archive.find(wanted) is not None:
        return wanted
    key = app.store.vitals.article_at(wanted)
    if key is None:
        raise UsageError(
            f"No article {wanted!r} is known. `bot queue --json` and `bot log --json` name them."
        )
    return key


def story(app: App, key: str) -> Sequence[Line]:
    """Return all that happened about an article, oldest first."""
    posts = {post.id: post for post in app.store.desk.of_article(key)}
    lines = [*_events(app, key, posts), *_attempts(app, posts)]
    return sorted(lines, key=lambda line: line.at)


def _events(app: App, key: str, posts: Mapping[int, Post]) -> Iterator[Line]:
    for event in app.store.history.of_article(key):
        post = posts.get(event.post_id) if event.post_id is not None else None
        yield Line(
            at=event.at,
            name=event.name,
            who=event.who,
            post=event.post_id,
            channel=post.channel if post else "",
            detail=_plain(event.detail),
        )


def _attempts(app: App, posts: Mapping[int, Post]) -> Iterator[Line]:
    for post in posts.values():
        for tried in app.store.history.attempts(post.id):
            ended = tried["ended_at"]
            took = f" after {(ended - tried['started_at']).total_seconds():.1f} s" if ended else ""
            status = f" {tried['status']}" if tried["status"] else ""
            outcome = tried["outcome"] or "no answer yet"
            yield Line(
                at=tried["started_at"],
                name="attempt",
                who="bot",
                post=post.id,
                channel=post.channel,
                detail=f"try {tried['fence']}: {outcome}{status}{took} {tried['detail']}".rstrip(),
            )


def _plain(detail: Mapping[str, Any]) -> str:
    known = {name: value for name, value in detail.items() if value not in (None, "", [], {})}
    return " ".join(
        f"{name}={value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in known.items()
    )
