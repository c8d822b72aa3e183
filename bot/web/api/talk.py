"""What people say to each other beside an article's posts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from bot.store.talk import Comment
from bot.web.api.access import Editing, Reading
from bot.web.api.articles import Key, article_of
from bot.web.api.models import Taken, example
from bot.web.api.once import OnceRoute
from bot.web.api.problems import ALWAYS, CHANGES, ONE

router = APIRouter(route_class=OnceRoute, tags=["talk"], responses=ALWAYS)


class NewComment(Taken):
    """Something to say."""

    text: str = Field(min_length=1, max_length=2000, description="@name tells a colleague.")

    model_config = example({"text": "@ravi is the figure of this quarter?"})


class CommentOut(BaseModel):
    """Something somebody said."""

    id: int
    article_id: str
    by: str
    text: str
    at: datetime


class Comments(BaseModel):
    """What was said."""

    items: list[CommentOut]


class Said(Comments):
    """What was said, and who will see it at the top of every page."""

    named: list[str]


@router.get("/articles/{key}/comments", responses=ONE)
def comments(caller: Reading, key: Key) -> Comments:
    """Return what was said about an article's posts, oldest first; naming you is seen now."""
    app, article = caller.app, article_of(caller, key)
    app.store.talk.seen(article.key, caller.user, now=app.clock.now())
    return Comments(items=_out(app.store.talk.of_article(article.key)))


@router.post("/articles/{key}/comments", responses=ONE | CHANGES)
def say(caller: Editing, key: Key, wanted: NewComment) -> Said:
    """Say something beside an article's posts."""
    app, article = caller.app, article_of(caller, key)
    talk, now = app.store.talk, app.clock.now()
    named = talk.say(article.key, wanted.text, by=caller.user.name, now=now)
    return Said(items=_out(talk.of_article(article.key)), named=list(named))


@router.get("/mentions")
def mentions(caller: Reading, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Comments:
    """Return the newest comments that name you, newest first."""
    return Comments(items=_out(caller.app.store.talk.naming(caller.user, limit)))


def _out(found: Sequence[Comment]) -> list[CommentOut]:
    return [
        CommentOut(id=one.id, article_id=one.article_key, by=one.by, text=one.text, at=one.at)
        for one in found
    ]
