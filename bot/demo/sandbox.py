"""The stand-in platforms of this installation, as one server."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot import platforms
from bot.domain.errors import ConfigError
from bot.domain.ports import Clock
from bot.http.sandbox import Server
from bot.settings import NESTED, PREFIX, Base

#: The channels of an installation that names none.
USUAL: tuple[str, ...] = Base.model_fields["channels"].default


def stand_ins(state: Path, clock: Clock, *, port: int = 0, names: Sequence[str] = USUAL) -> Server:
    """Return a server of these platforms' sandboxes; what it was sent survives in `state`.

    Raises:
        ConfigError: the port is taken, or the file cannot be written.
    """
    try:
        state.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as exc:
        raise ConfigError(
            f"The folder {state.parent} cannot be written ({exc.strerror}); nothing was started. "
            "Name another one with --data-dir."
        ) from exc
    sandboxes = [platforms.sandbox(name)() for name in names]
    return Server(sandboxes, state, port, clock=clock)


def variables(server: Server) -> Iterator[tuple[str, str]]:
    """Yield the settings that point a bot at this server, as names and values."""
    for platform in server.sandboxes:
        for name, value in server.credentials(platform).items():
            yield f"{PREFIX}{platform.upper()}{NESTED}{name.upper()}", str(value)
