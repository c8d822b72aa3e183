"""What people say to each other about an article's posts, and who was named."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, RowMapping, func, insert, select, update

from bot.domain.errors import UsageError
from bot.domain.ledger import Event
from bot.domain.people import User
from bot.store import schema
from bot.store.audit import record
from bot.store.desk_schema import comments, mentions, users
from bot.store.engine import reading, writing
from bot.store.moves import inserted_id

#: The longest comment.
LONGEST = 2000
NAMED = re.compile(r"(?<![\w@])@([a-z0-9][a-z0-9._-]{0,39})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One remark.

    Attributes:
        article_title: what it is about, for lists of remarks about several articles.
    """

    id: int
    article_key: str
    by: str
    text: str
    at: datetime
    article_title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Somebody who was named in a remark."""

    name: str
    comment: Comment


def named(text: str) -> frozenset[str]:
    """Return the names after an @ in a text, as names are kept."""
    return frozenset(name.casefold().rstrip(".-_") for name in NAMED.findall(text))


@dataclass(frozen=True)
class Talk:
    """Keeps the comments."""

    engine: Engine

    def say(self, article_key: str, text: str, *, by: str, now: datetime) -> Sequence[str]:
        """Keep a comment; return who of the people at the desk was named in it (@name).

        Raises:
            UsageError: it is empty or too long.
        """
        text = text.strip()
        if not text or len(text) > LONGEST:
            raise UsageError(f"A comment has 1 to {LONGEST} characters; nothing was kept.")
        wanted = named(text)
        with writing(self.engine) as connection:
            key = inserted_id(
                connection.execute(
                    insert(comments).values(article_key=article_key, by=by, text=text, at=now)
                )
            )
            known = connection.execute(
                select(users.c.id, users.c.name).where(
                    users.c.name.in_(wanted), users.c.disabled_at.is_(None), users.c.name != by
                )
            ).all()
            for row in known:
                connection.execute(insert(mentions).values(comment_id=key, user_id=row.id))
            names = sorted(row.name for row in known)
            detail = {"comment": key, "named": names}
            record(
                connection,
                Event(at=now, name="comment.added", who=by, article_key=article_key, detail=detail),
            )
        return names

    def of_article(self, article_key: str) -> Sequence[Comment]:
        """Return what was said about an article's posts, oldest first."""
        query = select(comments).where(comments.c.article_key == article_key)
        with reading(self.engine) as connection:
            return [
                Comment(
                    id=row["id"],
                    article_key=article_key,
                    by=row["by"],
                    text=row["text"],
                    at=row["at"],
                )
                for row in connection.execute(query.order_by(comments.c.id)).mappings()
            ]

    def unread(self, user: User) -> int:
        """Return how many remarks name this person and were not seen yet."""
        query = select(func.count()).where(
            mentions.c.user_id == user.id, mentions.c.seen_at.is_(None)
        )
        with reading(self.engine) as connection:
            return connection.execute(query).scalar_one()

    def unseen(self, *, since: datetime) -> Sequence[Mention]:
        """Return the mentions since then that those who were named have not seen, oldest first."""
        query = (
            select(comments, schema.articles.c.title, users.c.name)
            .join(mentions, mentions.c.comment_id == comments.c.id)
            .join(users, users.c.id == mentions.c.user_id)
            .join(schema.articles, schema.articles.c.key == comments.c.article_key)
            .where(mentions.c.seen_at.is_(None), comments.c.at >= since)
            .where(users.c.disabled_at.is_(None))
            .order_by(comments.c.id, users.c.name)
        )
        with reading(self.engine) as connection:
            return [
                Mention(name=row["name"], comment=_comment(row))
                for row in connection.execute(query).mappings()
            ]

    def naming(self, user: User, limit: int = 50) -> Sequence[Comment]:
        """Return the remarks that name this person, newest first."""
        query = (
            select(comments, schema.articles.c.title)
            .join(mentions, mentions.c.comment_id == comments.c.id)
            .join(schema.articles, schema.articles.c.key == comments.c.article_key)
            .where(mentions.c.user_id == user.id)
            .order_by(comments.c.id.desc())
            .limit(limit)
        )
        with reading(self.engine) as connection:
            return [_comment(row) for row in connection.execute(query).mappings()]

    def seen(self, article_key: str, user: User, *, now: datetime) -> None:
        """Write down that this person has seen what was said about an article."""
        inside = select(comments.c.id).where(comments.c.article_key == article_key)
        here = (
            (mentions.c.user_id == user.id)
            & mentions.c.seen_at.is_(None)
            & mentions.c.comment_id.in_(inside)
        )
        with reading(self.engine) as connection:
            if not connection.execute(select(func.count()).where(here)).scalar_one():
                return
        with writing(self.engine) as connection:
            connection.execute(update(mentions).where(here).values(seen_at=now))


def _comment(row: RowMapping) -> Comment:
    return Comment(
        id=row["id"],
        article_key=row["article_key"],
        by=row["by"],
        text=row["text"],
        at=row["at"],
        article_title=row["title"],
    )
