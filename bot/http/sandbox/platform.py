"""What every stand-in platform has: a name, routes, an account and a timeline."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.ports import Measure
from bot.http.sandbox.fold import Fold, Segment
from bot.http.sandbox.state import State
from bot.http.sandbox.wire import Answer, Call, Handler

#: Who the sandbox account is, on every platform.
ACCOUNT_NAME = "The ShiftMaker"
ACCOUNT_HANDLE = "shiftmaker"
ACCOUNT_TAGLINE = "AI Intelligence Daily"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One endpoint of a platform.

    Attributes:
        endpoint: its name in fault queues and call lists, without the platform's ("create").
        path: below the platform's root, with `{name}` parameters.
    """

    endpoint: str
    method: str
    path: str
    handler: Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture in a shown post. `blob` names its bytes in the state."""

    blob: str
    alt: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCard:
    """A link's own card: what the platform shows of an article."""

    href: str
    title: str
    site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A post as followers see it.

    Attributes:
        permalink: path below the platform's `web_url`.
        context: a line above the post, such as whom it answers.
        link: the card of an article; its thumbnail is the first of `pictures`.
        document: title of a document, whose pages are `pictures`; "" where there is none.
        note: what an editor should know and a follower is not told.
    """

    id: str
    at: datetime
    segments: tuple[Segment, ...]
    permalink: str
    context: str = ""
    pictures: tuple[Picture, ...] = ()
    link: LinkCard | None = None
    document: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text as followers see it; `note` as in `Shown`."""

    segments: tuple[Segment, ...]
    note: str = ""


class PlatformSandbox:
    """Base of the stand-ins. One subclass per platform, `bot.platforms.<name>.sandbox.Sandbox`.

    Attributes:
        name: the platform's name, equal to its folder's.
        title: its name for people.
        profile: path of the account's own page below `web_url`.
        follows: the endpoint that takes what follows a post.
        edits: the endpoint that changes a live post.
        folds: where a long post is folded, widest screen first; none where nothing is folded.
    """

    name: str
    title: str
    profile: str
    follows: str = "create"
    edits: str = "create"
    folds: tuple[Fold, ...] = ()

    def routes(self) -> list[Route]:
        """Return the endpoints of the platform's API."""
        raise NotImplementedError

    def unknown(self, call: Call) -> Answer:
        """Answer a request to an address the platform does not have."""
        raise NotImplementedError

    def too_large(self) -> Answer:
        """Answer a request whose body is larger than the platform reads."""
        return Answer(status=413, body="<html><body>413 Payload Too Large</body></html>")

    def credentials(self, kind: str = "", *, now: datetime | None = None) -> dict[str, Any]:
        """Return what the platform's `Settings` need to use the sandbox account.

        The server adds `base_url` and `web_url`: see `Server.credentials`.

        Args:
            kind: which of the platform's accounts or sign-ins; "" for the usual one.
            now: when they will be used, where that matters.
        """
        raise NotImplementedError

    def canonical(self, path: str) -> str:
        """Return the path under which the site at `web_url` shows what it also shows at `path`."""
        return path

    def shown(self, state: State, now: datetime) -> list[Shown]:
        """Return the posts that followers see at `now`, newest first."""
        raise NotImplementedError

    def as_followers_see(self, text: str, measure: Callable[[str], Measure]) -> Words:
        """Return what followers will see of a text that was not sent yet."""
        raise NotImplementedError
