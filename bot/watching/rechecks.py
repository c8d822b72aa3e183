"""Read the pages of young articles again: were they changed, or taken down?

A feed only shows what is new. What is believed here was seen twice: pages change a little at
every reading, and servers lose pages for a moment.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.app import App
from bot.domain.article import Article
from bot.domain.errors import ConfigError, ContentError, SourceError, StoreError
from bot.domain.intake import Recheck
from bot.domain.sighting import digest
from bot.domain.source import Item, to_article
from bot.edition import Ingested, corrector, take
from bot.http.fetch import Refused, Validators
from bot.watching.reading import reader

log = structlog.get_logger(__name__)

#: How long an article's page is looked after, how often at first, and how often later.
LIFE, SOON, LATER = timedelta(days=2), timedelta(minutes=10), timedelta(hours=1)
YOUNG = timedelta(hours=3)

#: Pages that are read in one round.
AT_ONCE = 10


def look_after(app: App, keys: list[str], source_url: str) -> None:
    """Begin to read the pages of these articles again, if they came from the web."""
    if not app.settings.sources.recheck or source_url.startswith("file:"):
        return
    now = app.clock.now()
    for key in keys:
        article = app.store.archive.find(key)
        if article is not None:
            one = Recheck(article_key=key, url=article.url, until=now + LIFE, next_at=now + SOON)
            app.store.rechecks.watch(one)


def recheck(app: App, result: Ingested) -> None:
    """Read the pages that are due; look after the posts of those that changed or are gone.

    Raises:
        ConfigError: a template is wrong.
        StoreError: the database cannot be used.
    """
    for one in app.store.rechecks.due(now=app.clock.now(), limit=AT_ONCE):
        article = app.store.archive.find(one.article_key)
        if article is None:
            app.store.rechecks.forget(one.article_key)
            continue
        values = _read(app, one, article, result)
        if values is not None:
            app.store.rechecks.note(one, {**values, "next_at": _next(one, app.clock.now())})


def gone(app: App, name: str) -> bool:
    """Look after the posts of an article, by id or address, whose source says it is no more."""
    article = app.store.archive.find(name) or app.store.archive.at(name)
    if article is None:
        return False
    log.warning("article.gone", article=article.key)
    corrector(app).gone(article)
    app.store.rechecks.forget(article.key)
    return True


def _next(one: Recheck, now: datetime) -> datetime:
    return now + (SOON if one.until - now > LIFE - YOUNG else LATER)


def _read(app: App, one: Recheck, article: Article, result: Ingested) -> dict[str, Any] | None:
    """Return what is to be written down; None where the page is looked after no more."""
    known = Validators(etag=one.etag, last_modified=one.last_modified)
    try:
        fetched = app.fetcher.get(one.url, now=app.clock.now(), known=known)
        if fetched.document is None:
            return {"missing": 0}
        page = reader(app).article(fetched.document)
    except Refused as exc:
        if exc.status not in (404, 410):
            return {}
        if not one.missing:
            return {"missing": 1}
        gone(app, article.key)
        return None
    except SourceError:
        return {}
    values = {
        "etag": fetched.validators.etag,
        "last_modified": fetched.validators.last_modified,
        "missing": 0,
    }
    return {**values, **_compared(app, one, article, page, result)}


def _compared(
    app: App, one: Recheck, article: Article, page: Item, result: Ingested
) -> dict[str, Any]:
    said = digest("page", page.title, page.dek, *page.body)
    if said == one.listing or not one.listing:
        return {"listing": said, "candidate": 0}
    if said != one.candidate:
        return {"candidate": said, "etag": "", "last_modified": ""}
    shown = to_article(page, app.house, origin=article.source)
    newer = replace(
        article,
        title=shown.title or article.title,
        dek=shown.dek or article.dek,
        body=shown.body or article.body,
        sources=shown.sources or article.sources,
        updated_at=shown.updated_at,
    )
    try:
        take(app, newer, result, by_hand=False)
    except (ConfigError, StoreError):
        raise
    except ContentError as exc:
        log.warning("article.unusable", article=article.key, reason=str(exc))
    return {"listing": said, "candidate": 0}
