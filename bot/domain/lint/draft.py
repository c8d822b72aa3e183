"""What the rules look at: one post with everything it is compared with, measured once."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from bot.domain import wording
from bot.domain.article import Article
from bot.domain.card import CardContent
from bot.domain.facts import Ground
from bot.domain.ports import Dialect, Entity, Measure
from bot.domain.post import Content, Finding, Level
from bot.domain.wording import Span

#: A post of at most this many characters is one thought; a longer one has lines of its own.
SHORT_FORM = 600
_SCHEMED = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
#: What a browser, a mail program or LinkedIn's composer makes a link of; X says for itself.
_DOMAIN = re.compile(
    r"(?<![\w@./-])[A-Za-z0-9-]+\.(?:ai|com|org|net|io|co|dev|app|gov|edu|in|uk|eu|de)(?![\w.-]*\w)",
    re.IGNORECASE,
)
_LINKEDIN_MENTION = re.compile(r"@\[([^\]]*)\]\((urn:li:\w+:[\w-]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What the house allows.

    Attributes:
        hashtags: allowed spellings, without "#"; empty allows any.
        mentions: handle (without "@") or LinkedIn page URN → the page's exact name.
        acronyms: words that are written in capitals.
        names: names that are names wherever they stand.
        sensitive: topic → words; a person decides about such a post.
        house_words: words the house's templates add, such as "Why it matters".
        site: the site's name; a hook does not start with it.
        language: of the channel; "" takes any.
        max_hashtags: None means the platform's custom: 2 in a short form, 5 in a long one.
        link: where the link belongs: "text", "elsewhere" (a card, a comment) or "none".
        utm: the link carries tags.
        utm_campaign: what the tag must say; "" takes any.
    """

    hashtags: frozenset[str] = frozenset()
    mentions: dict[str, str] = field(default_factory=dict)
    acronyms: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    sensitive: dict[str, tuple[str, ...]] = field(default_factory=dict)
    house_words: str = ""
    site: str = ""
    language: str = ""
    max_hashtags: int | None = None
    link: str = "text"
    utm: bool = True
    utm_campaign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known about the time and the past; only the shell knows it.

    Attributes:
        now: aware.
        earlier: texts of this channel's posts of the last 30 days, this one not among them.
        posted: this article already has a post on this channel that is live or on its way.
    """

    now: datetime
    earlier: tuple[str, ...] = ()
    posted: bool = False


class Draft:
    """One post, ready to be looked at by the rules."""

    def __init__(
        self,
        content: Content,
        dialect: Dialect,
        article: Article | None,
        card: CardContent | None,
        style: Style,
    ) -> None:
        """Keep what the rules compare."""
        self.content = content
        self.dialect = dialect
        self.article = article
        self.card = card
        self.style = style
        self.text = content.text

    @property
    def is_short(self) -> bool:
        """Whether the platform takes short posts only."""
        return self.dialect.limit <= SHORT_FORM

    @cached_property
    def measure(self) -> Measure:
        """The post as its platform counts it."""
        return self.dialect.measure(self.text)

    @cached_property
    def links(self) -> tuple[Span, ...]:
        """Addresses with a scheme, with their places."""
        return tuple(
            Span(
                text=m[0].rstrip(".,;:!?)"),
                start=m.start(),
                end=m.start() + len(m[0].rstrip(".,;:!?)")),
            )
            for m in _SCHEMED.finditer(self.text)
        )

    @cached_property
    def accidents(self) -> tuple[Entity, ...]:
        """What the platform turns into a link although nobody wrote one."""
        likely = () if self.is_short else map(_entity, _DOMAIN.finditer(self.text))
        return tuple(
            entity
            for entity in (*self.entities("url"), *likely)
            if not any(link.start <= entity.start < link.end for link in self.links)
        )

    def entities(self, kind: str) -> tuple[Entity, ...]:
        """Return what the platform finds in the text, of one kind."""
        return tuple(entity for entity in self.measure.entities if entity.kind == kind)

    @cached_property
    def linkedin_mentions(self) -> tuple["re.Match[str]", ...]:
        """Mentions in LinkedIn's little-text form."""
        return tuple(_LINKEDIN_MENTION.finditer(self.text))

    @cached_property
    def prose(self) -> str:
        """The text with links, hashtags, mentions and their labels blanked, at the same places."""
        characters = list(self.text)
        spans: list[tuple[int, int]] = [(link.start, link.end) for link in self.links]
        spans += [
            (e.start, e.end) for e in self.measure.entities if e.kind in ("hashtag", "mention")
        ]
        spans += [match.span() for match in self.linkedin_mentions]
        for start, end in spans:
            characters[start:end] = " " * (end - start)
        blanked = "".join(characters)
        # "Read the story:" in front of a link is a label, not a cut sentence
        return re.sub(r"[^\n.!?]*[:：→] +(?=\n|$)", lambda m: " " * len(m[0]), blanked)

    @cached_property
    def sentences(self) -> list[Span]:
        """The sentences of the prose."""
        return wording.sentence_spans(self.prose)

    @cached_property
    def ground(self) -> Ground | None:
        """What the article says."""
        if self.article is None:
            return None
        day = self.article.published_at.date().isoformat() if self.article.published_at else ""
        return Ground(self.article.text, also=f"{self.style.house_words} {self.style.site} {day}")


def _entity(match: re.Match[str]) -> Entity:
    return Entity(kind="url", text=match[0], start=match.start(), end=match.end())


def found(
    rule: str,
    message: str,
    *,
    at: "Span | Entity | None" = None,
    fix: str | None = None,
    level: Level = Level.BLOCK,
) -> Finding:
    """Return a finding, blocking unless said otherwise."""
    return Finding(
        rule=rule,
        level=level,
        message=message,
        start=at.start if at else None,
        end=at.end if at else None,
        fix=fix,
    )
