"""From an article to a post: whole sentences of the article, chosen by Python, arranged by a template."""

from dataclasses import dataclass

from bot.domain import lint
from bot.domain.article import Article
from bot.domain.card import CardContent
from bot.domain.errors import ContentError
from bot.domain.lint import Record, Style
from bot.domain.ports import Dialect
from bot.domain.post import Content, Finding
from bot.pipeline import story
from bot.pipeline.desk import IN_TEXT, NOWHERE, Desk, Options
from bot.pipeline.words import Words

__all__ = ["Composed", "Options", "compose", "house_style", "proofread"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What the bot proposes to an editor.

    Attributes:
        content: the best wording, still without card and alt text.
        card: what the share card says.
        variants: other wordings, best first.
        findings: what an editor should know about `content`.
        comment: what an editor posts by hand under the post ("manual_comment"), or "".
    """

    content: Content
    card: CardContent
    variants: tuple[Content, ...] = ()
    findings: tuple[Finding, ...] = ()
    comment: str = ""


def compose(
    article: Article, *, dialect: Dialect, words: Words, options: Options | None = None
) -> Composed:
    """Return a post for one platform, made of the article's own sentences.

    Nothing is invented, shortened or reworded: sentences are chosen, whole.

    Raises:
        ContentError: the article has no title, no text, no address, or nothing that fits.
        ConfigError: a template is broken.
    """
    options = options or Options()
    if not article.title.strip():
        raise ContentError(f"{article.url}: the article has no headline; nothing was made of it.")
    if not any(paragraph.strip() for paragraph in article.body):
        raise ContentError(f"{article.title!r} has no text; a post would have nothing to stand on.")
    desk = Desk(story.readable(article, words), dialect, words, options)
    contents = list(desk.contents())
    if not contents:
        raise ContentError(
            f"No whole sentence of {article.title!r} fits {dialect.name} ({desk.limit}). "
            "Nothing was posted. Write this one by hand."
        )
    card = story.card(desk.article, contents[0], options.zone, desk.facts())
    return Composed(
        content=contents[0],
        card=card,
        variants=tuple(contents[1:]),
        findings=proofread(
            contents[0], article=article, dialect=dialect, words=words, options=options, card=card
        ),
        comment=desk.comment if options.link_policy == "manual_comment" else "",
    )


def proofread(  # noqa: PLR0913 -- a post and what it is compared with
    content: Content,
    *,
    article: Article,
    dialect: Dialect,
    words: Words,
    options: Options | None = None,
    card: CardContent | None = None,
    record: Record | None = None,
) -> tuple[Finding, ...]:
    """Return what an editor should know about a post, composed or changed by hand."""
    style = house_style(words, options or Options(), dialect)
    readable = story.readable(article, words)
    return lint.check(
        content, dialect=dialect, article=readable, card=card, style=style, record=record
    )


def house_style(words: Words, options: Options, dialect: Dialect) -> Style:
    """Return the house's rules as the linter takes them."""
    vocabulary = words.vocabulary
    in_text = options.link_policy in IN_TEXT
    mentions: dict[str, str] = {}
    for name, who in vocabulary.companies.items() if options.mentions else ():
        mentions |= {who.x: name} if dialect.name == "x" else {who.linkedin: who.name or name}
    said = [label for labels in vocabulary.labels.values() for label in labels.values()]
    return Style(
        hashtags=frozenset(vocabulary.hashtags),
        mentions={key: name for key, name in mentions.items() if key},
        acronyms=vocabulary.acronyms,
        names=frozenset([*vocabulary.hashtags, *vocabulary.companies]),
        sensitive=vocabulary.sensitive,
        house_words=" ".join([*said, *vocabulary.spellings.values()]),
        site=options.site,
        language=options.language,
        max_hashtags=options.max_hashtags,
        link="text" if in_text else "none" if options.link_policy in NOWHERE else "elsewhere",
        utm=options.utm,
        utm_campaign=options.utm_campaign,
    )
