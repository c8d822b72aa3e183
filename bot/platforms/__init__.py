"""Platforms: one folder each. The folder's name is the platform's name everywhere.

A folder `bot/platforms/<name>/` is a platform when it has these modules, each loaded only
when it is needed (so that `bot check` does not import an HTTP client):

    settings    `Settings`, a pydantic model: the account's keys and choices, `BOT_<NAME>__*`
    dialect     `make(settings) -> Dialect`: how the platform counts and shows text
    publisher   `connect(settings, clock, who) -> Publisher`: the account of the settings, or `who`
                has signed in
    auth        `sign_in(settings, clock, app) -> SignIn`, where accounts can sign in; else none
    sandbox     `Sandbox`: a stand-in for the platform, for demos, rehearsals and tests
"""

import functools
import importlib
import importlib.util
import pkgutil
from importlib.util import find_spec
from types import ModuleType
from typing import Any, cast

from pydantic import BaseModel

from bot.domain.accounts import SignedIn, SignIn
from bot.domain.errors import ConfigError
from bot.domain.health import Lasting
from bot.domain.ports import Clock, Dialect, Publisher


def names() -> list[str]:
    """Return every platform this installation has."""
    return list(_names())


@functools.cache
def _names() -> tuple[str, ...]:
    """Look into the folder once: every row of every list asks about its platform."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if m.ispkg))


def settings_class(name: str) -> type[BaseModel]:
    """Return the settings model of a platform."""
    return cast("type[BaseModel]", _part(name, "settings").Settings)


@functools.cache
def caution(name: str) -> str:
    """Return why a person should approve each post there, "" where nothing speaks against a policy."""
    return str(getattr(settings_class(name), "AUTOMATION", "")) if name in names() else ""


def dialect(name: str, settings: BaseModel) -> Dialect:
    """Return how the platform counts and shows text."""
    return cast("Dialect", _part(name, "dialect").make(settings))


def connect(name: str, settings: BaseModel, clock: Clock, who: SignedIn | None = None) -> Publisher:
    """Return the account that has signed in, or that of the settings' keys.

    Raises:
        ConfigError: a key is missing.
    """
    return cast("Publisher", _part(name, "publisher").connect(settings, clock, who))


def signable() -> list[str]:
    """Return the platforms to which accounts can sign in."""
    return [name for name in names() if find_spec(f"{__name__}.{name}.auth")]


def sign_in(name: str, settings: BaseModel, clock: Clock, app: str = "") -> SignIn:
    """Return one of the platform's apps. Raises ConfigError where it is not set up."""
    if name not in signable():
        raise ConfigError(f"Nobody signs in to {name}: it takes a token in .env.")
    return cast("SignIn", _part(name, "auth").sign_in(settings, clock, app))


def lasting(name: str, settings: BaseModel) -> list[Lasting]:
    """Return what of this account runs out at a known time; [] where nothing does.

    A platform with such things has a module `lasting` with `lasting(settings)`.
    """
    if importlib.util.find_spec(f"{__name__}.{name}.lasting") is None:
        return []
    return list(_part(name, "lasting").lasting(settings))


def sandbox(name: str) -> Any:
    """Return the platform's stand-in, a `bot.http.sandbox.PlatformSandbox` subclass."""
    return _part(name, "sandbox").Sandbox


def _part(name: str, part: str) -> ModuleType:
    if name not in names():
        raise ConfigError(
            f"BOT_PLATFORMS: there is no platform {name!r}; there are {', '.join(names())}."
        )
    return importlib.import_module(f"{__name__}.{name}.{part}")
