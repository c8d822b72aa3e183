"""What the bot tells people: editors who have to decide, operators who have to mend."""

from dataclasses import dataclass
from enum import StrEnum


class Urgency(StrEnum):
    """How much a message hurries; each service shows it in its own way."""

    INFO = "info"
    GOOD = "good"  # something that was wrong is right again
    WARNING = "warning"  # somebody should look today
    ALARM = "alarm"  # somebody should look now


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that goes with a message.

    Attributes:
        name: as a file name, such as "x.png".
        data: the bytes, PNG or JPEG.
    """

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message, the same to everybody who gets it.

    Attributes:
        title: one line.
        text: plain, may have several lines.
        link: an address to go to, "" where there is none; written under the text.
    """

    title: str
    text: str
    urgency: Urgency = Urgency.INFO
    link: str = ""
    pictures: tuple[Picture, ...] = ()

    @property
    def body(self) -> str:
        """The text with the link under it."""
        return f"{self.text}\n\n{self.link}" if self.link else self.text
