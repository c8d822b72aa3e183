"""The articles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.article import Article
from bot.domain.errors import ContentError
from bot.domain.ledger import Event
from bot.store import schema
from bot.store.audit import record
from bot.store.engine import reading, writing
from bot.store.intake_schema import revisions
from bot.store.rows import article_from_json, article_to_json


@dataclass(frozen=True)
class Archive:
    """Implements `bot.domain.ledger.Archive`."""

    engine: Engine

    def find(self, key: str) -> Article | None:
        """Return the article, None where it was never seen."""
        with reading(self.engine) as connection:
            value = connection.execute(
                select(schema.articles.c.article).where(schema.articles.c.key == key)
            ).scalar()
        return article_from_json(value) if value else None

    def newest(self, limit: int) -> Sequence[Article]:
        """Return the articles seen last, newest first."""
        with reading(self.engine) as connection:
            values = connection.execute(
                select(schema.articles.c.article)
                .order_by(schema.articles.c.first_seen_at.desc())
                .limit(limit)
            ).scalars()
            return [article_from_json(value) for value in values]

    def at(self, url: str) -> Article | None:
        """Return the article with this address, None where there is none."""
        with reading(self.engine) as connection:
            value = connection.execute(
                select(schema.articles.c.article).where(schema.articles.c.url == url)
            ).scalar()
        return article_from_json(value) if value else None

    def revisions(self, key: str) -> Sequence[Article]:
        """Return what the article said before, oldest first; what it says now is `find`'s."""
        query = (
            select(revisions.c.article)
            .where(revisions.c.article_key == key)
            .order_by(revisions.c.revision)
        )
        with reading(self.engine) as connection:
            return [article_from_json(value) for value in connection.execute(query).scalars()]

    def add(self, article: Article, *, now: datetime) -> bool:
        """Keep a new article; False where somebody else has just kept it.

        Raises:
            ContentError: another article has its address.
        """
        try:
            with writing(self.engine) as connection:
                connection.execute(
                    insert(schema.articles).values(
                        key=article.key, first_seen_at=now, **_columns(article)
                    )
                )
                record(connection, _event("article.seen", article, now), after=article.content_hash)
        except IntegrityError:
            if self.find(article.key) is not None:
                return False
            raise self._taken(article) from None
        return True

    def revise(self, article: Article, *, now: datetime) -> None:
        """Keep a new revision of a known article.

        Raises:
            ContentError: another article has its address.
        """
        try:
            with writing(self.engine) as connection:
                row = connection.execute(
                    select(
                        schema.articles.c.content_hash,
                        schema.articles.c.revision,
                        schema.articles.c.article,
                    ).where(schema.articles.c.key == article.key)
                ).first()
                before = row.content_hash if row else ""
                if row and row.revision < article.revision:
                    connection.execute(
                        insert(revisions).values(
                            article_key=article.key,
                            revision=row.revision,
                            article=row.article,
                            until=now,
                        )
                    )
                connection.execute(
                    update(schema.articles)
                    .where(schema.articles.c.key == article.key)
                    .values(**_columns(article))
                )
                record(
                    connection,
                    _event("article.revised", article, now),
                    before=before,
                    after=article.content_hash,
                )
        except IntegrityError:
            raise self._taken(article) from None

    def _taken(self, article: Article) -> ContentError:
        with reading(self.engine) as connection:
            other = connection.execute(
                select(schema.articles.c.key).where(schema.articles.c.url == article.url)
            ).scalar()
        return ContentError(
            f"{article.key}: the article {other} already has the address {article.url}; nothing "
            "was kept of this one. Correct its address or its id."
        )


def _columns(article: Article) -> dict[str, object]:
    return {
        "url": article.url,
        "title": article.title,
        "published_at": article.published_at,
        "content_hash": article.content_hash,
        "revision": article.revision,
        "source": article.source,
        "article": article_to_json(article),
    }


def _event(name: str, article: Article, now: datetime) -> Event:
    return Event(
        at=now,
        name=name,
        who="bot",
        article_key=article.key,
        detail={"title": article.title, "revision": article.revision},
    )
