"""The people at the desk: who they are and what each may do."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import UsageError

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


class Role(StrEnum):
    """What somebody may do; each role may do all that those before it may."""

    VIEWER = "viewer"  # read
    EDITOR = "editor"  # change words and cards, hold, comment
    APPROVER = "approver"  # let posts go out, reject, pause
    ADMIN = "admin"  # people and settings

    def covers(self, needed: "Role") -> bool:
        """Tell whether this role may do what `needed` may."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may sign in.

    Attributes:
        name: what they sign in with and are called in the history.
        disabled_at: since when they may not sign in; None while they may.
    """

    id: int
    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None = None

    def may(self, role: Role) -> bool:
        """Tell whether this person may do what `role` may."""
        return self.disabled_at is None and self.role.covers(role)


def checked_name(name: str) -> str:
    """Return a name as it is kept: small letters. Raises UsageError where it cannot be one."""
    folded = name.strip().casefold()
    if not _NAME.fullmatch(folded):
        raise UsageError(
            f"{name!r} cannot be a name: up to 40 small letters, digits, dots and hyphens, such as "
            "asha or ravi.k."
        )
    return folded
