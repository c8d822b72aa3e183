"""A share card: what it says, and the picture made of it."""

from dataclasses import dataclass
from datetime import date

from bot.domain.post import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class CardContent:
    """What a card says. Plain text: markup in it is shown, never run.

    Attributes:
        layout: "headline", "number", "quote", "picture", "carousel", or one of the user's own.
        variant: "dark" or "light"; a picture is always shown dark.
        figure: for "number": the figure as readers see it ("28.8M").
        figure_label: what the figure counts.
        quote: for "quote": the words exactly as they were said, without quotation marks.
        speaker: who said them.
        picture: for "picture": an image file's bytes, checked before they are used.
        picture_alt: what the picture shows; needed with `picture`.
        facts: for a carousel: one page each, at most three.
        sources: for a carousel's last page: names of the article's sources.
        url: for a carousel's last page: where the story is.
    """

    title: str
    dek: str = ""
    section: str = ""
    published: date | None = None
    language: str = "en"
    layout: str = "headline"
    variant: str = "dark"
    figure: str = ""
    figure_label: str = ""
    quote: str = ""
    speaker: str = ""
    picture: bytes | None = None
    picture_alt: str = ""
    facts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A drawn card: a picture, or a document of several pages.

    Attributes:
        png: sRGB PNG without alpha; the same content gives the same bytes everywhere. Of a
            document: its first page, to look at.
        sha256: of `sent`; the card's name.
        width, height: pixels.
        alt_text: for readers who cannot see it.
        findings: what an editor should know about how it reads (rule "card-legible").
        left_out: sentences of the dek there was no room for.
        pdf: the document, b"" for a picture.
        more: a document's other pages as PNG, to look at.
        title: a document's title, which followers see above its pages; "" for a picture.
    """

    png: bytes
    sha256: str
    width: int
    height: int
    layout: str
    alt_text: str
    findings: tuple[Finding, ...] = ()
    left_out: tuple[str, ...] = ()
    pdf: bytes = b""
    more: tuple[bytes, ...] = ()
    title: str = ""

    @property
    def sent(self) -> bytes:
        """What goes to the platform: the document where there is one, else the picture."""
        return self.pdf or self.png
