"""The timeline: what was posted, as followers see it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from fastapi import FastAPI

from bot.http.sandbox.platform import PlatformSandbox
from bot.http.sandbox.state import State


def mount(
    app: FastAPI,
    sandboxes: Sequence[PlatformSandbox],
    state: State,
    now: Callable[[], datetime],
) -> None:
    """Add the pages to `app`."""
