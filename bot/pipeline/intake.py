"""Take an article in: is it new, changed, or known?"""

from enum import StrEnum

import structlog

from bot.domain.article import Article
from bot.domain.errors import ContentError
from bot.domain.ledger import Archive
from bot.domain.ports import Clock
from bot.domain.spans import span

log = structlog.get_logger(__name__)


class Seen(StrEnum):
    """What an article is to the archive."""

    NEW = "new"
    UPDATED = "updated"
    KNOWN = "known"


def take_in(article: Article, archive: Archive, clock: Clock) -> Seen:
    """Keep the article, or its new revision; say which it was.

    Raises:
        ContentError: it has no headline or no body, so that no post can be made of it, or
            another article has its address.
    """
    if not article.title.strip():
        raise ContentError(f"The article {article.key} has no headline; no post was made of it.")
    if not any(paragraph.strip() for paragraph in article.body):
        raise ContentError(f"The article {article.key} has no body text; no post was made of it.")
    known = archive.find(article.key)
    if known is None:
        with span("article", article=article.key, source=article.source):
            if not archive.add(article, now=clock.now()):
                return Seen.KNOWN
        log.info("article.seen", article=article.key, source=article.source)
        return Seen.NEW
    if known.content_hash == article.content_hash:
        return Seen.KNOWN
    archive.revise(known.revised(article), now=clock.now())
    log.info("article.revised", article=article.key, revision=known.revision + 1)
    return Seen.UPDATED
