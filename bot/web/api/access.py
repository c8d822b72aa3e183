"""Who is asking, and whether their token may be used for this."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.app import App
from bot.app.keys import digest
from bot.domain.access import Scope, Token
from bot.domain.people import User
from bot.tokens import PREFIX
from bot.web.api.problems import NotAllowed, NoToken

_bearer = HTTPBearer(auto_error=False, description="A token made with `bot token add`.")


@dataclass(frozen=True, slots=True)
class Caller:
    """A program, on behalf of a person."""

    app: App
    token: Token

    @property
    def user(self) -> User:
        """On whose behalf, with no more of their role than the token's scopes give."""
        roles = [scope.role for scope in Scope if self.token.may(scope)]
        return replace(self.token.user, role=roles[-1])


def app_of(request: Request) -> App:
    """Return the bot that serves this request."""
    app: App = request.app.state.bot
    return app


def token_of(app: App, header: str) -> Token | None:
    """Return the token an Authorization header brings, if it is good."""
    scheme, _, secret = header.partition(" ")
    if scheme.casefold() != "bearer" or not secret.strip().startswith(PREFIX):
        return None
    return app.store.tokens.find(digest(secret.strip()), now=app.clock.now())


def _caller(scope: Scope) -> Callable[..., Caller]:
    def check(
        request: Request,
        given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    ) -> Caller:
        app = app_of(request)
        header = f"{given.scheme} {given.credentials}" if given else ""
        token = token_of(app, header)
        if token is None:
            raise NoToken(
                "This takes a token that is neither revoked nor too old: Authorization: Bearer "
                f"{PREFIX}…, made with `bot token add`."
            )
        request.app.state.limiter.take(request, token)
        if not token.may(scope):
            raise NotAllowed(
                f"This takes the scope {scope} and the role {scope.role}; the token has "
                f"{', '.join(s for s in Scope if s in token.scopes)} and {token.user.name} is "
                f"{token.user.role}. Nothing was changed."
            )
        return Caller(app, token)

    return check


def _needs(scope: Scope) -> Any:
    return Depends(_caller(scope))


Reading = Annotated[Caller, _needs(Scope.READ)]
Editing = Annotated[Caller, _needs(Scope.EDIT)]
Approving = Annotated[Caller, _needs(Scope.APPROVE)]
Managing = Annotated[Caller, _needs(Scope.MANAGE)]
