"""What gets in without a password: tokens of programs, links in messages, webhooks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import UsageError
from bot.domain.people import Role, User


class Scope(StrEnum):
    """What a token may be used for; never more than its owner's role allows."""

    READ = "read"
    EDIT = "edit"
    APPROVE = "approve"
    MANAGE = "manage"

    @property
    def role(self) -> Role:
        """The least role that may do this at the desk."""
        return _ROLES[self]


_ROLES = {
    Scope.READ: Role.VIEWER,
    Scope.EDIT: Role.EDITOR,
    Scope.APPROVE: Role.APPROVER,
    Scope.MANAGE: Role.ADMIN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a new token shall be for.

    Attributes:
        name: what its owner calls it.
        until: when it stops working.
    """

    user: User
    name: str
    scopes: frozenset[Scope]
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A program's way in, on behalf of one person.

    Attributes:
        name: what its owner calls it.
        used_at: about when it was used last; None where never.
    """

    id: int
    name: str
    user: User
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def may(self, scope: Scope) -> bool:
        """Tell whether it may be used for this, and its owner may do it."""
        return scope in self.scopes and self.user.may(scope.role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A key in somebody's device, by which they sign in (WebAuthn); only its public half is here.

    Attributes:
        credential: its id, base64url.
        public_key: COSE, base64url.
        count: how often it has signed, as it says; a copy of it gives itself away by this.
        name: what its owner calls it.
        used_at: when somebody signed in with it last; None where never.
    """

    id: int
    user: User
    credential: str
    public_key: str
    count: int
    name: str
    created_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What a link in a message lets one person do, once.

    Attributes:
        action: name of the decision, such as "approve".
        posts: ids and fingerprints as they were when the message was written.
        used_at: None until somebody has used it.
    """

    user: User
    action: str
    posts: tuple[tuple[int, str], ...]
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that is told what happens.

    Attributes:
        events: names such as "post.published", or "*" for all.
        salt: makes its signing secret, together with the desk's key.
        position: id of the last event it has been told.
        failures: how often in a row telling it failed; 0 where the last time worked.
        failing_since: since when; None while it works.
        retry_at: not told before this time.
        disabled: why it is told nothing any more; "" while it is.
    """

    id: int
    url: str
    events: tuple[str, ...]
    salt: str
    position: int
    created_at: datetime
    failures: int = 0
    failing_since: datetime | None = None
    retry_at: datetime | None = None
    disabled: str = ""

    def wants(self, event: str) -> bool:
        """Tell whether it asked for this event."""
        return "*" in self.events or event in self.events


def read_scopes(value: str) -> frozenset[Scope]:
    """Return the scopes in a list such as "read,approve". Raises UsageError."""
    names = [name.strip().lower() for name in value.replace(",", " ").split()]
    known = {scope.value for scope in Scope}
    wrong = [name for name in names if name not in known]
    if wrong or not names:
        raise UsageError(
            f"Scopes are {', '.join(Scope)}; not {wrong[0][:40] if wrong else 'none'!r}. Nothing "
            "was made."
        )
    return frozenset(Scope(name) for name in names)
