"""What people did to the posts of one channel and section: how much the bot's words are trusted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, select

from bot.domain.policy import Deed
from bot.domain.post import State
from bot.store import schema
from bot.store.engine import reading

posts, articles, events = schema.posts, schema.articles, schema.events

_NAMES = ("post.drafted", "post.edited", "post.approved", "post.rejected")

#: The newest posts of a channel that are looked at.
MOST = 500


@dataclass(frozen=True)
class Trust:
    """Reads what was done to posts."""

    engine: Engine

    def deeds(self, channel: str, section: str) -> Sequence[Deed]:
        """Return what was done to the newest posts of a channel about a section, oldest first."""
        name = articles.c.article["section"].as_string().label("section")
        newest = (
            select(posts.c.id, posts.c.findings, name)
            .join(articles, articles.c.key == posts.c.article_key)
            .where(posts.c.channel == channel)
            .order_by(posts.c.id.desc())
            .limit(MOST)
        )
        with reading(self.engine) as connection:
            clean = {
                row.id: not row.findings
                for row in connection.execute(newest)
                if (row.section or "").casefold() == section.casefold()
            }
            done = connection.execute(
                select(events.c.post_id, events.c.name, events.c.who, events.c.from_state)
                .where(events.c.post_id.in_(clean), events.c.name.in_(_NAMES))
                .order_by(events.c.id)
            ).all()
        return [
            Deed(
                post_id=row.post_id,
                name=row.name,
                who=row.who,
                anew=row.from_state is not None,
                clean=clean[row.post_id],
            )
            for row in done
            if not (row.name == "post.approved" and row.from_state != State.DRAFTED)
        ]
