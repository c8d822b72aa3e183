"""Articles and posts page by page, by their own order, for programs that read all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from bot.domain.article import Article
from bot.domain.post import Approval, Finding, Post
from bot.store import schema
from bot.store.engine import reading
from bot.store.inbox import Filter, in_list, only
from bot.store.rows import article_from_json, finding_from_json, post_from_row

posts, articles = schema.posts, schema.articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is kept about a post beside it.

    Attributes:
        agreed: who has approved the content it has now, in order.
        permalinks: where it and its parts are live, in order.
        findings: what was found when it was made or last changed.
    """

    agreed: Sequence[Approval]
    permalinks: Sequence[str]
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Pages:
    """Each page begins after the last row of the one before, whatever came or went meanwhile."""

    engine: Engine

    def posts(
        self,
        *,
        now: datetime,
        name: str = "",
        wanted: Filter | None = None,
        after: int = 0,
        limit: int = 50,
    ) -> Sequence[Post]:
        """Return posts by id.

        Args:
            now: the time, which decides what is put off.
            name: one of the desk's lists; "" for any.
            wanted: what else to leave out.
            after: only those after the one with this id.
            limit: the most to return.
        """
        wanted = wanted or Filter()
        query = select(posts).where(posts.c.id > after).order_by(posts.c.id).limit(limit)
        if wanted.section or wanted.words:
            query = query.join(articles, articles.c.key == posts.c.article_key)
        query = query.where(*only(wanted))
        if name:
            query = query.where(in_list(name, now))
        with reading(self.engine) as connection:
            return [post_from_row(row) for row in connection.execute(query).mappings()]

    def beside(self, wanted: Sequence[Post]) -> dict[int, Beside]:
        """Return what is kept beside each of some posts, by its id, in three reads for all."""
        ids = [post.id for post in wanted]
        yes, sent = schema.approvals, schema.receipts
        approvals = (
            select(yes.c.post_id, yes.c.fingerprint, yes.c.by, yes.c.via, yes.c.at)
            .where(yes.c.post_id.in_(ids), yes.c.withdrawn_at.is_(None))
            .order_by(yes.c.id)
        )
        receipts = select(sent.c.post_id, sent.c.permalink).where(sent.c.post_id.in_(ids))
        found = select(posts.c.id, posts.c.findings).where(posts.c.id.in_(ids))
        with reading(self.engine) as connection:
            agreed = connection.execute(approvals).mappings().all()
            links = connection.execute(receipts.order_by(sent.c.part)).all()
            findings = {row.id: row.findings or () for row in connection.execute(found)}
        return {
            post.id: Beside(
                agreed=[
                    Approval(fingerprint=r["fingerprint"], by=r["by"], via=r["via"], at=r["at"])
                    for r in agreed
                    if r["post_id"] == post.id and r["fingerprint"] == post.fingerprint
                ],
                permalinks=[row.permalink for row in links if row.post_id == post.id],
                findings=[finding_from_json(one) for one in findings.get(post.id, ())],
            )
            for post in wanted
        }

    def newest_articles(self, limit: int) -> Sequence[Article]:
        """Return the articles that came in last, newest first."""
        query = select(articles.c.article).order_by(articles.c.first_seen_at.desc(), articles.c.key)
        with reading(self.engine) as connection:
            rows = connection.execute(query.limit(limit)).scalars().all()
        return [article_from_json(row) for row in rows]

    def articles(self, *, after: str = "", limit: int = 50) -> Sequence[Article]:
        """Return articles by key."""
        query = select(articles.c.article).where(articles.c.key > after).order_by(articles.c.key)
        with reading(self.engine) as connection:
            rows = connection.execute(query.limit(limit)).scalars().all()
        return [article_from_json(row) for row in rows]
