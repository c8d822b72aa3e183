"""Platforms: one folder each. The folder's name is the platform's name everywhere.

A folder `bot/platforms/<name>/` is a platform when it has these modules, each loaded only
when it is needed (so that `bot check` does not import an HTTP client):

    settings    `Settings`, a pydantic model: the account's keys and choices, `BOT_<NAME>__*`
    dialect     `make(settings) -> Dialect`: how the platform counts and shows text
    publisher   `connect(settings, clock) -> Publisher`: the account
    sandbox     `Sandbox`: a stand-in for the platform, for demos, rehearsals and tests
"""

import importlib
import pkgutil
from types import ModuleType
from typing import Any, cast

from pydantic import BaseModel

from bot.domain.errors import ConfigError
from bot.domain.ports import Clock, Dialect, Publisher


def names() -> list[str]:
    """Return every platform this installation has."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)


def settings_class(name: str) -> type[BaseModel]:
    """Return the settings model of a platform."""
    return cast("type[BaseModel]", _part(name, "settings").Settings)


def dialect(name: str, settings: BaseModel) -> Dialect:
    """Return how the platform counts and shows text."""
    return cast("Dialect", _part(name, "dialect").make(settings))


def connect(name: str, settings: BaseModel, clock: Clock) -> Publisher:
    """Return the connected account. Raises ConfigError where a key is missing."""
    return cast("Publisher", _part(name, "publisher").connect(settings, clock))


def sandbox(name: str) -> Any:
    """Return the platform's stand-in, a `bot.http.sandbox.PlatformSandbox` subclass."""
    return _part(name, "sandbox").Sandbox


def _part(name: str, part: str) -> ModuleType:
    if name not in names():
        raise ConfigError(
            f"BOT_PLATFORMS: there is no platform {name!r}; there are {', '.join(names())}."
        )
    return importlib.import_module(f"{__name__}.{name}.{part}")
