"""How and when a post appears: its card, the editor's own picture, its time."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, Base64Bytes, Field
from starlette.responses import Response

from bot import editing
from bot.domain.errors import ContentError
from bot.editing import Dress
from bot.web.api.access import Caller, Editing, Reading
from bot.web.api.conflicts import as_seen, lost_race
from bot.web.api.models import Fingerprint, PostOut, Taken, example, post_out
from bot.web.api.once import OnceRoute
from bot.web.api.posts import Number, find
from bot.web.api.problems import ALWAYS, CHANGES, ONE, NotThere, as_usage

router = APIRouter(route_class=OnceRoute, tags=["looks"], responses=ALWAYS)

Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="`card_sha256` of a post.")]
AltText = Annotated[
    str, Field(min_length=20, max_length=1000, description="What the picture shows.")
]
_BINARY = {"schema": {"type": "string", "format": "binary"}}
BYTES = ONE | {
    200: {
        "description": "The bytes.",
        "content": {"image/png": _BINARY, "application/pdf": _BINARY},
    }
}
#: One pixel: what a picture looks like in the request, far too small to be taken.
_PIXEL = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


class Card(Taken):
    """How a post's card shall look; what is left out is as the house wants it."""

    layout: str = Field(
        "", pattern=r"^([a-z][a-z0-9_-]{0,39})?$", description="auto, headline, number, quote, …"
    )
    variant: str = Field("", pattern=r"^(dark|light)?$")
    content_hash: Fingerprint

    model_config = example({"layout": "quote", "variant": "light", "content_hash": "0" * 64})


class Picture(Taken):
    """An editor's own picture in place of a drawn card."""

    picture: Base64Bytes = Field(
        description="PNG, JPEG, WebP or GIF of at least 600×315, in Base64; up to 15 MB."
    )
    alt_text: AltText
    content_hash: Fingerprint

    model_config = example(
        {
            "picture": _PIXEL,
            "alt_text": "The bank's hall, seen from above.",
            "content_hash": "0" * 64,
        }
    )


class Time(Taken):
    """When a post shall go out."""

    at: AwareDatetime = Field(description="With its zone, within the next 90 days.")

    model_config = example({"at": "2026-11-23T07:00:00+05:30"})


@router.put("/posts/{number}/card", responses=ONE | CHANGES)
def draw(caller: Editing, number: Number, wanted: Card) -> PostOut:
    """Draw another card; an approval there was is void."""
    dress = Dress(layout=wanted.layout, variant=wanted.variant)
    return _redrawn(caller, number, wanted.content_hash, dress)


@router.put("/posts/{number}/picture", responses=ONE | CHANGES)
def own_picture(caller: Editing, number: Number, wanted: Picture) -> PostOut:
    """Show the editor's own picture: decoded, cut to size, nothing but its pixels kept."""
    dress = Dress(picture=wanted.picture, alt_text=wanted.alt_text)
    return _redrawn(caller, number, wanted.content_hash, dress)


@router.put("/posts/{number}/time", responses=ONE | CHANGES)
def time(caller: Editing, number: Number, wanted: Time) -> PostOut:
    """Let a post go out at another time; it stays approved only where the token may approve."""
    app, user = caller.app, caller.user
    moved = editing.reschedule(app, find(caller, number), wanted.at, by=user.name, role=user.role)
    return post_out(app, moved)


@router.get("/cards/{sha256}", responses=BYTES, response_class=Response)
def card(caller: Reading, sha256: Digest) -> Response:
    """Return a card's bytes, exactly those that will be sent."""
    try:
        data = caller.app.store.shelf.read(sha256)
    except ContentError:
        raise NotThere("There is no such card, or it is not kept any more.") from None
    kind = "application/pdf" if data.startswith(b"%PDF-") else "image/png"
    return Response(data, media_type=kind)


@router.get("/cards/{sha256}/{page}", responses=BYTES, response_class=Response)
def card_page(
    caller: Reading, sha256: Digest, page: Annotated[int, Path(ge=1, le=300)]
) -> Response:
    """Return a page of a document as a picture."""
    try:
        png = caller.app.store.shelf.page(sha256, page)
    except ContentError:
        raise NotThere("There is no such page, or it is not kept any more.") from None
    return Response(png, media_type="image/png")


def _redrawn(caller: Caller, number: int, seen: str, dress: Dress) -> PostOut:
    app = caller.app
    post = as_seen(app, find(caller, number), seen)
    with lost_race(app, post), as_usage():
        return post_out(app, editing.redraw(app, post, dress, by=caller.user.name))
