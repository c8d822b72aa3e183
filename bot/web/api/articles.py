"""Articles: read, and take new ones in by their address; the text measured as platforms count."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from bot.domain.article import Article
from bot.domain.errors import SourceError
from bot.edition import ingest
from bot.web.api.access import Caller, Editing, Reading
from bot.web.api.models import (
    ArticleOut,
    ArticlePage,
    PostOut,
    Taken,
    article_out,
    example,
    posts_out,
)
from bot.web.api.once import OnceRoute
from bot.web.api.problems import ALWAYS, CHANGES, ONE, NotThere

router = APIRouter(route_class=OnceRoute, tags=["articles"], responses=ALWAYS)


class Arrival(Taken):
    """An article that has appeared."""

    url: str = Field(pattern=r"^https?://", max_length=2000, description="Its page on the site.")

    model_config = example({"url": "https://theshiftmaker.com/articles/2026-11-23-rates"})


class Arrived(BaseModel):
    """What was made of it."""

    new: list[str] = Field(description="Ids of articles seen for the first time.")
    updated: list[str]
    skipped: list[str] = Field(description="Why there is no new post, where there is none.")
    posts: list[PostOut]


class Words(Taken):
    """A text for one channel."""

    channel: str = Field(max_length=64)
    text: str = Field(max_length=30_000)

    model_config = example({"channel": "x", "text": "The bank holds its rate."})


class Measured(BaseModel):
    """The text as the channel counts it."""

    length: int
    limit: int
    valid: bool
    left: int


Key = Annotated[str, Path(max_length=120, description="`id` of the article.")]


def article_of(caller: Caller, key: str) -> Article:
    """Return an article. Raises NotThere."""
    found = caller.app.store.archive.find(key)
    if found is None:
        raise NotThere(f"There is no article {key}.")
    return found


@router.get("/articles")
def articles(
    caller: Reading,
    after: Annotated[str, Query(max_length=120)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ArticlePage:
    """List articles by id."""
    found = caller.app.store.pages.articles(after=after, limit=limit + 1)
    items = [article_out(article) for article in found[:limit]]
    return ArticlePage(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/articles/{key}", responses=ONE)
def article(caller: Reading, key: Key) -> ArticleOut:
    """Return one article."""
    return article_out(article_of(caller, key))


@router.post("/articles", responses=CHANGES)
def arrive(caller: Editing, arrival: Arrival) -> Arrived:
    """Read an article at its address and make its posts, as `bot ingest` does."""
    result = ingest(caller.app, [arrival.url])
    failed = [one for one in result.skipped if one.code]
    if failed:
        raise SourceError(failed[0].reason)
    return Arrived(
        new=result.new,
        updated=result.updated,
        skipped=[one.reason for one in result.skipped],
        posts=posts_out(caller.app, result.posts),
    )


@router.post("/measure", responses=ONE | CHANGES)
def measure(caller: Reading, words: Words) -> Measured:
    """Count a text as its channel does."""
    dialect = caller.app.dialects.get(words.channel)
    if dialect is None:
        raise NotThere(f"There is no channel {words.channel!r}.")
    found = dialect.measure(words.text)
    left = found.limit - max(found.length, found.wire_length)
    return Measured(length=found.length, limit=found.limit, valid=found.valid, left=left)
