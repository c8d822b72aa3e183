"""Read new articles and put their posts into the queue."""

from dataclasses import dataclass, field, replace

from bot.app import App
from bot.deciding.rounds import decide
from bot.domain.article import Article
from bot.domain.errors import BotError, ConfigError, SourceError, StoreError
from bot.domain.post import Level, Post, State
from bot.domain.sighting import ADDRESS, traits
from bot.pipeline.correct import Corrector
from bot.pipeline.detect import candidates, judge
from bot.pipeline.draft import draft
from bot.pipeline.intake import Seen, take_in
from bot.pipeline.review import approve
from bot.store.alarms import RESTORED

#: Under this name it is remembered what a person took in.
BY_HAND = "by hand"


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
class Polled:
    """How reading one source went.

    Attributes:
        status: "ok", "empty", "not_modified", "failed" or "gone".
        fetched: how many articles it showed.
    """

    name: str
    kind: str
    status: str
    fetched: int = 0

    @property
    def not_modified(self) -> bool:
        """Whether its server said that nothing is new."""
        return self.status == "not_modified"


@dataclass(frozen=True, kw_only=True)
class Ingested:
    """What one reading of the sources gave.

    Attributes:
        sources: how reading each went.
        new: keys of articles seen for the first time.
        skipped: what gave no post.
        held: keys of articles that wait for an editor's word.
    """

    sources: list[Polled] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)


def ingest(app: App, articles: list[str]) -> Ingested:
    """Take in these files and addresses, whatever their age; make their posts.

    Raises:
        ConfigError: a template is wrong.
        StoreError: the database cannot be used.
    """
    result = Ingested()
    for where in articles:
        try:
            article = app.read(where)
        except SourceError as exc:
            result.skipped.append(Skipped(id="", reason=str(exc), code=exc.exit_code))
            continue
        try:
            article = _known_by_address(app, article)
            take(app, article, result, by_hand=True)
            seen = [(traits(article, guid="", source=BY_HAND), article.key)]
            app.store.sightings.remember(BY_HAND, seen, now=app.clock.now())
        except (ConfigError, StoreError):
            raise
        except BotError as exc:
            result.skipped.append(Skipped(id=article.key, reason=str(exc), code=exc.exit_code))
    return result


def approve_by_policy(
    app: App, posts: list[Post], *, by: str, via: str, despite_warnings: bool = False
) -> list[Post]:
    """Approve, at a rehearsal, those posts against which nothing was found; return them."""
    stops = (Level.BLOCK,) if despite_warnings else (Level.BLOCK, Level.WARN)
    clean = [
        post
        for post in posts
        if not any(found.level in stops for found in app.store.desk.findings(post.id))
    ]
    return [approve(post, app.store.desk, app.clock, by=by, via=via) for post in clean]


def take(app: App, article: Article, result: Ingested, *, by_hand: bool) -> None:
    """Keep an article and make the posts it does not have yet; write down what came of it.

    Raises:
        ContentError: no post can be made of it.
        ConfigError: a template is wrong.
        StoreError: the database cannot be used.
    """
    before = app.store.archive.find(article.key)
    seen = take_in(article, app.store.archive, app.clock)
    made: list[Post] = []
    if seen is Seen.NEW:
        result.new.append(article.key)
    elif seen is Seen.UPDATED:
        result.updated.append(article.key)
        made += corrector(app).changed(before or article, article)
    made += draft(article, app.studio, by_hand=by_hand)
    if not made and seen is Seen.KNOWN:
        result.skipped.append(Skipped(id=article.key, reason="already known; its posts are made"))
    made = [_held_after_restoring(app, article, post) for post in made]
    result.posts.extend(made)
    decide(app, {post.id for post in made})


def _held_after_restoring(app: App, article: Article, post: Post) -> Post:
    """Hold the post of an article that a restored backup may only have forgotten."""
    restored = app.store.alarms.last(RESTORED)
    at = article.published_at
    if restored is None or post.state is not State.DRAFTED or (at and at > restored):
        return post
    why = (
        f"A backup was restored on {restored:%d %b %Y %H:%M} UTC and does not know this article, "
        "which is older: look at the account whether its post went out already."
    )
    return app.store.desk.decide(post, State.ON_HOLD, by="bot", reason=why, now=app.clock.now())


def _known_by_address(app: App, article: Article) -> Article:
    """Return the article under the key by which it is known, where one has its address."""
    mine = candidates([("", article, True)], BY_HAND)
    found = judge(mine, app.store.sightings, BY_HAND)[0]
    return replace(article, key=found.key) if found.key and found.by == ADDRESS else article


def corrector(app: App) -> Corrector:
    """Return what looks after the posts of a changed article."""
    return Corrector(app.studio, app.store.corrections)
