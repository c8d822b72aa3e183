"""Posts to an address somebody else has chosen: guarded, bounded, no redirects."""

import threading
from collections.abc import Mapping

import requests
from urllib3.exceptions import HTTPError

from bot import __version__
from bot.domain.errors import SourceError
from bot.http.guard import Guard
from bot.http.line import Adapter, Line

CONNECT, ALL = 5.0, 15.0


def post_json(url: str, body: bytes, headers: Mapping[str, str], *, guard: Guard) -> None:
    """Post JSON, see `post`. Raises SourceError."""
    post(url, body, {"Content-Type": "application/json", **headers}, guard=guard)


def post(url: str, body: bytes, headers: Mapping[str, str], *, guard: Guard) -> None:
    """Post `body`; the other side has taken it when it answers 2xx within the time.

    Raises:
        SourceError: it may not be talked to, cannot be reached, or did not take it.
    """
    line = Line(guard, CONNECT)
    timer = threading.Timer(ALL, line.hang_up)
    timer.daemon = True
    timer.start()
    try:
        with requests.Session() as session:
            session.trust_env = False
            session.mount("http://", Adapter(line))
            session.mount("https://", Adapter(line))
            with session.post(
                url,
                data=body,
                headers={"User-Agent": f"ShiftMakerBot/{__version__}", **headers},
                timeout=(CONNECT, ALL),
                allow_redirects=False,
                stream=True,  # what it says is not read
            ) as answer:
                status = answer.status_code
    except (requests.RequestException, HTTPError, ValueError, OSError) as exc:
        reason = next((str(c) for c in _causes(exc) if isinstance(c, SourceError)), "")
        raise SourceError(reason or f"{url}: no answer ({type(exc).__name__}).") from exc
    finally:
        timer.cancel()
    if not 200 <= status < 300:
        raise SourceError(f"{url}: answered {status}.")


def _causes(exc: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    queue: list[object] = [exc]
    while queue:
        one = queue.pop(0)
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            queue += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
    return found
