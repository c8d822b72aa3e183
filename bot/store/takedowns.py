"""What was taken down: articles from their site, and posts by an editor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, select

from bot.domain.correction import DELETED, Kind
from bot.store import intake_schema, schema
from bot.store.engine import reading

table, posts = intake_schema.corrections, schema.posts

#: The most one reading gives.
MOST = 500


class What(StrEnum):
    """What was taken down."""

    ARTICLE = "article"
    POST = "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Takedown:
    """One post whose article went, or that followers do not see any more.

    Attributes:
        by: who took the post down; "" for an article.
    """

    at: datetime
    post_id: int
    channel: str
    title: str
    what: What
    by: str

    @property
    def text(self) -> str:
        """What happened, in plain words."""
        if self.what is What.POST:
            return f"The post was taken down by {self.by}."
        return "The article is not on the site any more; an editor was asked about the post."


@dataclass(frozen=True)
class Takedowns:
    """Reads what was taken down."""

    engine: Engine

    def between(self, start: datetime, end: datetime) -> Sequence[Takedown]:
        """Return what was taken down from `start` until before `end`, oldest first."""
        gone = _asked(table.c.at, start, end).where(table.c.kind == Kind.GONE)
        deleted = _asked(table.c.done_at, start, end).where(table.c.outcome == DELETED)
        with reading(self.engine) as connection:
            found = [
                Takedown(
                    at=row.moment,
                    post_id=row.id,
                    channel=row.channel,
                    title=row.title,
                    what=what,
                    by=row.done_by if what is What.POST else "",
                )
                for what, query in ((What.ARTICLE, gone), (What.POST, deleted))
                for row in connection.execute(query)
            ]
        return sorted(found, key=lambda one: one.at)


def _asked(at: ColumnElement[Any], start: datetime, end: datetime) -> Select[Any]:
    return (
        select(at.label("moment"), table.c.done_by, posts.c.id, posts.c.channel)
        .add_columns(schema.articles.c.title)
        .join(posts, posts.c.id == table.c.post_id)
        .join(schema.articles, schema.articles.c.key == posts.c.article_key)
        .where(at >= start, at < end)
        .order_by(table.c.id)
        .limit(MOST)
    )


def left_behind(connection: Connection, post_ids: Sequence[int]) -> Mapping[int, dict[str, Any]]:
    """Return what became of posts and their articles, in the names of `record.Published`."""
    names = ("post_id", "kind", "at", "done_at", "done_by", "outcome")
    query = select(*(table.c[name] for name in names))
    query = query.where(table.c.post_id.in_(post_ids)).order_by(table.c.id)
    found: dict[int, dict[str, Any]] = {}
    for row in connection.execute(query):
        known = found.setdefault(row.post_id, {})
        known["article_gone"] = row.at if row.kind == Kind.GONE else None
        if row.outcome == DELETED:
            known |= {"taken_down_at": row.done_at, "taken_down_by": row.done_by}
    return found
