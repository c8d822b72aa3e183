"""Webhooks: who is told what happens, and tokens: who may come in."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from bot.app.keys import new_secret
from bot.domain.access import Scope, Token, Webhook
from bot.hooks import check_address, secret
from bot.web.api.access import Managing, Reading
from bot.web.api.models import Taken, example
from bot.web.api.once import OnceRoute
from bot.web.api.problems import ALWAYS, CHANGES, ONE, as_missing

router = APIRouter(route_class=OnceRoute, tags=["programs"], responses=ALWAYS)

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
EventName = Annotated[str, Field(pattern=r"^(\*|[a-z]+\.[a-z_]+)$", max_length=64)]


class NewWebhook(Taken):
    """An address to be told."""

    url: str = Field(pattern=r"^https?://", max_length=2000)
    events: list[EventName] = Field(
        min_length=1, max_length=40, description='Such as "post.published"; "*" for all.'
    )

    model_config = example({"url": "https://example.org/hook", "events": ["post.published"]})


class WebhookOut(BaseModel):
    """An address that is told what happens."""

    id: int
    url: str
    events: list[str]
    created_at: datetime
    failures: int
    failing_since: datetime | None
    disabled: str = Field(description='Why it is told nothing any more; "" while it is.')


class MadeWebhook(WebhookOut):
    """A new webhook, with what its messages are signed with."""

    secret: str = Field(description="Standard Webhooks secret (whsec_…); shown only now.")


class WebhookList(BaseModel):
    """Every webhook."""

    items: list[WebhookOut]


class TokenOut(BaseModel):
    """A program's way in."""

    id: int
    name: str
    user: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


class TokenList(BaseModel):
    """Tokens that are not revoked."""

    items: list[TokenOut]


@router.get("/webhooks")
def webhooks(caller: Managing) -> WebhookList:
    """List the addresses that are told what happens."""
    return WebhookList(items=[_out(one) for one in caller.app.store.webhooks.all()])


@router.post("/webhooks", status_code=201, responses=CHANGES)
def add(caller: Managing, wanted: NewWebhook) -> MadeWebhook:
    """Tell an address what happens from now on; messages are signed (Standard Webhooks)."""
    app = caller.app
    check_address(app, wanted.url)
    made = app.store.webhooks.add(
        wanted.url, wanted.events, new_secret(), by=caller.user.name, now=app.clock.now()
    )
    return MadeWebhook(**_out(made).model_dump(), secret=secret(app, made))


@router.delete("/webhooks/{number}", status_code=204, responses=ONE | CHANGES)
def remove(caller: Managing, number: Number) -> Response:
    """Tell an address nothing any more."""
    app = caller.app
    with as_missing():
        app.store.webhooks.remove(number, by=caller.user.name, now=app.clock.now())
    return Response(status_code=204)


@router.get("/tokens")
def tokens(caller: Reading) -> TokenList:
    """List the tokens of the caller; with the scope `manage`, of everybody."""
    everybody = caller.token.may(Scope.MANAGE)
    found = caller.app.store.tokens.all(None if everybody else caller.user)
    return TokenList(items=[_token(one) for one in found])


@router.delete("/tokens/{number}", status_code=204, responses=ONE | CHANGES)
def revoke(caller: Reading, number: Number) -> Response:
    """Make a token of the caller worthless; with the scope `manage`, anybody's."""
    app = caller.app
    only = None if caller.token.may(Scope.MANAGE) else caller.user
    with as_missing():
        app.store.tokens.revoke(number, by=caller.user.name, now=app.clock.now(), only_of=only)
    return Response(status_code=204)


def _out(webhook: Webhook) -> WebhookOut:
    return WebhookOut(
        id=webhook.id,
        url=webhook.url,
        events=list(webhook.events),
        created_at=webhook.created_at,
        failures=webhook.failures,
        failing_since=webhook.failing_since,
        disabled=webhook.disabled,
    )


def _token(token: Token) -> TokenOut:
    return TokenOut(
        id=token.id,
        name=token.name,
        user=token.user.name,
        scopes=[scope for scope in Scope if scope in token.scopes],
        created_at=token.created_at,
        expires_at=token.expires_at,
        used_at=token.used_at,
    )
