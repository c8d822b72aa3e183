"""A piece of HTML that is said to be an article: its paragraphs, its sources, its first picture."""

from dataclasses import dataclass

from bot.domain.article import Picture, SourceLink
from bot.domain.house import body_and_sources
from bot.markup.excerpt import is_whole_article, without_boilerplate
from bot.markup.html import blocks, first_picture, parse


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is in it.

    Attributes:
        whole: it is the whole article, as far as can be told.
    """

    body: tuple[str, ...] = ()
    sources: tuple[SourceLink, ...] = ()
    image: Picture | None = None
    whole: bool = False


def story(markup: str, base: str) -> Story:
    """Return what is in a piece of HTML."""
    root = parse(markup)
    if root is None:
        return Story()
    body, sources = body_and_sources(without_boilerplate(blocks(root, base)))
    return Story(
        body=body,
        sources=sources,
        image=first_picture(root, base),
        whole=is_whole_article(body, markup=markup),
    )
