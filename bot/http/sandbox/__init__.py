"""Stand-ins for the platforms: real HTTP on loopback, so faithful that a first real post is boring.

    with Server([x.Sandbox(), linkedin.Sandbox()], clock=clock) as server:
        settings = Settings(**server.credentials("x"))
        server.state.fault("x.create", Fault(kind=Kind.ACCEPT_THEN_DROP))
        …
        assert len(server.state.posts("x")) == 1

Used by `bot demo`, `bot rehearse`, `bot sandbox` and the tests.
"""

from bot.http.sandbox.consent import App, Consent
from bot.http.sandbox.faults import Fault, Kind
from bot.http.sandbox.fold import Fold, Segment
from bot.http.sandbox.platform import (
    ACCOUNT_HANDLE,
    ACCOUNT_NAME,
    ACCOUNT_TAGLINE,
    LinkCard,
    Picture,
    PlatformSandbox,
    Route,
    Shown,
    Words,
)
from bot.http.sandbox.server import Server
from bot.http.sandbox.state import State
from bot.http.sandbox.wire import Answer, Call, Refused

__all__ = [
    "ACCOUNT_HANDLE",
    "ACCOUNT_NAME",
    "ACCOUNT_TAGLINE",
    "Answer",
    "App",
    "Call",
    "Consent",
    "Fault",
    "Fold",
    "Kind",
    "LinkCard",
    "Picture",
    "PlatformSandbox",
    "Refused",
    "Route",
    "Segment",
    "Server",
    "Shown",
    "State",
    "Words",
]
