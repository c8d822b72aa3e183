"""One article on one screen: its posts as followers will see them, and the story beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.domain.article import Article
from bot.domain.errors import UsageError
from bot.domain.post import NEXT, Approval, Finding, Level, Post, State
from bot.web.areas.inbox import outlook
from bot.web.desk import AtDesk, Desk, SignedIn
from bot.web.evidence import marked
from bot.web.preview import Preview, Previews

router = APIRouter()

#: A card's name is its digest: under the same name it never changes.
_IMMUTABLE = {"Cache-Control": "private, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One post on the screen, with all an editor decides by."""

    post: Post
    preview: Preview
    findings: Sequence[Finding]
    approval: Approval | None
    outlook: str
    permalink: str

    @property
    def blocked(self) -> bool:
        """Whether a finding stops it."""
        return any(found.level is Level.BLOCK for found in self.findings)

    @property
    def can(self) -> frozenset[State]:
        """Where it may go from here."""
        return NEXT[self.post.state]


@router.get("/articles/{key}")
def show(request: Request, desk: AtDesk, user: SignedIn, key: str) -> Response:
    """Show an article and its posts."""
    del user
    article = find(desk, key)
    sides = sides_of(desk, article)
    return desk.page(
        request,
        "article.html",
        article=article,
        sides=sides,
        story=marked(article, [side.post.content.text for side in sides]),
        icons=previews(desk).icons,
        approvable=[s for s in sides if s.post.state is State.DRAFTED and not s.blocked],
    )


@router.get("/cards/{sha256}")
def card(desk: AtDesk, user: SignedIn, sha256: str) -> Response:
    """Return a card's bytes, exactly those that will be sent."""
    del user
    if len(sha256) != 64 or not sha256.isalnum():
        raise UsageError("There is no such card.")
    data = desk.app.store.shelf.read(sha256)
    kind = "application/pdf" if data.startswith(b"%PDF-") else "image/png"
    return Response(data, media_type=kind, headers=_IMMUTABLE)


@router.get("/cards/{sha256}/{number}")
def page(desk: AtDesk, user: SignedIn, sha256: str, number: int) -> Response:
    """Return a page of a document as a picture."""
    del user
    if len(sha256) != 64 or not sha256.isalnum():
        raise UsageError("There is no such card.")
    png = desk.app.store.shelf.page(sha256, number)
    return Response(png, media_type="image/png", headers=_IMMUTABLE)


def find(desk: Desk, key: str) -> Article:
    """Return an article. Raises UsageError where there is none."""
    article = desk.app.store.archive.find(key)
    if article is None:
        raise UsageError(f"There is no article {key[:120]}.")
    return article


def previews(desk: Desk) -> Previews:
    """Return what draws posts."""
    return Previews(desk.app)


def sides_of(desk: Desk, article: Article) -> list[Side]:
    """Return the article's posts in the order of the channels."""
    app = desk.app
    order = {name: place for place, name in enumerate(app.settings.channels)}
    posts = [p for p in app.store.desk.of_article(article.key) if p.channel in order]
    return [side(desk, post) for post in sorted(posts, key=lambda p: order[p.channel])]


def side(desk: Desk, post: Post) -> Side:
    """Return one post with all that is shown of it."""
    app, now = desk.app, desk.app.clock.now()
    receipt = app.store.lookout.receipt(post)
    return Side(
        post=post,
        preview=previews(desk).of(post, post.content, now),
        findings=app.store.desk.findings(post.id),
        approval=app.store.desk.approval(post),
        outlook=outlook(post, app, now),
        permalink=receipt.permalink if receipt else "",
    )
