"""What people say to each other beside a post, and the keys of the desk."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from bot.web.areas.article import find
from bot.web.desk import AtDesk, Editing, SignedIn, go

router = APIRouter()


@router.post("/articles/{key}/comments")
def say(desk: AtDesk, user: Editing, key: str, text: Annotated[str, Form()] = "") -> Response:
    """Keep a comment; who is named in it sees it at the top of every page."""
    article = find(desk, key)
    named = desk.app.store.talk.say(article.key, text, by=user.name, now=desk.app.clock.now())
    told = f" {', '.join(named)} will see it." if named else ""
    return go(f"/articles/{article.key}#talk", flash=f"Said.{told}")


@router.get("/mentions")
def mentions(request: Request, desk: AtDesk, user: SignedIn) -> Response:
    """Show the comments that name the person who looks."""
    return desk.page(request, "mentions.html", comments=desk.app.store.talk.naming(user))


@router.get("/keys")
def keys(request: Request, desk: AtDesk, user: SignedIn) -> Response:
    """Show what each key does."""
    del user
    return desk.page(request, "keys.html")
