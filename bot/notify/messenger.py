"""Sends messages through Apprise, which knows a hundred services by their address."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import apprise
from apprise.attachment.memory import AttachMemory

from bot.domain.errors import ConfigError, NotTold
from bot.domain.message import Message, Picture, Urgency

#: Seconds for all services together; Apprise gives each of them a few for each request.
PATIENCE = 30

_KIND = {
    Urgency.INFO: apprise.NotifyType.INFO,
    Urgency.GOOD: apprise.NotifyType.SUCCESS,
    Urgency.WARNING: apprise.NotifyType.WARNING,
    Urgency.ALARM: apprise.NotifyType.FAILURE,
}

# What went wrong is in the error raised here. Its own lines could quote an address, and with it a
# password, so they go nowhere else.
_log = logging.getLogger("apprise")
_log.propagate = False
_log.addHandler(logging.NullHandler())


@dataclass(frozen=True)
class AppriseMessenger:
    """Implements `bot.domain.ports.Messenger`.

    Attributes:
        services: everybody at once, in no order; none at all is fine and tells nobody.
    """

    services: apprise.Apprise

    def send(self, message: Message) -> None:
        """Send the message to all services at once. Raises NotTold."""
        if not len(self.services):
            return
        result = self.services.notify(
            title=message.title,
            body=message.body,
            notify_type=_KIND[message.urgency],
            body_format=apprise.NotifyFormat.TEXT,
            attach=[_attachment(one) for one in message.pictures],
            timeout=PATIENCE,
            log_level=logging.WARNING,
        )
        if not result:
            raise _not_told(result)


def connect(addresses: Sequence[str], setting: str) -> AppriseMessenger:
    """Return a messenger to these addresses.

    Args:
        addresses: in Apprise's form, such as mailto://… or tgram://….
        setting: where they stand, for the message of the error.

    Raises:
        ConfigError: Apprise does not know one of them. The message counts and does not quote it,
            because it may hold a password.
    """
    asset = apprise.AppriseAsset(app_id="ShiftMaker bot", app_desc="ShiftMaker bot", app_url="")
    services = apprise.Apprise(asset=asset)
    for number, address in enumerate(addresses, start=1):
        if not services.add(address):
            scheme = address.partition("://")[0] if "://" in address else ""
            raise ConfigError(
                f"{setting}: address {number} ({scheme or 'no'}://…) is none that Apprise knows; "
                "nobody would be told. Write one such as mailto://user:password@example.org or "
                "tgram://token/chat, separated by spaces."
            )
    return AppriseMessenger(services)


def _attachment(picture: Picture) -> AttachMemory:
    kind = "image/png" if picture.data.startswith(b"\x89PNG") else "image/jpeg"
    return AttachMemory(picture.data, picture.name, kind)  # type: ignore[no-untyped-call]


def _not_told(result: apprise.AppriseResult) -> NotTold:
    failed = [one for one in result if not one]
    reached = sum(1 for one in result if one)
    why = "; ".join(f"{one.name}: {_reason(one)}" for one in failed) or "no service took it"
    others = f" {reached} other(s) got it." if reached else " Nobody got it."
    return NotTold(
        f"A message was not delivered ({why}).{others} It is tried again.", reached=reached
    )


def _reason(one: apprise.NotifyResult) -> str:
    said = [entry.message.strip() for entry in one.logs() if entry.level in ("WARNING", "ERROR")]
    return said[-1].rstrip(".") if said else "it did not answer in time"
