"""When posts go out and when they are looked at, as an editor changes it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from bot.domain.errors import IllegalMove
from bot.domain.ledger import Event
from bot.domain.post import Post, State
from bot.store.engine import writing
from bot.store.moves import change, load


@dataclass(frozen=True)
class Agenda:
    """Changes the times of posts."""

    engine: Engine

    def schedule(
        self, post: Post, due_at: datetime, expires_at: datetime, *, by: str, now: datetime
    ) -> Post:
        """Give a post another time. Raises IllegalMove where it is on its way or out."""
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            _still_here(current)
            detail = {"due_at": due_at.isoformat(), "was": str(current.due_at)}
            event = Event(at=now, name="post.scheduled", who=by, detail=detail)
            change(
                connection,
                current,
                current.state,
                event,
                due_at=due_at,
                expires_at=expires_at,
                retry_at=None,
            )
            return load(connection, post.id)

    def snooze(self, post: Post, until: datetime | None, *, by: str, now: datetime) -> Post:
        """Show a waiting post again at `until`, None for now. Raises IllegalMove."""
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            if current.state is not State.DRAFTED:
                raise IllegalMove(f"Post {post.id} is {current.state}; only what waits can snooze.")
            detail = {"until": until.isoformat() if until else ""}
            event = Event(at=now, name="post.snoozed", who=by, detail=detail)
            change(connection, current, current.state, event, snoozed_until=until)
            return load(connection, post.id)


def _still_here(post: Post) -> None:
    if post.state not in (State.DRAFTED, State.ON_HOLD, State.APPROVED):
        raise IllegalMove(f"Post {post.id} is {post.state}; its time cannot be changed any more.")
