"""Sources that are watched, and the accounts posts go to: their state, never their keys."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from starlette.responses import Response

from bot.domain.intake import Source
from bot.watching import adding, minding
from bot.web.api.access import Caller, Managing
from bot.web.api.models import Taken, example
from bot.web.api.once import OnceRoute
from bot.web.api.problems import ALWAYS, CHANGES, ONE, as_missing

router = APIRouter(route_class=OnceRoute, tags=["sources and accounts"], responses=ALWAYS)

Name = Annotated[str, Path(max_length=60, description="`name` of the source.")]


class SourceOut(BaseModel):
    """A place where articles appear."""

    name: str
    kind: str
    url: str
    paused: str = Field(description='Why it is not read; "" while it is.')
    last_read_at: datetime | None
    next_poll_at: datetime | None
    failures: int
    trouble: str


class SourceList(BaseModel):
    """Every source."""

    items: list[SourceOut]


class Address(Taken):
    """An address to watch."""

    url: str = Field(pattern=r"^https?://", max_length=2000)
    name: str = Field("", pattern=r"^[\w.-]{0,60}$", description='"" makes one of the address.')

    model_config = example({"url": "https://theshiftmaker.com/feed.xml", "name": "site"})


class Newest(BaseModel):
    """An article that is there now."""

    id: str
    title: str
    url: str
    published_at: datetime | None


class FoundOut(BaseModel):
    """What is at an address."""

    name: str
    kind: str
    url: str
    how: str = Field(description='How it was found; "" where the address was the source itself.')
    findings: list[str]
    newest: list[Newest]


class Added(SourceOut):
    """A source that is watched from now on."""

    asked: str = Field(description='Article that waits for your word (see /held); "" for none.')


class Reason(Taken):
    """Why."""

    reason: str = Field("", max_length=300)

    model_config = example({"reason": "The feed repeats old articles"})


class AccountOut(BaseModel):
    """Who posts on a channel; nothing that would let anybody else."""

    channel: str
    paused: str = Field(description='Why nothing is sent; "" where it is.')
    name: str = Field(description='"" where the settings hold its keys.')
    handle: str
    connected_by: str
    ends_at: datetime | None = Field(description="When somebody has to sign in again.")
    warning: str


class AccountList(BaseModel):
    """The account of every channel."""

    items: list[AccountOut]


class Tried(BaseModel):
    """What came of trying an account without posting."""

    channel: str
    ok: bool
    said: str


class TriedList(BaseModel):
    """What came of trying every account."""

    items: list[Tried]


@router.get("/sources")
def sources(caller: Managing) -> SourceList:
    """List what is watched, and what is wrong."""
    return SourceList(items=[_out(one) for one in caller.app.store.sources.all()])


@router.post("/sources/find", responses=CHANGES)
def find_source(caller: Managing, wanted: Address) -> FoundOut:
    """Find out what is at an address and show its newest articles; nothing is kept yet."""
    found = adding.find_on_web(caller.app, wanted.url, name=wanted.name)
    newest = [
        Newest(id=one.key, title=one.title, url=one.url, published_at=one.published_at)
        for one in found.articles[:3]
    ]
    return FoundOut(
        name=found.source.name,
        kind=found.source.kind,
        url=found.source.url,
        how=found.how,
        findings=list(found.findings),
        newest=newest,
    )


@router.post("/sources", status_code=201, responses=CHANGES)
def add_source(caller: Managing, wanted: Address) -> Added:
    """Watch an address from now on; what it shows now is no news."""
    found = adding.find_on_web(caller.app, wanted.url, name=wanted.name)
    source, _, asked = adding.add(caller.app, found)
    return Added(**dict(_out(source)), asked=asked.article.key if asked else "")


@router.put("/sources/{name}/pause", responses=ONE | CHANGES)
def pause_source(caller: Managing, name: Name, wanted: Reason) -> SourceOut:
    """Do not read a source for now."""
    _known(caller, name)
    return _out(minding.pause(caller.app, name, wanted.reason, by=caller.user.name))


@router.delete("/sources/{name}/pause", responses=ONE | CHANGES)
def resume_source(caller: Managing, name: Name) -> SourceOut:
    """Read a source again, at once."""
    _known(caller, name)
    return _out(minding.resume(caller.app, name, by=caller.user.name))


@router.delete("/sources/{name}", status_code=204, responses=ONE | CHANGES)
def remove_source(caller: Managing, name: Name) -> Response:
    """Watch a source no more; what was seen there stays remembered."""
    _known(caller, name)
    minding.remove(caller.app, name, by=caller.user.name)
    return Response(status_code=204)


@router.get("/accounts")
def accounts(caller: Managing) -> AccountList:
    """List who posts on each channel, until when, and what is wrong; no keys, no tokens."""
    app = caller.app
    known = {one.channel: one for one in app.accounts.all()}
    warned = {one.channel: one.message for one in app.accounts.warnings()}
    paused = app.store.pauses.all()
    items = []
    for channel in app.settings.channels:
        one = known.get(channel)
        items.append(
            AccountOut(
                channel=channel,
                paused=paused.get(channel, ""),
                name=one.account.name if one else "",
                handle=one.account.handle if one else "",
                connected_by=one.connected_by if one else "",
                ends_at=one.ends_at if one else None,
                warning=warned.get(channel, ""),
            )
        )
    return AccountList(items=items)


@router.post("/accounts/check", responses=CHANGES)
def check_accounts(caller: Managing) -> TriedList:
    """Try every account without posting."""
    tried = {name: caller.app.accounts.tried(name) for name in caller.app.settings.channels}
    return TriedList(items=[Tried(channel=n, ok=ok, said=s) for n, (ok, s) in tried.items()])


def _known(caller: Caller, name: str) -> None:
    with as_missing():
        caller.app.store.sources.named(name)


def _out(one: Source) -> SourceOut:
    return SourceOut(
        name=one.name,
        kind=one.kind,
        url=one.url,
        paused=one.paused,
        last_read_at=one.last_read_at,
        next_poll_at=one.next_poll_at,
        failures=one.failures,
        trouble=one.trouble,
    )
