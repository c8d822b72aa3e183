"""One article on one screen: its posts as followers will see them, and the story beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.approving import house_steps, roles, still_missing
from bot.deciding.outlook import Outlook, Outlooks
from bot.deciding.rounds import was_unanswered
from bot.domain.article import Article
from bot.domain.errors import UsageError
from bot.domain.people import Role
from bot.domain.post import NEXT, Approval, Finding, Level, Post, State
from bot.domain.steps import lowest
from bot.store.inbox import Entry
from bot.store.pages import Beside
from bot.store.talk import Comment
from bot.web.areas.decide import LATER, REASONS
from bot.web.desk import AtDesk, Desk, SignedIn
from bot.web.evidence import Paragraph, marked
from bot.web.preview import Preview
from bot.web.words import platform

router = APIRouter()

#: A card's name is its digest: under the same name it never changes.
_IMMUTABLE = {"Cache-Control": "private, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One post on the screen, with all an editor decides by.

    Attributes:
        late: it is held only because nobody answered in time; a yes still lets it go.
    """

    post: Post
    preview: Preview
    findings: Sequence[Finding]
    approval: Approval | None
    outlook: Outlook
    permalink: str
    said_yes: Sequence[Approval]
    missing: Sequence[str]
    late: bool

    @property
    def blocked(self) -> bool:
        """Whether a finding stops it."""
        return found_in(self.findings, Level.BLOCK) > 0

    @property
    def waits(self) -> bool:
        """Whether somebody can say yes to it."""
        return (self.post.state is State.DRAFTED or self.late) and not self.blocked

    @property
    def is_changeable(self) -> bool:
        """Whether its content may be changed."""
        return self.post.state is State.DRAFTED or State.DRAFTED in self.can

    @property
    def is_stoppable(self) -> bool:
        """Whether it can be held or rejected."""
        return State.REJECTED in self.can

    @property
    def can(self) -> frozenset[State]:
        """Where it may go from here."""
        return NEXT[self.post.state]


@router.get("/articles/{key}")
def show(request: Request, desk: AtDesk, user: SignedIn, key: str) -> Response:
    """Show an article and its posts."""
    store, kept, now = desk.app.store, desk.kept, desk.app.clock.now()
    screen = kept.get(("article", key, kept.bucket), lambda: _screen(desk, key))
    article, sides = screen.article, screen.sides
    if any(user.name.casefold() in comment.text.casefold() for comment in screen.comments):
        store.talk.seen(article.key, user, now=now)
    return desk.page(
        request,
        "article.html",
        article=article,
        sides=sides,
        story=screen.story,
        icons=desk.previews.icons,
        approvable=[s for s in sides if s.waits],
        stoppable=[s for s in sides if s.is_stoppable],
        snoozable=[s for s in sides if s.post.state is State.DRAFTED],
        comments=screen.comments,
        corrections=screen.corrections,
        colleagues=[name for name in screen.people if name != user.name],
        reasons=REASONS,
        later=LATER,
        steps=house_steps(desk.app),
        may_approve=user.may(lowest(house_steps(desk.app))),
        neighbours=_neighbours(
            kept.get(("waiting", kept.bucket), lambda: store.inbox.keys("waiting", now=now)),
            article.key,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What everybody sees of an article and its posts; `corrections` are open, by their post."""

    article: Article
    sides: Sequence[Side]
    story: Sequence[Paragraph]
    comments: Sequence[Comment]
    corrections: dict[int, int]
    people: Sequence[str]


def _screen(desk: Desk, key: str) -> Screen:
    article, store = find(desk, key), desk.app.store
    sides = sides_of(desk, article)
    return Screen(
        article=article,
        sides=sides,
        story=marked(article, [side.post.content.text for side in sides]),
        comments=store.talk.of_article(article.key),
        corrections=store.corrections.of_article(article.key),
        people=[user.name for user in store.people.all() if user.may(Role.VIEWER)],
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


def found_in(findings: Sequence[Finding], level: str) -> int:
    """Return how many findings are of this level."""
    return sum(found.level == level for found in findings)


def _neighbours(keys: Sequence[str], key: str) -> tuple[str, str]:
    """Return the articles before and after this one among those that wait, "" for none."""
    if key not in keys:
        return "", next(iter(keys), "")
    place = keys.index(key)
    before = keys[place - 1] if place else ""
    return before, keys[place + 1] if place + 1 < len(keys) else ""


def sides_of(desk: Desk, article: Article) -> list[Side]:
    """Return the article's posts in the order of the channels."""
    app = desk.app
    order = {name: place for place, name in enumerate(app.settings.channels)}
    posts = [p for p in app.store.desk.of_article(article.key) if p.channel in order]
    beside, entries = app.store.pages.beside(posts), app.store.inbox.of([p.id for p in posts])
    outlooks, people = Outlooks(app, app.clock.now(), platform), roles(app)
    return [
        _side(desk, entries[post.id], beside[post.id], outlooks, people)
        for post in sorted(posts, key=lambda p: order[p.channel])
    ]


def _side(
    desk: Desk, entry: Entry, beside: Beside, outlooks: Outlooks, people: Mapping[str, Role]
) -> Side:
    """Return one post with all that is shown of it."""
    app, post = desk.app, entry.post
    return Side(
        post=post,
        preview=desk.previews.of(post, post.content, outlooks.now),
        findings=beside.findings,
        approval=beside.agreed[-1] if beside.agreed else None,
        outlook=outlooks.of(entry),
        permalink=next(iter(beside.permalinks), ""),
        said_yes=beside.agreed,
        missing=still_missing(app, post, [yes.by for yes in beside.agreed], people),
        late=was_unanswered(post),
    )
