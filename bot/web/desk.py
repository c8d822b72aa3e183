"""What every page of the desk shares: the app, the keys, the templates, and who is asking."""

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import Depends, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot import templates
from bot.app import App
from bot.app.keys import Keys, digest
from bot.domain.errors import BotError
from bot.domain.people import Role, User
from bot.steering import Follower
from bot.web import statics, words
from bot.web.kept import Kept
from bot.web.preview import Previews

#: What the top of every page leads to.
NAV = (("Inbox", "/"), ("Calendar", "/calendar"), ("Record", "/record"), ("Settings", "/settings"))


class NotSignedIn(BotError):  # noqa: N818
    """The page is for people who have signed in."""


class NotAllowed(BotError):  # noqa: N818
    """The person may not do this."""


@dataclass(frozen=True)
class Desk:
    """The desk, wired. One per server."""

    app: App

    @cached_property
    def keys(self) -> Keys:
        """What signs forms and links."""
        return self.app.keys

    @cached_property
    def follower(self) -> Follower:
        """What takes over settings that were changed elsewhere."""
        return Follower(self.app)

    @cached_property
    def secure(self) -> bool:
        """Whether people reach the desk over TLS."""
        return self.app.settings.desk.url.startswith("https://")

    @cached_property
    def cookie(self) -> str:
        """Name of the session's cookie; the prefix makes browsers refuse it from elsewhere."""
        return "__Host-desk" if self.secure else "desk"

    @cached_property
    def device_cookie(self) -> str:
        """Name of the cookie by which a device is known again."""
        return "__Host-device" if self.secure else "device"

    @cached_property
    def previews(self) -> Previews:
        """What draws posts as followers will see them."""
        return Previews(self.app)

    @cached_property
    def kept(self) -> Kept:
        """What was made for one page and serves the next."""
        return Kept(self.app)

    @cached_property
    def environment(self) -> Environment:
        """The templates, with everything escaped that is not our own markup."""
        environment = Environment(
            loader=FileSystemLoader(templates.search_path("web", self.app.settings.templates_dir)),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        zone = self.app.house.zone
        environment.filters["at"] = lambda moment: words.at(moment, zone)
        environment.filters["hour"] = lambda moment: f"{moment.astimezone(zone):%H:%M}"
        environment.filters["zone"] = lambda moment: f"{moment.astimezone(zone):%Z}"
        environment.filters["local"] = lambda moment: f"{moment.astimezone(zone):%Y-%m-%dT%H:%M}"
        environment.filters["short_day"] = lambda day: words.short_day(day, zone)
        environment.filters["date_words"] = lambda day: f"{day:%A}, {day.day} {day:%B}"
        environment.filters["named"] = words.named
        environment.filters["clock"] = lambda moment: words.clock(moment, zone)
        environment.filters["day"] = lambda moment: words.day(moment, zone)
        environment.filters["iso_day"] = lambda moment: moment.astimezone(zone).date().isoformat()
        environment.filters["web"] = words.web_address
        environment.filters["money"] = words.money
        environment.filters["platform"] = words.platform
        environment.filters["who"] = words.who
        environment.filters["static"] = statics.address
        environment.globals["kept"] = self._kept_part
        environment.globals["channels"] = self.app.settings.channels
        environment.globals["keys"] = words.KEYS
        environment.globals["site"] = self.app.settings.site.name
        return environment

    def _kept_part(self, *key: Hashable, caller: Callable[[], str]) -> str:
        """Return a part of a page, made anew only after something was written, or some seconds.

        In a template: {% call kept("name", all it depends on) %}…{% endcall %}.
        """
        return self.kept.get(("part", self.kept.bucket, *key), caller)

    def page(
        self,
        request: Request,
        template: str,
        /,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """Return a page; `user`, `csrf`, `now` and the paused channels are there for every one."""
        now = self.app.clock.now()
        user: User | None = getattr(request.state, "user", None)
        paused, unread = self._around(user) if user else ({}, 0)
        html = self.environment.get_template(template).render(
            {
                "request": request,
                "path": request.url.path,
                "here": _address(request),
                "user": user,
                "csrf": (csrf := token(request, self)),
                "token": lambda: Markup('<input type="hidden" name="csrf" value="{}">').format(
                    csrf
                ),
                "nav": NAV,
                "now": now,
                "until": lambda moment: words.until(moment, now),
                "paused": paused,
                "unread": unread,
                "flash": _flash(request),
                **values,
            }
        )
        answer = HTMLResponse(html, status, headers)
        guest = getattr(request.state, "guest", "")
        if guest:
            answer.set_cookie("guest", guest, httponly=True, secure=self.secure, samesite="lax")
        if "flash" in request.cookies:
            answer.delete_cookie("flash", httponly=True, samesite="lax")
        return answer

    def _around(self, user: User) -> tuple[Mapping[str, str], int]:
        """Return what stands on every page: why channels are paused, and who names the reader."""
        store = self.app.store
        return self.kept.get(
            ("around", user.id), lambda: (store.pauses.all(), store.talk.unread(user))
        )


def _address(request: Request) -> str:
    """Return the page's own address, to show it again."""
    return local(quote(request.url.path), request.url.query)


def local(path: str, query: str) -> str:
    """Return an address of the desk: never another host's, as "//host/" is."""
    path = "/" + path.lstrip("/")
    return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True, kw_only=True)
class Flash:
    """What the last change came to, shown once on the next page.

    Attributes:
        kind: "done" or "trouble".
        undo: posts whose approval can be taken back.
        until: nothing is sent before then, so that undoing is sure to work.
    """

    text: str
    kind: str
    undo: tuple[int, ...] = ()
    until: datetime | None = None


def _flash(request: Request) -> Flash | None:
    try:
        value = json.loads(unquote(request.cookies.get("flash", "")))
        undo = tuple(int(number) for number in value.get("undo", ()))
        kind = "trouble" if value.get("kind") == "trouble" else "done"
        until = datetime.fromisoformat(value["until"]) if "until" in value else None
        return Flash(text=str(value["text"])[:600], kind=kind, undo=undo, until=until)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None  # not ours


def token(request: Request, desk: Desk) -> str:
    """Return what a form must bring back to be this visitor's own."""
    return desk.keys.sign("csrf", visitor(request, desk))


def visitor(request: Request, desk: Desk) -> str:
    """Return what tells this visitor from every other: the session, or a guest's cookie."""
    made: str = getattr(request.state, "guest", "")
    return request.cookies.get(desk.cookie, "") or request.cookies.get("guest", "") or made


async def at_desk(request: Request) -> Desk:
    """Return the desk that serves this request."""
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(at_desk)]


def signed_in(request: Request, desk: AtDesk) -> User:
    """Return who is asking. Raises NotSignedIn."""
    secret = request.cookies.get(desk.cookie, "")
    user = _of_session(desk, digest(secret)) if secret else None
    if user is None:
        raise NotSignedIn("Sign in first.")
    request.state.user = user
    desk.follower.look()
    return user


def _of_session(desk: Desk, session: str) -> User | None:
    app, kept = desk.app, desk.kept
    now = app.clock.now()
    return kept.get(
        ("session", session, kept.bucket), lambda: app.store.sessions.user(session, now=now)
    )


SignedIn = Annotated[User, Depends(signed_in)]


def _at_least(role: Role) -> Any:
    async def check(user: SignedIn) -> User:
        if not user.may(role):
            raise NotAllowed(
                f"This takes the role {role}; you are {user.role}. Nothing was changed. Ask an "
                "admin."
            )
        return user

    return Depends(check)


Editing = Annotated[User, _at_least(Role.EDITOR)]
Approving = Annotated[User, _at_least(Role.APPROVER)]
Managing = Annotated[User, _at_least(Role.ADMIN)]


def go(where: str, *, flash: str = "", kind: str = "done", **more: Any) -> Response:
    """Send the browser to another page of ours, where `flash` is shown once."""
    if not where.startswith("/") or where.startswith(("//", "/\\")):
        where = "/"
    answer = RedirectResponse(where, 303)
    if flash:
        value = json.dumps({"text": flash[:600], "kind": kind, **more}, ensure_ascii=False)
        answer.set_cookie(
            "flash", quote(value, safe=" ")[:3800], max_age=60, httponly=True, samesite="lax"
        )
    return answer
