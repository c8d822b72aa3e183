"""Webhooks: who is told what, how far each has been told, and what is next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, RowMapping, delete, func, insert, or_, select, update

from bot.domain.access import Webhook
from bot.domain.errors import UsageError
from bot.domain.ledger import Event
from bot.store import schema
from bot.store.access_schema import webhooks
from bot.store.audit import record
from bot.store.engine import reading, writing
from bot.store.moves import inserted_id

events = schema.events

#: Names of events that are told; what people do with their passwords stays inside.
TOLD = ("article.", "post.", "channel.", "desk.")


@dataclass(frozen=True)
class Webhooks:
    """Reads the events in order, for each webhook from where it stands."""

    engine: Engine

    def add(self, url: str, names: Sequence[str], salt: str, *, by: str, now: datetime) -> Webhook:
        """Tell a new address everything from now on."""
        with writing(self.engine) as connection:
            last = connection.execute(select(func.max(events.c.id))).scalar() or 0
            values = {"url": url, "events": list(names), "salt": salt, "position": last}
            result = connection.execute(insert(webhooks).values(created_at=now, **values))
            detail = {"url": url, "events": list(names)}
            record(connection, Event(at=now, name="webhook.added", who=by, detail=detail))
            number = inserted_id(result)
        return self.get(number)

    def get(self, number: int) -> Webhook:
        """Return one webhook. Raises UsageError."""
        with reading(self.engine) as connection:
            query = select(webhooks).where(webhooks.c.id == number)
            row = connection.execute(query).mappings().first()
        if row is None:
            raise UsageError(f"There is no webhook {number}; nothing was changed.")
        return _webhook(row)

    def all(self) -> Sequence[Webhook]:
        """Return every webhook."""
        with reading(self.engine) as connection:
            rows = connection.execute(select(webhooks).order_by(webhooks.c.id)).mappings().all()
        return [_webhook(row) for row in rows]

    def due(self, *, now: datetime) -> Sequence[Webhook]:
        """Return those that have something to be told."""
        last = select(func.max(events.c.id)).scalar_subquery()
        query = select(webhooks).where(
            webhooks.c.disabled == "",
            webhooks.c.position < last,
            or_(webhooks.c.retry_at.is_(None), webhooks.c.retry_at <= now),
        )
        with reading(self.engine) as connection:
            return [_webhook(row) for row in connection.execute(query).mappings()]

    def remove(self, number: int, *, by: str, now: datetime) -> None:
        """Tell an address nothing any more. Raises UsageError."""
        webhook = self.get(number)
        with writing(self.engine) as connection:
            connection.execute(delete(webhooks).where(webhooks.c.id == number))
            detail = {"url": webhook.url}
            record(connection, Event(at=now, name="webhook.removed", who=by, detail=detail))

    def next(self, webhook: Webhook, limit: int = 200) -> Sequence[tuple[int, Event]]:
        """Return the next events after where the webhook stands, its own or not, in order."""
        query = (
            select(events).where(events.c.id > webhook.position).order_by(events.c.id).limit(limit)
        )
        with reading(self.engine) as connection:
            rows = connection.execute(query).mappings().all()
        names = Event.__dataclass_fields__
        return [(row["id"], Event(**{name: row[name] for name in names})) for row in rows]

    def reached(self, webhook: Webhook, position: int) -> None:
        """Note how far it was told."""
        values: dict[str, Any] = {"position": position}
        self._set(webhook, failures=0, failing_since=None, retry_at=None, **values)

    def failed(self, webhook: Webhook, *, retry_at: datetime, now: datetime) -> None:
        """Note that telling it failed."""
        since = webhook.failing_since or now
        failures = webhook.failures + 1
        self._set(webhook, failures=failures, failing_since=since, retry_at=retry_at)

    def disable(self, webhook: Webhook, why: str, *, now: datetime) -> None:
        """Tell it nothing any more; `enable` begins again."""
        with writing(self.engine) as connection:
            one = webhooks.c.id == webhook.id
            connection.execute(update(webhooks).where(one).values(disabled=why))
            detail = {"url": webhook.url, "reason": why}
            record(connection, Event(at=now, name="webhook.disabled", who="bot", detail=detail))

    def enable(self, webhook: Webhook) -> None:
        """Tell it again, from where it stands."""
        self._set(webhook, failures=0, failing_since=None, retry_at=None, disabled="")

    def _set(self, webhook: Webhook, **values: Any) -> None:
        with writing(self.engine) as connection:
            one = webhooks.c.id == webhook.id
            connection.execute(update(webhooks).where(one).values(**values))


def _webhook(row: RowMapping) -> Webhook:
    return Webhook(**{**row, "events": tuple(row["events"])})
