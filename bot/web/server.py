"""Serves the desk, in the foreground or beside the publisher.

It listens at once and is loaded for its first visitor, who waits a second for it: a bot that starts
at 06:59 publishes before it can show pages, and one whose desk nobody opens saves 30 MB.
"""

import select
import socket
import threading
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Self

import structlog

from bot.app import App, keys
from bot.app.loading import LOADING
from bot.domain.errors import ConfigError
from bot.domain.people import Role
from bot.web.links import one_time

if TYPE_CHECKING:
    import uvicorn

log = structlog.get_logger(__name__)

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class DeskServer(AbstractContextManager["DeskServer"]):
    """The desk on its address. A context manager serves it from a thread of its own.

    Raises:
        ConfigError: it may not listen there, the port is taken, or its key cannot be used.
    """

    def __init__(self, app: App, *, port: int | None = None) -> None:
        self.app = app
        settings = app.settings.desk
        refuse_open_door(app)
        app.keys  # noqa: B018 -- read now, so that a bad key stops the start and not a page
        self._socket = _listen(settings.host, settings.port if port is None else port)
        self.port: int = self._socket.getsockname()[1]
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        self.url = settings.url or f"http://{host}:{self.port}"
        self._woken, self._wake = socket.socketpair()
        self._stopping = threading.Event()
        self._server: uvicorn.Server | None = None
        self._thread = threading.Thread(target=self._serve, name="desk", daemon=True)

    def __enter__(self) -> Self:
        """Serve until the context ends."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Finish what is being answered, then stop."""
        self.stop()
        self._thread.join(10)
        for one in (self._socket, self._woken, self._wake):
            one.close()

    def stop(self) -> None:
        """Ask the server to stop, from any thread."""
        self._stopping.set()
        self._wake.send(b"!")
        if self._server is not None:
            self._server.should_exit = True

    def first_link(self) -> str:
        """Return a one-time link for the first admin; "" where there are people already."""
        people, keyed = self.app.store.people, self.app.store.passkeys.owners()
        admins = [user.name for user in people.all() if user.may(Role.ADMIN)]
        if any(name in keyed or people.password(name) for name in admins):
            return ""
        name = "admin"
        now = self.app.clock.now()
        user = people.find(name) or people.add(name, Role.ADMIN, by="bot", now=now)
        return one_time(self.app, user, self.url, by="bot")

    def _serve(self) -> None:
        select.select([self._socket, self._woken], [], [])
        if self._stopping.is_set():
            return
        try:
            self._server = load(self.app)
        except Exception:  # what is approved goes out, desk or no desk
            log.exception("desk.not_served")
            self._socket.close()
            return
        if not self._stopping.is_set():
            self._server.run(sockets=[self._socket])


def load(app: App) -> "uvicorn.Server":
    """Load the desk and return what serves it. Raises ConfigError where its key cannot be used."""
    with LOADING:
        import uvicorn  # noqa: PLC0415 -- see above

        from bot.web.site import build  # noqa: PLC0415

    config = uvicorn.Config(
        build(app),
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    return uvicorn.Server(config)


def refuse_open_door(app: App) -> None:
    """Raise ConfigError where the desk would be open to others without its own key and TLS."""
    settings = app.settings.desk
    if settings.host in _LOOPBACK:
        return
    if len(settings.secret_key.get_secret_value()) < keys.SHORTEST or not (
        settings.url.startswith("https://")
    ):
        raise ConfigError(
            f"BOT_DESK__HOST={settings.host} would open the desk to other machines; it was not "
            "started. Leave it at 127.0.0.1 and put a proxy with TLS before it, such as: caddy "
            f"reverse-proxy --from desk.example.org --to 127.0.0.1:{settings.port}, with "
            "BOT_DESK__URL=https://desk.example.org. To listen wider all the same, set "
            "BOT_DESK__SECRET_KEY (openssl rand -base64 32) and an https BOT_DESK__URL."
        )


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except (OSError, OverflowError) as exc:
        listener.close()
        raise ConfigError(
            f"The desk cannot listen on {host}:{port} ({exc}). Choose another BOT_DESK__PORT, or 0 "
            "for any free one."
        ) from exc
    return listener
