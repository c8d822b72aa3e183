"""Every wording a post has had, so that any can be read again and restored."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select

from bot.domain.errors import UsageError
from bot.domain.post import Content
from bot.store.desk_schema import wordings
from bot.store.engine import reading
from bot.store.rows import content_from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a post said from some time on.

    Attributes:
        by: who wrote it: "bot" or somebody's name.
    """

    id: int
    post_id: int
    content: Content
    by: str
    at: datetime


@dataclass(frozen=True)
class Wordings:
    """Reads the wordings of posts."""

    engine: Engine

    def of_post(self, post_id: int) -> Sequence[Wording]:
        """Return everything the post has said, newest first."""
        query = select(wordings).where(wordings.c.post_id == post_id).order_by(wordings.c.id.desc())
        with reading(self.engine) as connection:
            return [
                Wording(
                    id=row["id"],
                    post_id=post_id,
                    content=content_from_json(row["content"]),
                    by=row["by"],
                    at=row["at"],
                )
                for row in connection.execute(query).mappings()
            ]

    def find(self, post_id: int, number: int) -> Wording:
        """Return one wording of a post. Raises UsageError where it has no such one."""
        for wording in self.of_post(post_id):
            if wording.id == number:
                return wording
        raise UsageError(f"Post {post_id} never had a wording {number}; nothing was changed.")


def keep_wording(
    connection: Connection, post_id: int, content: Content, channel: str, *, by: str, now: datetime
) -> None:
    """Write down what a post says from now on."""
    connection.execute(
        insert(wordings).values(
            post_id=post_id,
            fingerprint=content.fingerprint(channel),
            content=asdict(content),
            by=by,
            at=now,
        )
    )
