"""Getting a card or a document to LinkedIn, and waiting until a post may carry it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

import requests

from bot.domain.delivery import Media, uploaded
from bot.domain.errors import Blocked, NotSent, Rejected
from bot.domain.ports import Clock
from bot.platforms.linkedin.client import Client
from bot.platforms.linkedin.reading import answer

#: How a PDF begins.
PDF = b"%PDF"

#: Bytes a document may have (LinkedIn, Documents API).
_DOCUMENT = 100 * 1024 * 1024

#: Seconds between two looks at a picture that is being processed.
_STEP = 1.0


@dataclass(frozen=True)
class Upload:
    """Uploads a picture or a PDF (LinkedIn, Images API and Documents API).

    Attributes:
        safely: makes a request that cannot make a post live, with retries and typed errors.
        readable: whether the picture's status may be asked for (pages only).
        patience: most seconds to wait until the picture can be used.
        have: files LinkedIn has already; their words go with the post, so the bytes decide.
    """

    client: Client
    clock: Clock
    safely: Callable[[Callable[[], requests.Response]], requests.Response]
    readable: bool
    patience: float
    have: Sequence[Media] = ()

    def __call__(self, card: bytes) -> Media:
        """Return the file as LinkedIn calls it. Raises NotSent, Blocked, Rejected."""
        digest = sha256(card).hexdigest()
        if known := uploaded(self.have, digest):
            return known
        kind, name = ("documents", "document") if card.startswith(PDF) else ("images", "image")
        if kind == "documents" and len(card) > _DOCUMENT:
            raise Rejected(
                "LinkedIn takes documents of 100 MB. Nothing was posted. Make it smaller."
            )
        value = answer(self.safely(partial(self.client.initialize, kind))).get("value")
        value = value if isinstance(value, dict) else {}
        address, urn = str(value.get("uploadUrl", "")), str(value.get(name, ""))
        if not urn.startswith(f"urn:li:{name}:"):
            text = "LinkedIn names no place for the card. Nothing was posted; it is tried again."
            raise NotSent(text)
        if not self.client.trusts(address):
            raise NotSent(
                "LinkedIn named an upload address that is not its own. The token was not sent "
                "there and nothing was posted; it is tried again."
            )
        self.safely(lambda: self.client.put(address, card))
        self._wait_for(kind, urn)
        return Media(id=urn, key=urn, sha256=digest)

    def _wait_for(self, kind: str, urn: str) -> None:
        """Return when the file can be used; a post made before stays invisible."""
        if not self.readable:
            self.clock.wait(self.patience)
            return
        waited = 0.0
        while True:
            try:
                status = answer(self.safely(partial(self.client.uploaded, kind, urn))).get("status")
            except Blocked as exc:
                if exc.status != 403:
                    raise
                self.clock.wait(max(0.0, self.patience - waited))
                return
            if status == "AVAILABLE":
                return
            if status == "PROCESSING_FAILED":
                raise Rejected("LinkedIn cannot use the card. Nothing was posted. Draw it again.")
            if waited >= self.patience:
                text = (
                    "LinkedIn is still working on the card. Nothing was posted; it is tried again."
                )
                raise NotSent(text)
            self.clock.wait(_STEP)
            waited += _STEP
