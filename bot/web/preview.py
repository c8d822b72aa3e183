"""A post as followers will see it, drawn from exactly the text and card that will be sent.

The drawing is the sandbox's: what it shows of a post that arrived, it shows of one to come.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlsplit

from jinja2 import Environment
from markupsafe import Markup

from bot import platforms
from bot.app import App
from bot.domain.ports import Measure
from bot.domain.post import Content, Post
from bot.domain.price import cost
from bot.http.sandbox import (
    ACCOUNT_HANDLE,
    ACCOUNT_TAGLINE,
    LinkCard,
    Picture,
    PlatformSandbox,
    Shown,
)
from bot.http.sandbox.pages import environment, folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One drawn post.

    Attributes:
        html: as followers will see it.
        parts: what follows under it, likewise.
        measure: of its text, as the platform counts.
        price: what sending it costs, in US dollars.
        comment: the link an editor posts by hand below it, "" where there is none.
        note: what followers are not told; "" where there is nothing.
    """

    html: Markup
    parts: tuple[Markup, ...]
    measure: Measure
    price: Decimal
    comment: str
    note: str

    @property
    def left(self) -> int:
        """How many characters are left."""
        return self.measure.limit - max(self.measure.length, self.measure.wire_length)


@dataclass(frozen=True)
class Previews:
    """Draws posts.

    Attributes:
        media: where cards are found, by their SHA-256.
    """

    app: App
    media: str = "/cards/"

    @cached_property
    def _sandboxes(self) -> dict[str, PlatformSandbox]:
        return {name: platforms.sandbox(name)() for name in platforms.names()}

    @cached_property
    def icons(self) -> Markup:
        """The symbols a drawn post uses; once per page."""
        return Markup(self._environment.get_template("icons.html").render())  # noqa: S704 -- ours

    @cached_property
    def _environment(self) -> Environment:
        return environment()

    def of(self, post: Post, content: Content, now: datetime) -> Preview:
        """Return the post with this content, which may be its own or one an editor is typing."""
        dialect = self.app.dialects[post.channel]
        sandbox = self._sandboxes[post.platform]
        seen = sandbox.as_followers_see(content.text, dialect.measure)
        shown = Shown(
            id=str(post.id),
            at=now,
            segments=seen.segments,
            permalink="",
            pictures=self._pictures(content),
            document=content.document_title,
            link=_link_card(content),
            note="",
        )
        template = self._environment.select_template([f"{post.platform}.html", "_default.html"])
        html = template.render(
            post=folded(sandbox, shown),
            account=self._account(post),
            single=False,
            media=self.media,
            now=now,
            sandbox=sandbox,
        )
        prices = self.app.prices.get(post.platform)
        return Preview(
            html=Markup(html),  # noqa: S704 -- rendered with everything escaped
            parts=tuple(self._part(post, words) for words in content.parts),
            measure=dialect.measure(content.text),
            price=cost(content, dialect=dialect, prices=prices) if prices else Decimal(0),
            comment=content.by_hand,
            note=seen.note,
        )

    def _part(self, post: Post, words: str) -> Markup:
        measure = self.app.dialects[post.channel].measure
        seen = self._sandboxes[post.platform].as_followers_see(words, measure)
        template = self._environment.get_template("part.html")
        html = template.render(segments=seen.segments, account=self._account(post), media="/cards/")
        return Markup(html)  # noqa: S704 -- rendered with everything escaped

    def _pictures(self, content: Content) -> tuple[Picture, ...]:
        if content.card is None:
            return ()
        size = self.app.store.shelf.size(content.card)
        if size is None:  # pruned long after the post ended
            return ()
        width, height = size
        pages = self.app.store.shelf.pages(content.card)
        if pages:
            return tuple(
                Picture(blob=f"{content.card}/{page}", width=width, height=height)
                for page in range(1, pages + 1)
            )
        first = Picture(blob=content.card, alt=content.alt_text, width=width, height=height)
        more = [
            Picture(blob=name, alt=alt, width=size[0], height=size[1])
            for name, alt in content.pictures
            if (size := self.app.store.shelf.size(name)) is not None
        ]
        return (first, *more)

    def _account(self, post: Post) -> dict[str, str]:
        settings = self.app.settings
        handle = getattr(settings.platform(post.platform), "handle", "") or ACCOUNT_HANDLE
        return {
            "name": settings.site.name,
            "handle": handle.removeprefix("@"),
            "tagline": ACCOUNT_TAGLINE,
        }


def _link_card(content: Content) -> LinkCard | None:
    if not content.link_title or not content.link:
        return None
    site = (urlsplit(content.link).hostname or "").removeprefix("www.")
    return LinkCard(href=content.link, title=content.link_title, site=site)
