"""Passwords: argon2id, and a brake on guessing that the real editor never feels."""

import functools
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.domain.errors import UsageError
from bot.domain.people import User
from bot.store import Store

#: Defaults of argon2-cffi: RFC 9106, second choice (64 MiB, 3 passes, 4 lanes), about 50 ms.
_HASHER = PasswordHasher()

#: How many are digested at once: each takes 64 MiB, and anybody may ask for one.
_AT_ONCE = threading.BoundedSemaphore(2)

#: NIST SP 800-63B: at least 8; no rules about kinds of characters; up to at least 64.
SHORTEST, LONGEST = 10, 200

#: Failures that are free, from one place under one name; from one place under any name.
FREE, FREE_IN_ALL = 5, 30
_FIRST_WAIT, _LONGEST_WAIT = 30, 900


@functools.cache
def nobody() -> str:
    """Return what is checked where nobody has the name, so that the answer takes the same time.

    Made at the first sign-in, whoever it is, and not when this is loaded: it takes 64 MiB.
    """
    return _HASHER.hash("nobody has this password")


def hashed(password: str, *, name: str) -> str:
    """Return the digest to keep. Raises UsageError where the password is too weak."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(
            f"A password has {SHORTEST} to {LONGEST} characters; nothing was saved. A few words "
            "in a row are good."
        )
    if name in password.casefold() or len(set(password)) < 5:
        raise UsageError(
            "That password is too easy to guess: it has your name in it or hardly a different "
            "letter. Nothing was saved."
        )
    with _AT_ONCE:
        return _HASHER.hash(password)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of a try to sign in.

    Attributes:
        user: who it is; None where name and password do not belong together.
        wait: seconds until the next try is looked at, 0 where there is no brake.
    """

    user: User | None = None
    wait: int = 0


def check(store: Store, name: str, password: str, *, origins: list[str], now: datetime) -> Answer:
    """Look whether name and password belong together.

    Failures are counted by where they come from: the device, where this person has signed in
    from it before, else the address. So a stranger who guesses from elsewhere slows down only
    the stranger.

    Args:
        store: where people are.
        name: as typed.
        password: as typed.
        origins: a known device's digest, or the address.
        now: the time.
    """
    name = name.strip().casefold()[:80]
    pause = wait(store, name, origins=origins, now=now)
    if pause:
        return Answer(wait=pause)
    user, kept, spare = store.people.find(name), store.people.password(name), nobody()
    try:
        with _AT_ONCE:
            _HASHER.verify(kept or spare, password[: LONGEST + 1])
        good = bool(kept) and user is not None and user.disabled_at is None
    except (VerificationError, InvalidHashError):
        good = False
    if not good or user is None:
        for origin in origins:
            store.sessions.failed(name, origin, now=now)
        return Answer()
    if _HASHER.check_needs_rehash(kept):
        store.people.rehash(user, _HASHER.hash(password))
    return Answer(user=user)


def wait(store: Store, name: str, *, origins: list[str], now: datetime) -> int:
    """Return for how many seconds no try from here is looked at; 0 where there is no brake."""
    return max(_wait(store, origin, name, now) for origin in origins)


def _wait(store: Store, origin: str, name: str, now: datetime) -> int:
    waits = [0]
    for free, who in ((FREE, name), (FREE_IN_ALL, "")):
        count, last = store.sessions.failures(origin, name=who, now=now)
        if count >= free and last is not None:
            pause = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(10, count - free))
            left = (last + timedelta(seconds=pause) - now).total_seconds()
            waits.append(max(0, int(left) + 1 if left > 0 else 0))
    return max(waits)
