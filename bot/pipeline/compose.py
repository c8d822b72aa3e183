"""From an article to a post: whole sentences of the article, chosen by Python, arranged by a template."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from bot.domain import links, text
from bot.domain.article import Article
from bot.domain.card import CardContent
from bot.domain.errors import ContentError
from bot.domain.ports import Dialect
from bot.domain.post import Content, Finding
from bot.pipeline import score, sentences
from bot.pipeline.score import Footing
from bot.pipeline.sentences import Sentence
from bot.pipeline.words import Words

#: A post of at most this many characters is one thought; a longer one has lines of its own.
SHORT_FORM = 600
#: Where LinkedIn cuts to "…more" on phones and on desktops (measured by third parties).
FOLD, DESKTOP_FOLD = 140, 210
#: What a card's standfirst may hold before it is small print.
CARD_DEK = 160
_CANDIDATES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the house wants its posts.

    Attributes:
        link_policy: "in_post" (X) or "body" (LinkedIn): the link stands in the text.
            "card_only": no link at all. "article": the link goes into LinkedIn's link card.
        utm: tag the link.
        utm_campaign: "" means the day of publication.
        marker: utm_content, a short code by which the post is found again.
        max_hashtags: None means the platform's custom (2 on X, 3 on LinkedIn).
        max_length: None means the platform's own limit.
        target: from … to, the length a post should have; None means the house's custom.
    """

    link_policy: str = "in_post"
    utm: bool = True
    utm_campaign: str = ""
    marker: str = ""
    max_hashtags: int | None = None
    max_length: int | None = None
    target: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What the bot proposes to an editor.

    Attributes:
        content: the best wording, still without card and alt text.
        card: what the share card says.
        variants: other wordings, best first.
        findings: what an editor should know about `content`.
    """

    content: Content
    card: CardContent
    variants: tuple[Content, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    hook: Sentence
    facts: tuple[Sentence, ...] = ()
    why: Sentence | None = None
    tags: tuple[str, ...] = ()
    value: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """Everything one composition works with."""

    article: Article
    dialect: Dialect
    words: Words
    options: Options
    link: str | None
    tags: tuple[str, ...]
    pool: tuple[Sentence, ...]

    @property
    def limit(self) -> int:
        return min(self.options.max_length or self.dialect.limit, self.dialect.limit)

    @property
    def is_short(self) -> bool:
        return self.limit <= SHORT_FORM

    @property
    def target(self) -> tuple[int, int]:
        if self.options.target:
            return self.options.target
        return (self.limit * 9 // 14, self.limit * 25 // 28) if self.is_short else (450, 900)

    def render(self, choice: _Choice) -> str:
        labels = self.words.vocabulary.labels.get(self.article.language.split("-")[0], {})
        return self.words.render(
            self.dialect.name,
            article=self.article,
            hook=choice.hook.text,
            facts=[fact.text for fact in choice.facts],
            why=choice.why.text if choice.why else "",
            why_label=labels.get("why", ""),
            link=self.link if self.options.link_policy in {"in_post", "body"} else None,
            link_label=labels.get("link", ""),
            hashtags=[f"#{tag}" for tag in choice.tags],
        )

    def length(self, words: str) -> int:
        return self.dialect.measure(words).length


def compose(
    article: Article, *, dialect: Dialect, words: Words, options: Options | None = None
) -> Composed:
    """Return a post for one platform, made of the article's own sentences.

    Nothing is invented, shortened or reworded: sentences are chosen, whole.

    Raises:
        ContentError: the article has no title, no text, no address, or nothing that fits.
        ConfigError: a template is broken.
    """
    desk = _desk(article, dialect, words, options or Options())
    choices = _short(desk) if desk.is_short else _long(desk)
    contents: list[Content] = []
    for choice in choices:
        content = _content(desk, choice)
        if content and all(text.likeness(content.text, other.text) < 0.7 for other in contents):
            contents.append(content)
        if len(contents) == 3:
            break
    if not contents:
        raise ContentError(
            f"No whole sentence of {article.title!r} fits {dialect.name} ({desk.limit}). "
            "Nothing was posted. Write this one by hand."
        )
    return Composed(
        content=contents[0], card=_card(article, contents[0]), variants=tuple(contents[1:])
    )


def _desk(article: Article, dialect: Dialect, words: Words, options: Options) -> _Desk:
    if not article.title.strip():
        raise ContentError(f"{article.url}: the article has no headline; nothing was made of it.")
    if not any(paragraph.strip() for paragraph in article.body):
        raise ContentError(f"{article.title!r} has no text; a post would have nothing to stand on.")
    link = links.canonical(article.url)
    if options.utm:
        day = article.published_at.date().isoformat() if article.published_at else ""
        campaign = options.utm_campaign or day
        link = links.tagged(link, source=dialect.name, campaign=campaign, content=options.marker)
    pool = tuple(s for s in map(_Speller(words), sentences.of(article)) if _usable(s, dialect))
    count = options.max_hashtags
    short = min(options.max_length or dialect.limit, dialect.limit) <= SHORT_FORM
    tags = _hashtags(article, words)[: (2 if short else 3) if count is None else count]
    return _Desk(
        article=article,
        dialect=dialect,
        words=words,
        options=options,
        link=None if options.link_policy == "card_only" else link,
        tags=tags,
        pool=pool,
    )


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


def _usable(sentence: Sentence, dialect: Dialect) -> bool:
    if score.is_boilerplate(sentence.text) or not text.is_whole(sentence.text):
        return False
    return not any(entity.kind == "url" for entity in dialect.measure(sentence.text).entities)


def _short(desk: _Desk) -> list[_Choice]:
    """Return one to three sentences that stand together, best first."""
    said = f"{desk.article.title}\n{_card_dek(desk.article)}"
    values = {s: score.news_value(s, said=said) for s in desk.pool}
    best = sorted(desk.pool, key=values.__getitem__, reverse=True)[:_CANDIDATES]
    best.sort(key=lambda s: (s.paragraph < 0, s.paragraph, s.place))
    choices: list[_Choice] = []
    for count in (1, 2, 3):
        for group in combinations(best, count):
            if _stands(group):
                choices.extend(_tagged(desk, group, sum(values[s] for s in group) / count**0.5))
    return sorted(choices, key=lambda choice: choice.value, reverse=True)


def _tagged(desk: _Desk, group: tuple[Sentence, ...], value: float) -> Iterator[_Choice]:
    low, high = desk.target
    for count in range(len(desk.tags), -1, -1):
        choice = _Choice(hook=group[0], facts=group[1:], tags=desk.tags[:count])
        length = _estimate(desk, choice)
        if length <= desk.limit:
            off = max(low - length, 0) / 30 + max(length - high, 0) / 15
            repeated = sum(text.covered(b.text, a.text) for a, b in combinations(group, 2))
            yield replace(choice, value=value - off - 2 * repeated + 0.3 * count)


def _estimate(desk: _Desk, choice: _Choice) -> int:
    parts = [choice.hook, *choice.facts]
    words = sum(desk.length(part.text) + 1 for part in parts)
    link = 24 if desk.link and desk.options.link_policy in {"in_post", "body"} else 0
    return words + link + sum(desk.length(tag) + 2 for tag in choice.tags)


def _stands(group: tuple[Sentence, ...]) -> bool:
    """Tell whether the sentences can be read in this order without the article."""
    if score.footing(group[0].text) is not Footing.NONE:
        return False
    for before, sentence in pairwise(group):
        if score.footing(sentence.text) is Footing.NEIGHBOUR and not sentence.follows(before):
            return False
    return True


def _long(desk: _Desk) -> list[_Choice]:
    """Return a hook, facts and why it matters, for each of the best hooks."""
    said = f"{desk.article.title}\n{_card_dek(desk.article)}"
    hooks = [s for s in desk.pool if score.footing(s.text) is Footing.NONE]
    hooks.sort(key=lambda s: _hook_value(desk, s, said), reverse=True)
    choices = [_around(desk, hook, said) for hook in hooks[:5]]
    return sorted(choices, key=lambda choice: choice.value, reverse=True)


def _hook_value(desk: _Desk, sentence: Sentence, said: str) -> float:
    length = desk.length(sentence.text)
    # a sentence that ends behind the fold is read by few: only where there is no other
    late = 0 if length <= FOLD else 12 if length <= DESKTOP_FOLD else 24
    return score.news_value(sentence, said=said) - late


def _around(desk: _Desk, hook: Sentence, said: str) -> _Choice:
    used, facts = f"{said}\n{hook.text}", list[Sentence]()
    whys = [s for s in desk.pool if s != hook and score.footing(s.text) is not Footing.NEIGHBOUR]
    why = max(whys, key=lambda s: score.significance(s, desk.article), default=None)
    if why and score.significance(why, desk.article) <= 0:
        why = None
    choice = _Choice(hook=hook, why=why, tags=desk.tags, value=_hook_value(desk, hook, said))
    left = [s for s in whys if s != why]
    while left and len(facts) < 4:
        left.sort(key=lambda s: score.news_value(s, said=used))
        best = left.pop()
        longer = replace(choice, facts=tuple(sorted([*facts, best], key=_order)))
        if desk.length(desk.render(longer)) <= desk.target[1]:
            choice, facts, used = longer, [*facts, best], f"{used}\n{best.text}"
    return choice


def _order(sentence: Sentence) -> tuple[int, int]:
    return sentence.paragraph, sentence.place


def _content(desk: _Desk, choice: _Choice) -> Content | None:
    words = desk.render(choice)
    measure = desk.dialect.measure(words)
    if not measure.valid or measure.length > desk.limit:
        return None
    return Content(text=words, link=desk.link, hashtags=choice.tags)


def _hashtags(article: Article, words: Words) -> tuple[str, ...]:
    """Return the vocabulary's tags the article is about, most fitting first."""
    weights: dict[str, float] = {}
    rest = "\n".join(article.body)
    for tag, said in words.vocabulary.hashtags.items():
        pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, said))})(?![\w-])")
        weight = 3 * len(pattern.findall(article.title)) + 2 * len(pattern.findall(article.dek))
        weight += min(len(pattern.findall(rest)), 4)
        if weight >= 2:
            weights[tag] = weight
    return tuple(sorted(weights, key=weights.__getitem__, reverse=True))


def _card(article: Article, content: Content) -> CardContent:
    dek = _card_dek(article)
    return CardContent(
        title=text.clean(article.title),
        dek="" if text.covered(dek, content.text) > 0.9 else dek,
        section=article.section,
        published=article.published_at.date() if article.published_at else None,
        language=article.language,
    )


def _card_dek(article: Article) -> str:
    """Return as much of the standfirst as fits a card, in whole sentences."""
    dek = ""
    for sentence in sentences.split(article.dek, article.language):
        longer = f"{dek} {sentence}".strip()
        if len(longer) > CARD_DEK:
            break
        dek = longer
    return dek
