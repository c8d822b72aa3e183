"""Settings that an admin changes at the desk: checked as a whole, kept in one file, used at once.

They are in `desk.env` in BOT_DATA_DIR, the weakest source but the defaults: what `.env` or the
environment say wins, and is shown as fixed.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any, Literal, get_args, get_origin

from bot.app import App
from bot.domain.errors import UsageError
from bot.domain.ledger import Event
from bot.settings import OWN_FILE, given, overlaid, read_own, variables

#: What may be changed at the desk, by page. Keys, addresses and folders may not.
PAGES: dict[str, tuple[str, ...]] = {
    "schedule": ("BOT_SCHEDULE__", "BOT_*_TIMES__"),
    "policies": (
        "BOT_APPROVAL__",
        "BOT_LINKS__",
        "BOT_THREADS__",
        "BOT_CARDS__",
        "BOT_ASKING__",
        "BOT_DESK__UNDO_SECONDS",
    ),
}
_NEVER = ("BOT_ASKING__PEOPLE",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One setting on a page.

    Attributes:
        value: as it is in use, as it would be written in `.env`.
        choices: the values there are; empty where it is free text.
        fixed: set outside, so that the desk cannot change it.
    """

    name: str
    description: str
    value: str
    default: str
    choices: tuple[str, ...]
    fixed: bool

    @property
    def label(self) -> str:
        """The name in words."""
        return self.name.split("__")[-1].replace("_", " ").lower()

    @property
    def group(self) -> str:
        """The group in words."""
        return self.name.removeprefix("BOT_").split("__")[0].replace("_", " ").lower()


def choices(app: App, page: str) -> Sequence[Choice]:
    """Return the settings of a page."""
    outside = given()
    found = []
    for name, field in variables(type(app.settings)):
        if _on(page, name):
            found.append(
                Choice(
                    name=name,
                    description=field.description or "",
                    value=written(_value(app, name)),
                    default=written(field.get_default()),
                    choices=_options(field.annotation),
                    fixed=name in outside,
                )
            )
    return found


def change(app: App, page: str, wanted: Mapping[str, str], *, by: str) -> Sequence[str]:
    """Keep these settings and use them from now on; return the names of those that changed.

    Raises:
        ConfigError: one of them has a value that cannot be used; nothing was changed.
        UsageError: one of them is not to be changed here, or the file cannot be written.
    """
    known = {choice.name: choice for choice in choices(app, page)}
    changed = {}
    for name, value in wanted.items():
        if name not in known:
            raise UsageError(f"{name[:60]} is not changed at the desk; nothing was saved.")
        if value.strip() != known[name].value:
            if known[name].fixed:
                raise UsageError(f"{name} is set in the environment or .env; change it there.")
            changed[name] = value.strip()
    if not changed:
        return ()
    fresh = overlaid(app.settings, {n: v or known[n].default for n, v in changed.items()})
    app.reload(fresh)
    _keep(app, changed)
    app.store.history.note(
        Event(at=app.clock.now(), name="settings.changed", who=by, detail=dict(changed))
    )
    return sorted(changed)


def page_of(names: Iterable[str]) -> str:
    """Return the page that has these settings. Raises UsageError where none has all of them."""
    wanted = [*names]
    for page in PAGES:
        if wanted and all(_on(page, name) for name in wanted):
            return page
    strange = next((n for n in wanted if not any(_on(page, n) for page in PAGES)), "")
    if strange:
        raise UsageError(
            f"{strange[:60]} is not changed while the bot runs: `bot settings list` names what is; "
            "write others into .env. Nothing was saved."
        )
    raise UsageError("Change schedule and policies one after the other; nothing was saved.")


class Follower:
    """Takes over what was changed at a desk, or a terminal, that is another process."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._written = self._state()
        self._seen = read_own(app.settings.data_dir)

    def look(self) -> Sequence[str]:
        """Use what was changed since the last look; return the names of that.

        Raises:
            ConfigError: the file of choices cannot be used, which is said once; what was in use
                stays in use.
        """
        written_now = self._state()
        if written_now == self._written:
            return ()
        self._written = written_now
        before, after = self._seen, read_own(self.app.settings.data_dir)
        self._seen = after
        outside = given()
        fields = dict(variables(type(self.app.settings)))
        changed = {
            name: after.get(name) or written(fields[name].get_default())
            for name in {*before, *after}
            if before.get(name) != after.get(name) and name in fields and name not in outside
        }
        fresh = overlaid(self.app.settings, changed)
        if fresh == self.app.settings:
            return ()  # it was changed here
        self.app.reload(fresh)
        return sorted(changed)

    def _state(self) -> tuple[int, int, int]:
        """Return what tells one writing of the file from every other; it is always a new file."""
        try:
            found = (self.app.settings.data_dir / OWN_FILE).stat()
        except OSError:
            return (0, 0, 0)
        return found.st_ino, found.st_mtime_ns, found.st_size


def written(value: Any) -> str:
    """Return a value as it is written in `.env`."""
    match value:
        case None:
            text = ""
        case bool():
            text = "true" if value else "false"
        case time():
            text = value.isoformat("minutes")
        case dict():
            text = ",".join(f"{key}={one}" for key, one in value.items())
        case tuple() | list():
            text = ",".join(str(one) for one in value)
        case float():
            text = f"{value:g}"
        case _:
            text = str(value)
    return text


def _on(page: str, name: str) -> bool:
    if name in _NEVER:
        return False
    return any(
        "_TIMES__" in name if pattern == "BOT_*_TIMES__" else name.startswith(pattern)
        for pattern in PAGES[page]
    )


def _value(app: App, name: str) -> Any:
    value: Any = app.settings
    for part in name.removeprefix("BOT_").lower().split("__"):
        value = getattr(value, part)
    return value


def _options(kind: Any) -> tuple[str, ...]:
    if kind is bool:
        return ("true", "false")
    if get_origin(kind) is Literal:
        return tuple(str(one) for one in get_args(kind))
    return ()


def _keep(app: App, changed: Mapping[str, str]) -> None:
    path = app.settings.data_dir / OWN_FILE
    values = {**read_own(app.settings.data_dir), **changed}
    lines = [f"{name}='{_quoted(value)}'\n" for name, value in sorted(values.items()) if value]
    head = "# Written by the desk's settings pages; .env and the environment win.\n"
    fresh = path.with_name(f".{OWN_FILE}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(head + "".join(lines))
        fresh.replace(path)
    except OSError as exc:
        raise UsageError(
            f"{path} cannot be written ({exc.strerror}); the change holds until the bot stops."
        ) from exc


def _quoted(value: str) -> str:
    if "\n" in value or "\r" in value:
        raise UsageError("A setting has one line; nothing was saved.")
    return value.replace("\\", "\\\\").replace("'", "\\'")
