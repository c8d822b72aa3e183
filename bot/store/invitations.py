"""Links in messages by the digest of their secret, and which messages went out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.access import Invitation
from bot.store.access_schema import invitations, notices
from bot.store.engine import reading, writing
from bot.store.people import owner, with_owner

#: How long a used or expired link is still recognised, so that it can say what became of it.
REMEMBERED = timedelta(days=7)


@dataclass(frozen=True)
class Invitations:
    """What a link lets one person do, once."""

    engine: Engine

    def add(self, digest: str, invitation: Invitation, *, now: datetime) -> None:
        """Keep a new link."""
        with writing(self.engine) as connection:
            connection.execute(
                delete(invitations).where(invitations.c.expires_at < now - REMEMBERED)
            )
            connection.execute(
                insert(invitations).values(
                    digest=digest,
                    user_id=invitation.user.id,
                    action=invitation.action,
                    posts=[list(one) for one in invitation.posts],
                    expires_at=invitation.expires_at,
                )
            )

    def find(self, digest: str) -> Invitation | None:
        """Return a link, used or expired ones included; None where it was never ours."""
        query = with_owner(invitations).where(invitations.c.digest == digest)
        with reading(self.engine) as connection:
            row = connection.execute(query).mappings().first()
        return _invitation(row) if row else None

    def use(self, digest: str, *, now: datetime) -> bool:
        """Use a link up; False where somebody has, or its time has passed."""
        fresh = (invitations.c.digest == digest) & invitations.c.used_at.is_(None)
        query = update(invitations).where(fresh, invitations.c.expires_at > now)
        with writing(self.engine) as connection:
            return connection.execute(query.values(used_at=now)).rowcount == 1


@dataclass(frozen=True)
class Notices:
    """Which messages went out."""

    engine: Engine

    def told(self, topic: str, subject: str) -> datetime | None:
        """Return when this message went out; None where it has not."""
        query = select(notices.c.at).where(notices.c.topic == topic, notices.c.subject == subject)
        with reading(self.engine) as connection:
            told_at: datetime | None = connection.execute(query).scalar()
            return told_at

    def tell(self, topic: str, subjects: list[str], *, now: datetime) -> None:
        """Note that these messages went out."""
        for subject in subjects:
            try:
                with writing(self.engine) as connection:
                    connection.execute(delete(notices).where(notices.c.at < now - REMEMBERED * 8))
                    connection.execute(insert(notices).values(topic=topic, subject=subject, at=now))
            except IntegrityError:
                continue  # noted before


def _invitation(row: Any) -> Invitation:
    return Invitation(
        user=owner(row),
        action=row["action"],
        posts=tuple((int(number), str(print_)) for number, print_ in row["posts"]),
        expires_at=row["expires_at"],
        used_at=row["used_at"],
    )
