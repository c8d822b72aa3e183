"""From an article to a post: whole sentences of the article, chosen by Python, arranged by a template."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from bot.domain import links, lint, text
from bot.domain.article import Article
from bot.domain.card import CardContent
from bot.domain.errors import ContentError
from bot.domain.lint import Record, Style
from bot.domain.ports import Dialect
from bot.domain.post import Content, Finding
from bot.pipeline import choose, score, sentences
from bot.pipeline.choose import Choice, Room, Shown
from bot.pipeline.sentences import Sentence
from bot.pipeline.words import Words

#: A post of at most this many characters is one thought; a longer one has lines of its own.
SHORT_FORM = 600
#: What a card's standfirst may hold before it is small print.
CARD_DEK = 160
#: Policies with the link in the text, and those with none that readers can follow.
IN_TEXT, NOWHERE = frozenset({"in_post", "body"}), frozenset({"card_only"})
POLICIES = (
    "in_post", "card_only", "thread_reply",
    "body", "article", "first_comment", "manual_comment",
)  # fmt: skip
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NO_SPACES = ("zh", "ja", "th")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the house wants its posts.

    Attributes:
        link_policy: where the link goes. X: "in_post", "card_only" (none), "thread_reply".
            LinkedIn: "body", "article" (the link card), "first_comment", "manual_comment".
        utm: tag the link.
        utm_campaign: "" means the article's day.
        marker: utm_content, a short code by which the post is found again.
        max_hashtags: None means the platform's custom (2 on X, 3 on LinkedIn).
        max_length: None means the platform's own limit.
        target: from … to, the length a post should have; None means the house's custom.
        thread: further facts follow as numbered replies (short forms only).
        mentions: companies of the vocabulary may be mentioned in edited text.
        variants: how many other wordings to offer.
        zone: in which an article's time is a day; None means the time's own.
        site: the site's name.
        language: of the channel; "" takes any.
    """

    link_policy: str = "in_post"
    utm: bool = True
    utm_campaign: str = ""
    marker: str = ""
    max_hashtags: int | None = None
    max_length: int | None = None
    target: tuple[int, int] | None = None
    thread: bool = False
    mentions: bool = False
    variants: int = 2
    zone: tzinfo | None = None
    site: str = "The ShiftMaker"
    language: str = ""

    def __post_init__(self) -> None:
        """Refuse a policy nobody could honour."""
        if self.link_policy not in POLICIES:
            raise ContentError(
                f"No link policy {self.link_policy!r}; there are {', '.join(POLICIES)}."
            )


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
    desk = _Desk(_readable(article), dialect, words, options)
    contents = list(desk.contents())
    if not contents:
        raise ContentError(
            f"No whole sentence of {article.title!r} fits {dialect.name} ({desk.limit}). "
            "Nothing was posted. Write this one by hand."
        )
    card = _card(desk.article, contents[0], options)
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
    readable = _readable(article)
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


class _Desk:
    """Everything one composition works with."""

    def __init__(self, article: Article, dialect: Dialect, words: Words, options: Options) -> None:
        self.article = article
        self.dialect = dialect
        self.words = words
        self.options = options
        self.limit = min(options.max_length or dialect.limit, dialect.limit)
        self.is_short = self.limit <= SHORT_FORM
        self.in_text = options.link_policy in IN_TEXT
        self.link = None if options.link_policy in NOWHERE else self._link()
        self.labels = words.vocabulary.labels.get(article.language.split("-")[0], {})
        speller = _Speller(words)
        pool = [s for s in map(speller, sentences.of(article)) if self._usable(s)]
        self.pool = score.read(pool, article)

    @property
    def comment(self) -> str:
        """The words under a post whose link is not in its text."""
        label = self.labels.get("link", "")
        return f"{label}: {self.link}" if label else str(self.link)

    def contents(self) -> Iterator[Content]:
        """Yield wordings that fit, best first, each unlike those before."""
        made: list[Content] = []
        shown = Shown(
            title=text.content_words(self.article.title),
            card=choose.words_of(self.article.title, _card_dek(self.article)),
        )
        pick = choose.short if self.is_short else choose.long
        for choice in pick(self.pool, shown, self._room()):
            content = self._content(choice)
            if content and all(text.likeness(_plain(content), _plain(o)) < 0.65 for o in made):
                made.append(content)
                yield content
            if len(made) > self.options.variants:
                return

    def _room(self) -> Room:
        custom = (self.limit * 9 // 14, self.limit * 25 // 28) if self.is_short else (450, 900)
        count = self.options.max_hashtags
        tags = _hashtags(self.article, self.words)
        return Room(
            length=lambda words: self.dialect.measure(words).length,
            frame=self.dialect.measure(self._render("A", (), "", ())).length,
            limit=self.limit,
            target=self.options.target or custom,
            tags=tags[: (2 if self.is_short else 3) if count is None else count],
        )

    def _content(self, choice: Choice) -> Content | None:
        why = choice.why.text if choice.why else ""
        words = self._render(
            choice.hook.text, tuple(f.text for f in choice.facts), why, choice.tags
        )
        measure = self.dialect.measure(words)
        if not measure.valid or measure.length > self.limit:
            return None
        parts = self._parts(choice)
        return Content(text=words, link=self.link, hashtags=choice.tags, parts=parts)

    def _render(self, hook: str, facts: tuple[str, ...], why: str, tags: tuple[str, ...]) -> str:
        spaced = self.article.language.split("-")[0] not in _NO_SPACES
        return self.words.render(
            self.dialect.name,
            article=self.article,
            hook=hook,
            facts=facts,
            space=" " if spaced else "",
            why=why,
            why_label=self.labels.get("why", ""),
            link=self.link if self.in_text else None,
            link_label=self.labels.get("link", ""),
            hashtags=[f"#{tag}" for tag in tags],
        )

    def _parts(self, choice: Choice) -> tuple[str, ...]:
        """Return what follows the post: more facts, numbered, and the link where it belongs there."""
        parts: list[str] = []
        if self.options.thread and self.is_short:
            parts = self._thread(choice)
        if self.options.link_policy in ("thread_reply", "first_comment"):
            parts.append(self.comment)
        return tuple(parts)

    def _thread(self, choice: Choice) -> list[str]:
        told, spare = set(choice.told), [c for c in self.pool if c.sentence.paragraph >= 0]
        rest = [c for c in spare if c not in told and c.order > choice.hook.order]
        numbered: list[str] = []
        for candidate in rest:
            standing = choose.stands((choice.hook, candidate), _NOTHING_SHOWN)
            words = f"{len(numbered) + 2}/ {candidate.text}"
            if standing and len(numbered) < 3 and self.dialect.measure(words).length <= self.limit:
                numbered.append(words)
        return numbered

    def _link(self) -> str:
        if not self.options.utm:
            return links.canonical(self.article.url)
        day = _day(self.article, self.options)
        campaign = self.options.utm_campaign or (day.isoformat() if day else "undated")
        return links.tagged(
            self.article.url,
            source=self.dialect.name,
            campaign=campaign,
            content=self.options.marker,
        )

    def _usable(self, sentence: Sentence) -> bool:
        if score.is_boilerplate(sentence.text) or not text.is_whole(sentence.text):
            return False
        turned = self.dialect.measure(sentence.text).entities
        return not any(entity.kind in ("url", "mention", "hashtag") for entity in turned)


_NOTHING_SHOWN = Shown(title=frozenset(), card=frozenset())


class _Speller:
    """Writes names that a network would turn into a link the way the house writes them."""

    def __init__(self, words: Words) -> None:
        self._spellings = words.vocabulary.spellings
        names = "|".join(map(re.escape, sorted(self._spellings, key=len, reverse=True)))
        self._pattern = re.compile(rf"(?<![\w.@/-])(?:{names})(?![\w/-])") if names else None

    def __call__(self, sentence: Sentence) -> Sentence:
        if self._pattern is None:
            return sentence
        spelled = self._pattern.sub(lambda found: self._spellings[found[0]], sentence.text)
        return replace(sentence, text=spelled)


def _hashtags(article: Article, words: Words) -> tuple[str, ...]:
    """Return the vocabulary's tags the article is about, most fitting first."""
    weights: dict[str, float] = {}
    rest = "\n".join(article.body)
    for tag, said in words.vocabulary.hashtags.items():
        pattern = re.compile(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, said))})(?![\w-])")
        inside = len(pattern.findall(rest))
        weight = 3 * len(pattern.findall(article.title)) + 2 * len(pattern.findall(article.dek))
        if inside and (weight := weight + min(inside, 4)) >= 3:
            weights[tag] = weight
    return tuple(sorted(weights, key=weights.__getitem__, reverse=True))


def _readable(article: Article) -> Article:
    """Return the article without what another format left in it, such as "&amp;"."""

    def plain(words: str) -> str:
        return sentences.spaced(text.clean(html.unescape(words)))

    body = tuple(plain(paragraph) for paragraph in article.body)
    return replace(article, title=plain(article.title), dek=plain(article.dek), body=body)


def _card(article: Article, content: Content, options: Options) -> CardContent:
    dek = _card_dek(article)
    return CardContent(
        title=article.title,
        dek="" if dek and text.covered(dek, content.text) > 0.9 else dek,
        section=article.section,
        published=_day(article, options),
        language=article.language,
    )


def _card_dek(article: Article) -> str:
    """Return as much of the standfirst as fits a card, in whole sentences."""
    dek = ""
    for sentence in sentences.split(article.dek, article.language):
        longer = f"{dek} {sentence}".strip()
        if len(longer) > CARD_DEK or score.is_boilerplate(sentence):
            break
        dek = longer
    return dek


def _day(article: Article, options: Options) -> date | None:
    """Return the article's day: the one in its id, which the site itself chose, comes first."""
    if match := _DAY.match(article.key):
        return date.fromisoformat(match[0])
    if article.published_at is None:
        return None
    zone = options.zone
    return (article.published_at.astimezone(zone) if zone else article.published_at).date()


def _plain(content: Content) -> str:
    return " ".join(word for word in content.text.split() if "://" not in word and word[0] != "#")
