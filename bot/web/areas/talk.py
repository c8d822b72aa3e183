"""What people say to each other beside a post, and the keys of the desk."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from bot.store import talk
from bot.web.areas.article import find
from bot.web.desk import AtDesk, Desk, Editing, SignedIn, go

router = APIRouter()


@router.post("/articles/{key}/comments")
def say(desk: AtDesk, user: Editing, key: str, text: Annotated[str, Form()] = "") -> Response:
    """Keep a comment; who is named in it gets a message, and sees it at the top of every page."""
    article = find(desk, key)
    told = desk.app.store.talk.say(article.key, text, by=user.name, now=desk.app.clock.now())
    strangers = talk.named(text) - {*told, user.name}
    text = " ".join(["Said.", *_told(desk, told), *_unknown(sorted(strangers))])
    kind = "trouble" if strangers else "done"
    return go(f"/articles/{article.key}#talk", flash=text, kind=kind)


def _told(desk: Desk, names: Sequence[str]) -> Iterator[str]:
    """Say how those who were named hear of it."""
    addresses = desk.app.settings.asking.people
    by_message = [name for name in names if name in addresses]
    at_desk = [name for name in names if name not in addresses]
    if by_message:
        yield f"{', '.join(by_message)} {'gets' if len(by_message) == 1 else 'get'} a message."
    if at_desk:
        yield f"{', '.join(at_desk)} will see it at the desk."


def _unknown(names: Sequence[str]) -> Iterator[str]:
    """Say who is not there to be told."""
    if names:
        yield f"Nobody here is called {', '.join(names)[:200]}."


@router.get("/mentions")
def mentions(request: Request, desk: AtDesk, user: SignedIn) -> Response:
    """Show the comments that name the person who looks."""
    return desk.page(request, "mentions.html", comments=desk.app.store.talk.naming(user))


@router.get("/keys")
def keys(request: Request, desk: AtDesk, user: SignedIn) -> Response:
    """Show what each key does."""
    del user
    return desk.page(request, "keys.html")
