"""Wires who is told what."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import SecretStr

from bot.choices.messages import Messages
from bot.domain.message import Message
from bot.domain.ports import Messenger


@dataclass(frozen=True)
class Messengers:
    """One messenger for each kind of reader; one without addresses tells nobody.

    Each raises ConfigError, at first use, where one of its addresses cannot be used.
    """

    choices: Messages

    @cached_property
    def editors(self) -> Messenger:
        """Who decides about posts."""
        return connect(self.choices.editors, "BOT_MESSAGES__EDITORS")

    @cached_property
    def operators(self) -> Messenger:
        """Who mends the bot."""
        if not self.choices.operators:
            return self.editors
        return connect(self.choices.operators, "BOT_MESSAGES__OPERATORS")

    @cached_property
    def escalation(self) -> Messenger:
        """Who is told when nobody mends it."""
        return connect(self.choices.escalation, "BOT_MESSAGES__ESCALATION")


class Nobody:
    """Implements `bot.domain.ports.Messenger` where there is nobody to tell."""

    def send(self, message: Message) -> None:
        """Tell nobody."""


def connect(addresses: Sequence[SecretStr], setting: str) -> Messenger:
    """Return a messenger to these addresses. Raises ConfigError where one cannot be used."""
    if not addresses:
        return Nobody()  # for which Apprise and its hundred services need not be loaded
    from bot.notify import messenger

    return messenger.connect([one.get_secret_value() for one in addresses], setting)
