"""What somebody has typed and not saved: one per person and post, so that nothing typed is lost."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from bot.store.desk_schema import scratches
from bot.store.engine import reading, writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Scratch:
    """Unsaved typing.

    Attributes:
        base: fingerprint of what it was typed over.
        fields: the form's fields by name.
    """

    base: str
    fields: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True)
class Scratches:
    """Keeps unsaved typing."""

    engine: Engine

    def keep(
        self, post_id: int, user_id: int, *, base: str, fields: Mapping[str, Any], now: datetime
    ) -> None:
        """Keep what somebody has typed so far; it replaces what they had typed before."""
        here = (scratches.c.post_id == post_id) & (scratches.c.user_id == user_id)
        text = json.dumps(dict(fields), ensure_ascii=False)
        with writing(self.engine) as connection:
            connection.execute(delete(scratches).where(here))
            connection.execute(
                insert(scratches).values(
                    post_id=post_id, user_id=user_id, base=base, text=text, at=now
                )
            )

    def find(self, post_id: int, user_id: int) -> Scratch | None:
        """Return what somebody had typed, None where there is nothing."""
        query = select(scratches).where(
            scratches.c.post_id == post_id, scratches.c.user_id == user_id
        )
        with reading(self.engine) as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        return Scratch(base=row["base"], fields=json.loads(row["text"]), at=row["at"])

    def drop(self, post_id: int, user_id: int) -> None:
        """Forget what somebody had typed."""
        with writing(self.engine) as connection:
            connection.execute(
                delete(scratches).where(
                    scratches.c.post_id == post_id, scratches.c.user_id == user_id
                )
            )
