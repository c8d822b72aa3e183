"""One composition at work: the sentences that may be used, the room there is, the wordings made."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import tzinfo

from bot.domain import links, text
from bot.domain.article import Article
from bot.domain.errors import ConfigError
from bot.domain.lint.draft import SHORT_FORM
from bot.domain.ports import Dialect
from bot.domain.post import Content
from bot.pipeline import choose, pages, score, sentences, story
from bot.pipeline.boilerplate import is_boilerplate
from bot.pipeline.choose import Choice, Room, Shown
from bot.pipeline.sentences import Sentence
from bot.pipeline.words import Words

#: Policies with the link in the text, and those with none that readers can follow.
IN_TEXT, NOWHERE = frozenset({"in_post", "body"}), frozenset({"card_only"})
#: Languages that put no space between sentences.
_NO_SPACES = ("zh", "ja")
POLICIES = (
    "in_post", "card_only", "thread_reply",
    "body", "article", "first_comment", "manual_comment",
)  # fmt: skip


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
            raise ConfigError(
                f"No link policy {self.link_policy!r}; there are {', '.join(POLICIES)}."
            )


class Desk:
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
        pool = [sentence for sentence in sentences.of(article) if self._usable(sentence)]
        self.pool = score.read(pool, article)

    @property
    def comment(self) -> str:
        """The words under a post whose link is not in its text."""
        label = self.labels.get("link", "")
        return f"{label}: {self.link}" if label else str(self.link)

    def contents(self) -> Iterator[Content]:
        """Yield wordings that fit, best first, each unlike those before."""
        made: list[Content] = []
        pick = choose.short if self.is_short else choose.long
        choices = pick(self.pool, self._shown(), self._room())
        for choice in _hooks_first(choices):
            content = self._content(choice)
            if content and all(text.likeness(_plain(content), _plain(o)) < 0.65 for o in made):
                made.append(content)
                yield content
            if len(made) > self.options.variants:
                return

    def facts(self) -> tuple[str, ...]:
        """Return the sentences for the pages of a document."""
        title = text.content_words(self.article.title)
        return pages.facts(self.pool, Shown(title=title, card=title))

    def _shown(self) -> Shown:
        """Return what the card will show; it leaves out a standfirst that the text repeats."""
        dek, lede = story.card_dek(self.article), self.article.body[0]
        card = (
            self.article.title
            if text.covered(dek, lede) > story.REPEATED
            else f"{self.article.title}\n{dek}"
        )
        return Shown(
            title=text.content_words(self.article.title),
            card=text.content_words(card),
            figures=score.figures(card),
        )

    def _room(self) -> Room:
        custom = (self.limit * 9 // 14, self.limit * 25 // 28) if self.is_short else (450, 900)
        count = self.options.max_hashtags
        tags = story.hashtags(self.article, self.words, least=3 if self.is_short else 2)
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
        content = Content(text=words, link=self.link, hashtags=choice.tags, parts=parts)
        if self.options.link_policy == "article":
            title, dek = self.article.title, story.card_dek(self.article)
            content = replace(content, link_title=title, link_description=dek)
        return content

    def _render(self, hook: str, facts: tuple[str, ...], why: str, tags: tuple[str, ...]) -> str:
        latin = any(said[-1:].isascii() for said in (hook, *facts))
        spaced = latin or self.article.language.split("-")[0] not in _NO_SPACES
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
        day = story.day(self.article, self.options.zone)
        campaign = self.options.utm_campaign or (day.isoformat() if day else "undated")
        return links.tagged(
            self.article.url,
            source=self.dialect.name,
            campaign=campaign,
            content=self.options.marker,
        )

    def _usable(self, sentence: Sentence) -> bool:
        if is_boilerplate(sentence.text) or not text.is_whole(sentence.text):
            return False
        turned = self.dialect.measure(sentence.text).entities
        return not any(entity.kind in ("url", "mention", "hashtag") for entity in turned)


_NOTHING_SHOWN = Shown(title=frozenset(), card=frozenset())


def _plain(content: Content) -> str:
    return " ".join(word for word in content.text.split() if "://" not in word and word[0] != "#")


def _hooks_first(choices: list[Choice]) -> list[Choice]:
    """Return the best choice of every hook, then all the others: a variant should differ."""
    seen: set[str] = set()
    first: list[Choice] = []
    for choice in choices:
        if choice.hook.text not in seen:
            seen.add(choice.hook.text)
            first.append(choice)
    return first + choices
