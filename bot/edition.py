"""Read new articles and put their posts into the queue."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from bot import sources
from bot.app import App
from bot.domain.article import Article
from bot.domain.errors import BotError, ConfigError, SourceError, StoreError
from bot.domain.post import Level, Post, State
from bot.pipeline.draft import draft
from bot.pipeline.intake import Seen, take_in
from bot.pipeline.review import approve, hold


@dataclass(frozen=True, kw_only=True)
class Skipped:
    """An article that gave no post, and why.

    Attributes:
        id: its key; "" where it could not even be read.
        code: what a command that was asked for just this article should end with.
    """

    id: str
    reason: str
    code: int = 0


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """What one reading of the sources gave.

    Attributes:
        new: keys of articles seen for the first time.
        skipped: what gave no post.
    """

    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)


def ingest(app: App, articles: list[str]) -> Ingested:
    """Take in these files and addresses, or the inbox where there are none; make their posts.

    Raises:
        ConfigError: nothing was named and there is no inbox, or a template is wrong.
        SourceError: the inbox cannot be read.
    """
    result = Ingested()
    for found in _articles(app, articles):
        if isinstance(found, SourceError):
            result.skipped.append(Skipped(id="", reason=str(found), code=found.exit_code))
            continue
        try:
            _take(app, found, result, by_hand=bool(articles))
        except (ConfigError, StoreError):
            raise
        except BotError as exc:
            result.skipped.append(Skipped(id=found.key, reason=str(exc), code=exc.exit_code))
    return result


def approve_by_policy(
    app: App, posts: list[Post], *, by: str, via: str, despite_warnings: bool = False
) -> list[Post]:
    """Approve those posts against which nothing was found; return them."""
    stops = (Level.BLOCK,) if despite_warnings else (Level.BLOCK, Level.WARN)
    clean = [
        post
        for post in posts
        if not any(found.level in stops for found in app.store.desk.findings(post.id))
    ]
    return [approve(post, app.store.desk, app.clock, by=by, via=via) for post in clean]


def _articles(app: App, articles: list[str]) -> Iterator[Article | SourceError]:
    if articles:
        for where in articles:
            try:
                yield app.read(where)
            except SourceError as exc:
                yield exc
    elif app.settings.inbox_dir is None:
        raise ConfigError(
            "There is nothing to read: name article files or addresses, or set BOT_INBOX_DIR to the folder "
            "where new articles appear."
        )
    else:
        yield from _fresh(app, sources.watch(app.settings.inbox_dir, app.house))


def _fresh(app: App, found: Iterator[Article | SourceError]) -> Iterator[Article | SourceError]:
    """Leave out what is no news any more, so that an old archive cannot flood followers."""
    most = timedelta(hours=app.settings.schedule.max_age_hours)
    for article in found:
        if isinstance(article, Article) and article.published_at is not None:
            age = app.clock.now() - article.published_at
            if age > most:
                hours = app.settings.schedule.max_age_hours
                yield SourceError(
                    f"{article.source}: published {article.published_at:%d %B %Y}, more than "
                    f"{hours:g} hours ago; no post was made. `bot ingest FILE` makes one."
                )
                continue
        yield article


def _take(app: App, article: Article, result: Ingested, *, by_hand: bool) -> None:
    seen = take_in(article, app.store.archive, app.clock)
    if seen is Seen.NEW:
        result.new.append(article.key)
    elif seen is Seen.UPDATED:
        result.updated.append(article.key)
        _keep_back(app, article)
    made = draft(article, app.studio, by_hand=by_hand)
    if not made and seen is Seen.KNOWN:
        result.skipped.append(Skipped(id=article.key, reason="already known; its posts are made"))
    result.posts.extend(made)
    if app.settings.approval.policy == "auto":
        approve_by_policy(app, made, by="policy:auto", via="policy")


def _keep_back(app: App, article: Article) -> None:
    """Hold what was made of an earlier revision: its words may not be true any more."""
    reason = "The article was changed after this post was made. Compare, then release or reject it."
    for post in app.store.desk.of_article(article.key):
        if post.state in (State.DRAFTED, State.APPROVED):
            hold(post, app.store.desk, app.clock, by="bot", reason=reason)
