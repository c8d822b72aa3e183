"""The article's own picture, for cards that show it."""

from dataclasses import dataclass, field, replace

from bot.cards import images
from bot.domain.article import Article
from bot.domain.errors import ContentError
from bot.domain.ports import Clock
from bot.http.fetch import Fetcher, Limits

#: What `bot.cards.images` opens; a server that sends more is not read to the end.
LIMITS = Limits(size=20_000_000)


@dataclass
class Pictures:
    """Fetches pictures as articles are fetched: guarded, bounded, never from our own network."""

    fetcher: Fetcher
    clock: Clock
    _last: tuple[str, bytes] = field(default=("", b""))

    def of(self, article: Article) -> bytes:
        """Return the bytes of an article's picture, of which a card can be drawn.

        Raises:
            ContentError: it has none with a description, or it cannot be used.
            SourceError: it cannot be fetched.
        """
        image = article.image
        if image is None or not image.alt.strip():
            raise ContentError(
                f"{article.title!r} has no picture with a description; no card was drawn of it."
            )
        if self._last[0] != image.url:  # the article's other posts show the same one
            patient = replace(self.fetcher, limits=LIMITS, refuses=("text/", "video/", "audio/"))
            fetched = patient.get(image.url, now=self.clock.now())
            data = fetched.document.content if fetched.document else b""
            images.cut(data, (1200, 675))  # what cannot be drawn is known before it is chosen
            self._last = (image.url, data)
        return self._last[1]
