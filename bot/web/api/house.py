"""The house: who is asking, channels and pauses, people, and the record of a day."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from bot import __version__
from bot.domain.access import Scope
from bot.domain.errors import UsageError
from bot.domain.people import Role, User
from bot.store.due import EVERYTHING
from bot.web.api.access import Approving, Caller, Managing, Reading
from bot.web.api.models import Taken
from bot.web.api.once import OnceRoute
from bot.web.api.problems import ALWAYS, CHANGES, ONE, NotThere
from bot.web.areas.record import receipts_of, today
from bot.web.links import one_time

router = APIRouter(route_class=OnceRoute, tags=["house"], responses=ALWAYS)


class Me(BaseModel):
    """Who is asking, and the bot they ask."""

    user: str
    role: Role
    token: str
    scopes: list[Scope]
    expires_at: datetime
    now: datetime
    zone: str
    version: str


class Channel(BaseModel):
    """An account posts go to."""

    name: str = Field(description='"*" stands for all of them.')
    paused: str = Field(description='Why nothing is sent; "" where it is.')


class Channels(BaseModel):
    """Every channel."""

    items: list[Channel]


class Pause(Taken):
    """Why nothing shall be sent."""

    reason: str = Field(min_length=1, max_length=500)


class ReceiptOut(BaseModel):
    """Proof that a post is live."""

    post_id: int
    article_id: str
    title: str
    platform: str
    channel: str
    state: str
    published_at: datetime
    permalinks: list[str]
    remote_id: str
    content_hash: str
    card_sha256: str | None
    text: str
    approved_by: str | None
    approved_via: str | None
    approved_at: datetime | None
    tries: int
    found_by_looking: bool
    verification: str
    estimated_cost_usd: str


class Day(BaseModel):
    """What went out on one day of the newsroom."""

    day: date
    zone: str
    receipts: list[ReceiptOut]


class Person(BaseModel):
    """Somebody who may sign in."""

    name: str
    role: Role
    disabled: bool
    created_at: datetime


class People(BaseModel):
    """Everybody who may sign in."""

    items: list[Person]


class NewPerson(Taken):
    """Somebody to let in."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")
    role: Role


class Invited(Person):
    """Somebody new, and the one-time link by which they set their password."""

    link: str


class ChangedPerson(Taken):
    """What shall be different about somebody."""

    role: Role | None = None
    disabled: bool | None = None


ChannelName = Annotated[str, Path(max_length=64)]
Name = Annotated[str, Path(max_length=40)]


@router.get("/me")
def me(caller: Reading) -> Me:
    """Say who is asking, and what they may do."""
    app, token = caller.app, caller.token
    return Me(
        user=token.user.name,
        role=token.user.role,
        token=token.name,
        scopes=[scope for scope in Scope if scope in token.scopes],
        expires_at=token.expires_at,
        now=app.clock.now(),
        zone=app.house.zone.key,
        version=__version__,
    )


@router.get("/channels")
def channels(caller: Reading) -> Channels:
    """List the channels, and which are paused."""
    paused = caller.app.store.pauses.all()
    names = (EVERYTHING, *caller.app.settings.channels)
    return Channels(items=[Channel(name=n, paused=paused.get(n, "")) for n in names])


@router.put("/channels/{name}/pause", responses=ONE | CHANGES)
def pause(caller: Approving, name: ChannelName, wanted: Pause) -> Channel:
    """Send nothing on a channel until somebody resumes it."""
    _known(caller, name)
    reason = f"{wanted.reason} ({caller.user.name})"
    by, now = caller.user.name, caller.app.clock.now()
    caller.app.store.pauses.pause(name, reason, by=by, now=now)
    return Channel(name=name, paused=reason)


@router.delete("/channels/{name}/pause", responses=ONE | CHANGES)
def resume(caller: Approving, name: ChannelName) -> Channel:
    """Send on a channel again."""
    _known(caller, name)
    caller.app.store.pauses.resume(name, by=caller.user.name, now=caller.app.clock.now())
    return Channel(name=name, paused="")


@router.get("/record")
def record(caller: Reading, day: date | None = None) -> Day:
    """Return the receipts of one day of the newsroom; of today where none is named."""
    chosen = day or today(caller.app)
    if not 2000 <= chosen.year <= 2200:
        raise UsageError(f"There is no record of {chosen}.")
    return Day.model_validate(receipts_of(caller.app, chosen))


@router.get("/users")
def users(caller: Managing) -> People:
    """List everybody who may sign in."""
    return People(items=[_person(user) for user in caller.app.store.people.all()])


@router.post("/users", responses=CHANGES)
def invite(caller: Managing, wanted: NewPerson) -> Invited:
    """Let somebody in; the link is for them alone."""
    app, by = caller.app, caller.user.name
    user = app.store.people.add(wanted.name, wanted.role, by=by, now=app.clock.now())
    desk = app.settings.desk
    url = desk.url or f"http://{desk.host}:{desk.port}"
    return Invited(**dict(_person(user)), link=one_time(app, user, url, by=by))


@router.patch("/users/{name}", responses=ONE | CHANGES)
def change(caller: Managing, name: Name, wanted: ChangedPerson) -> Person:
    """Give somebody another role, or close or open their account; they are signed out."""
    app = caller.app
    user = app.store.people.find(name)
    if user is None:
        raise NotThere(f"There is nobody called {name}.")
    changed = app.store.people.change(
        user,
        by=caller.user.name,
        now=app.clock.now(),
        role=wanted.role,
        disabled=wanted.disabled,
    )
    return _person(changed)


def _known(caller: Caller, name: str) -> None:
    if name not in (EVERYTHING, *caller.app.settings.channels):
        raise NotThere(f"There is no channel {name!r}.")


def _person(user: User) -> Person:
    closed = user.disabled_at is not None
    return Person(name=user.name, role=user.role, disabled=closed, created_at=user.created_at)
