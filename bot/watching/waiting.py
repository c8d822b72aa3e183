"""An editor's word about a new article that waits for it."""

import structlog

from bot.app import App
from bot.domain.errors import UsageError
from bot.domain.intake import Held, Source
from bot.edition import Ingested
from bot.watching.reading import reader
from bot.watching.taking import Taking

log = structlog.get_logger(__name__)


def named(app: App, key: str) -> Held:
    """Return the article that waits under this key. Raises UsageError."""
    found = next((one for one in app.store.sightings.held() if one.article.key == key), None)
    if found is None:
        raise UsageError(f"{key} does not wait. `bot held list` shows what does.")
    return found


def drop(app: App, one: Held, *, by: str) -> None:
    """Let an article that waited go; it gets no posts."""
    app.store.sightings.let_go(one, "dropped", by=by, now=app.clock.now())
    log.info("held.dropped", article=one.article.key, by=by)


def post(app: App, one: Held, result: Ingested | None = None, *, by: str) -> Ingested:
    """Make the posts of an article that waited; the result is added to `result`.

    Raises:
        SourceError: its page cannot be read just now; it waits on.
        BotError: no posts can be made of it.
    """
    result = Ingested() if result is None else result
    source = next((s for s in app.store.sources.all() if s.name == one.source), None)
    source = source or Source(name=one.source, url="", kind="")
    Taking(app, reader(app), source, result).post(one, by=by)
    log.info("held.posted", article=one.article.key, by=by)
    return result
