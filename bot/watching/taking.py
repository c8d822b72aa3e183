"""Take in what a source shows: the archive is remembered, news is taken, a flood waits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from bot.app import App
from bot.domain.article import Article
from bot.domain.errors import BotError, ConfigError, SourceError, StoreError
from bot.domain.intake import Held, Source
from bot.domain.sighting import Traits, digest, traits
from bot.domain.source import GUESSED, Item, id_in, to_article
from bot.edition import Ingested, Skipped, take
from bot.pipeline.detect import TWICE, Judged, Verdict, candidates, judge
from bot.watching.reading import Reader, Shut

log = structlog.get_logger(__name__)

#: Under this name it is remembered what an article's own page says.
PAGE = "page"

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An item of a source, and what it is.

    Attributes:
        key: of the article it is or became; "" where there is none.
    """

    item: Item
    judged: Judged
    key: str = ""

    @property
    def article(self) -> Article:
        """The article as the source shows it."""
        return self.judged.candidate.article

    @property
    def traits(self) -> Traits:
        """By what it is known again."""
        return self.judged.candidate.traits


class Taking:
    """Takes in what one source shows.

    Attributes:
        result: what came of it; added to.
        primed: the source's archive was marked as seen, which is to be written down.
        later: something could not be taken in just now and must be shown to us again.
    """

    def __init__(self, app: App, reader: Reader, source: Source, result: Ingested) -> None:
        self.app, self.reader, self.source, self.result = app, reader, source, result
        self.later = self.primed = False

    def take(self, items: Sequence[Item]) -> None:
        """Take in what is new among the items; remember them all.

        Raises:
            ConfigError: a template is wrong.
            StoreError: the database cannot be used.
        """
        shown = self._judged(items)
        if not self.source.primed:
            self._first(shown)
            return
        fresh = [one for one in shown if one.judged.verdict is Verdict.NEW]
        fresh = [one for one in fresh if not self._old(one.article)]
        if len(fresh) > self.app.settings.sources.flood:
            self._flood(fresh)
            fresh = []
        now = {id(one) for one in fresh}
        done = [self._new(one) if id(one) in now else self._other(one) for one in shown]
        self._remember([one for one in done if one])

    def post(self, held: Held, *, by: str) -> None:
        """Make the posts of an article that waited for an editor's word.

        Raises:
            SourceError: its page cannot be read just now; it waits on.
            BotError: no posts can be made of it.
        """
        article = held.article
        if not held.whole:
            item = _bare(article)
            article = self._whole(item, article)
        take(self.app, article, self.result, by_hand=True)
        self._know(article)
        self._write([(traits(held.article, guid="", source=self.source.name), article.key)])
        self.app.store.sightings.let_go(held, "let_in", by=by, now=self.app.clock.now())

    def _judged(self, items: Sequence[Item]) -> list[Shown]:
        readable = [one for one in items if one.title or one.body or one.url]
        house, name = self.app.house, self.source.name
        rows = [(one.guid, to_article(one, house, origin=name), one.complete) for one in readable]
        found = judge(candidates(rows, name), self.app.store.sightings, name)
        return [Shown(item=i, judged=j, key=j.key) for i, j in zip(readable, found, strict=True)]

    def _first(self, shown: Sequence[Shown]) -> None:
        """Mark the archive as seen; ask whether its newest article should be posted."""
        if not shown:
            return
        self._remember(shown)
        self.primed = True
        log.info("source.primed", source=self.source.name, seen=len(shown))
        for one in shown:
            self.result.skipped.append(
                Skipped(id=one.article.key, reason="in the archive when the source was added")
            )
        best = newest(shown)
        if best and not best.key and not self._old(best.article):
            reason = (
                f"The newest of {len(shown)} articles that were there when the source was added; "
                "all were marked as seen. Post this one?"
            )
            self._hold([best], reason)

    def _flood(self, fresh: Sequence[Shown]) -> None:
        most = self.app.settings.sources.flood
        reason = f"{len(fresh)} new articles at once, more than {most}. Which shall be posted?"
        log.warning("source.flood", source=self.source.name, articles=len(fresh), most=most)
        self._hold(fresh, reason)

    def _hold(self, shown: Sequence[Shown], reason: str) -> None:
        now = self.app.clock.now()
        waiting = [
            Held(
                source=self.source.name,
                article=one.article,
                whole=one.item.complete,
                reason=reason,
                at=now,
            )
            for one in shown
        ]
        self.app.store.sightings.hold(waiting)
        self.result.held.extend(held.article.key for held in waiting)

    def _new(self, one: Shown) -> Shown | None:
        """Take in one new article; None where it must be shown to us again."""
        try:
            article = self._whole(one.item, one.article)
            if self._old(article):
                return replace(one, key="")
            article = article if named(one.item) else self._own_key(article)
            take(self.app, article, self.result, by_hand=False)
            self._know(article)
        except (ConfigError, StoreError):
            raise
        except SourceError as exc:
            self.later = True
            self._skip(one.article.key, f"{exc} Tried again next time.", exc)
            return None
        except BotError as exc:
            self._skip(one.article.key, str(exc), exc)
            return one
        return replace(one, key=article.key)

    def _own_key(self, article: Article) -> Article:
        """Return the article with a key of its own, where another has its day and headline."""
        other = self.app.store.archive.find(article.key)
        if other is None or other.url == article.url:
            return article
        return replace(article, key=f"{article.key[:110]}-{digest(article.url) & 0xFFFFFF:06x}")

    def _other(self, one: Shown) -> Shown | None:
        """Note why an item gives no new posts; take in what was changed.

        None where it shall not be remembered as it stands there.
        """
        known = one.judged
        if known.verdict is Verdict.NEW:  # too old, or held
            return one
        if known.verdict is Verdict.CHANGED and known.key:
            return self._changed(one)
        self.result.skipped.append(
            Skipped(id=known.key or one.article.key, reason=f"already known by {known.by}")
        )
        return one if known.key or known.by != TWICE else None

    def _changed(self, one: Shown) -> Shown | None:
        try:
            article = replace(self._whole(one.item, one.article), key=one.key)
            take(self.app, article, self.result, by_hand=False)
        except (ConfigError, StoreError):
            raise
        except BotError as exc:
            self._skip(one.key, str(exc), exc)
            if isinstance(exc, SourceError):  # what we know of it stays, so that it is seen again
                self.later = True
                return None
        return one

    def _whole(self, item: Item, article: Article) -> Article:
        """Return the article with its body, from its page where the source shows an excerpt."""
        house, name = self.app.house, self.source.name
        try:
            whole = self.reader.whole(item)
        except Shut as exc:
            text = item.body or ((item.dek,) if item.dek else ())
            if not text:
                raise
            note = (
                f"Its page could not be read, so that this is only the excerpt of the feed: {exc}"
            )
            whole = replace(item, body=text, findings=(*item.findings, note))
        made = to_article(whole, house, origin=name)
        # The key is made of the headline and the day; what a page adds must not change it.
        return made if whole.id or not item.title else replace(made, key=article.key)

    def _old(self, article: Article) -> bool:
        """Whether an article is no news any more, so that an archive cannot flood followers."""
        hours = self.app.settings.schedule.max_age_hours
        if not too_old(article, hours, self.app.clock.now()):
            return False
        self.result.skipped.append(
            Skipped(
                id=article.key,
                reason=f"published {article.published_at:%d %B %Y}, more than {hours:g} hours ago",
            )
        )
        return True

    def _skip(self, key: str, reason: str, exc: BotError) -> None:
        self.result.skipped.append(Skipped(id=key, reason=reason, code=exc.exit_code))
        log.info("article.skipped", article=key, source=self.source.name, reason=reason)

    def _know(self, whole: Article) -> None:
        """Remember the page's own address and text beside what the source shows."""
        self._write([(traits(whole, guid="", source=PAGE), whole.key)])

    def _remember(self, shown: Sequence[Shown]) -> None:
        self._write([(one.traits, one.key) for one in shown])

    def _write(self, seen: list[tuple[Traits, str]]) -> None:
        self.app.store.sightings.remember(self.source.name, seen, now=self.app.clock.now())


def newest(shown: Sequence[Shown]) -> Shown | None:
    """Return what was published last; the first one shown where none says when."""
    dated = [one for one in shown if one.article.published_at]
    if dated:
        return max(dated, key=lambda one: one.article.published_at or _NEVER)
    return next(iter(shown), None)


def too_old(article: Article, hours: float, now: datetime) -> bool:
    """Whether an article says that it was published more than these hours ago.

    A date that was only guessed refuses nothing: the editor is told instead.
    """
    at = article.published_at if GUESSED not in article.findings else None
    return at is not None and now - at > timedelta(hours=hours)


def _bare(article: Article) -> Item:
    return Item(
        url=article.url,
        title=article.title,
        dek=article.dek,
        section=article.section,
        author=article.author,
        published=article.published_at,
        updated=article.updated_at,
        language=article.language,
        image=article.image,
        body=article.body,
        tags=article.tags,
        complete=False,
        findings=article.findings,
    )


def named(item: Item) -> bool:
    """Whether the source gives the house's own id of an article."""
    return bool(item.id or id_in(item.url))
