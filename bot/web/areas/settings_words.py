"""Settings: templates and vocabulary, tried on a real article and checked before they are kept."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from starlette.responses import Response

from bot import wordsmith
from bot.domain.errors import ConfigError, NotApproved
from bot.web.areas.settings_people import PAGES
from bot.web.desk import AtDesk, Desk, Managing, go

router = APIRouter()

WHERE = "/settings/words"


class Typed(BaseModel):
    """A file as it was typed.

    Attributes:
        seen: digest of the file as it was shown.
        article: on which it is tried.
    """

    text: str = ""
    seen: str = ""
    article: str = ""

    @property
    def lines(self) -> str:
        """The text with the line ends of files."""
        return self.text.replace("\r\n", "\n").rstrip("\n") + "\n"


@router.get(WHERE)
def files(request: Request, desk: AtDesk, user: Managing) -> Response:
    """Show the files of words."""
    del user
    return _page(request, desk, "", "")


@router.get(f"{WHERE}/{{name}}")
def file(request: Request, desk: AtDesk, user: Managing, name: str, article: str = "") -> Response:
    """Show one file, and what it makes of an article."""
    del user
    return _page(request, desk, name, article)


@router.post(f"{WHERE}/{{name}}/try")
def attempt(
    request: Request,
    desk: AtDesk,
    user: Managing,
    name: str,
    typed: Annotated[Typed, Form()],
) -> Response:
    """Show what a change would make of an article; nothing is kept."""
    del user
    return _page(request, desk, name, typed.article, typed=typed)


@router.post(f"{WHERE}/{{name}}")
def save(
    request: Request,
    desk: AtDesk,
    user: Managing,
    name: str,
    typed: Annotated[Typed, Form()],
) -> Response:
    """Keep a change, if it works on the newest articles."""
    try:
        wordsmith.save(desk.app, name, typed.lines, seen=typed.seen, by=user.name)
    except (ConfigError, NotApproved) as exc:
        return _page(request, desk, name, typed.article, typed=typed, refused=str(exc))
    return go(f"{WHERE}/{name}", flash=f"{name} is saved and in use.")


def _page(
    request: Request,
    desk: Desk,
    name: str,
    key: str,
    *,
    typed: Typed | None = None,
    refused: str = "",
) -> Response:
    app = desk.app
    articles = app.store.pages.newest_articles(20)
    chosen = app.store.archive.find(key) if key else next(iter(articles), None)
    found = wordsmith.read(app, name) if name else None
    text = typed.lines if typed else found.text if found else ""
    trials: list[wordsmith.Trial] = []
    trouble = refused
    if found and chosen:
        try:
            trials = list(wordsmith.attempt(app, name, text, chosen))
        except ConfigError as exc:
            trouble = trouble or str(exc)
    return desk.page(
        request,
        "settings_words.html",
        status=422 if refused else 200,
        pages=PAGES,
        names=wordsmith.names(app),
        file=found,
        text=text,
        seen=typed.seen if typed else found.seen if found else "",
        articles=articles,
        chosen=chosen,
        trials=trials,
        trouble=trouble,
        folder=app.settings.templates_dir,
    )
