"""Keeps a platform's answer to a renewal the moment it arrives, before anything is made of it.

A refresh token is good once: from the moment the platform answers, the old token may be worth
nothing. If the process dies before the next one is in the database, or the database cannot be
written just then, the account would have to sign in again. So the answer's bytes are the first
thing written down, sealed, into a file that was made and given its room on the disk before the
platform was asked; whoever needs the account next takes them over from there.
"""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.domain.accounts import Connection
from bot.domain.errors import NotSent
from bot.domain.ports import Clock

if TYPE_CHECKING:
    from bot.app.seal import Seal

log = structlog.get_logger(__name__)

#: Bytes that are kept free for an answer. Those of X and LinkedIn have less than two thousand.
ROOM = 32_768


@dataclass
class Slip:
    """The place for one answer.

    Attributes:
        path: of the file.
        about: the token that is being renewed.
        clock: says when the answer came.
        seal: without the key the file tells nobody anything.
    """

    path: Path
    about: dict[str, str]
    clock: Clock
    seal: "Seal" = field(repr=False)
    handle: int = field(default=-1, repr=False)

    def write(self, answer: bytes) -> None:
        """Write the answer down, and return once it is on the disk.

        Where that fails nothing is lost yet: what is made of the answer is kept a moment later.
        """
        known = {
            **self.about,
            "at": self.clock.now().isoformat(),
            "answer": base64.b64encode(answer).decode("ascii"),
        }
        try:
            os.pwrite(self.handle, self.seal.wrap(json.dumps(known).encode()), 0)
            os.fdatasync(self.handle)
        except OSError as exc:
            log.warning("renewal.not_kept", channel=self.about["channel"], reason=str(exc))

    def discard(self) -> None:
        """Remove it: its answer is kept elsewhere, or there was none."""
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Renewals:
    """Answers that are not in the database yet, one file each, readable by their owner only."""

    folder: Path
    clock: Clock
    seal: "Seal" = field(repr=False)

    @contextmanager
    def slip(self, found: Connection) -> Iterator[Slip]:
        """Make the place for an answer. Raises NotSent where there is none; then do not ask."""
        path = self.folder / f"{found.channel}.{secrets.token_hex(8)}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._sweep(found)
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except OSError as exc:
            raise self._no_place(exc) from exc
        slip = Slip(path, _about(found), self.clock, self.seal, handle)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)  # says that somebody is at it; ends with us
                os.write(handle, bytes(ROOM))
                os.fsync(handle)
                self._sync_folder()
            except OSError as exc:
                slip.discard()
                raise self._no_place(exc) from exc
            yield slip
        finally:
            os.close(handle)

    def answers(self, found: Connection) -> Iterator[tuple[Slip, bytes, datetime]]:
        """Return the answers about this very token that nobody has taken over, and when they came."""
        for path in sorted(self.folder.glob(f"{found.channel}.*")):
            if known := self._read(path, found):
                at = datetime.fromisoformat(known["at"])
                slip = Slip(path, _about(found), self.clock, self.seal)
                yield slip, base64.b64decode(known["answer"]), at

    def _read(self, path: Path, found: Connection) -> dict[str, str]:
        """Return what a slip says of this very token; nothing where it says nothing of it.

        No answer came, it is about an earlier token, or the key is another one.
        """
        try:
            written = self.seal.unwrap(path.read_bytes().rstrip(b"\0"))
        except OSError:  # taken over by another process just now
            return {}
        known = dict(json.loads(written)) if written else {}
        return known if _about(found).items() <= known.items() else {}

    def _sweep(self, found: Connection) -> None:
        """Remove what is of no use: about earlier tokens, or left empty by a dead process."""
        for path in self.folder.glob(f"{found.channel}.*"):
            if not self._read(path, found) and _left(path):
                path.unlink(missing_ok=True)

    def _sync_folder(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _no_place(self, exc: OSError) -> NotSent:
        return NotSent(
            f"The answer could not be kept safe in {self.folder} ({exc.strerror}), so it was not "
            "asked for. Free some space, or give the bot's user write permission there."
        )


def _left(path: Path) -> bool:
    """Whether the process that made a slip is gone."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _about(found: Connection) -> dict[str, str]:
    """Return what tells this token from every other one, also after signing out and in again."""
    return {
        "channel": found.channel,
        "account": found.account.id,
        "version": str(found.version),
        "connected_at": found.connected_at.isoformat(),
    }
