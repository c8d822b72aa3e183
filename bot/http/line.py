"""The connections of one fetch: made through the guard, ended together."""

from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError

from bot.domain.errors import SourceError
from bot.http.guard import Guard


class Line:
    """The connections of one fetch, so that they can be ended together."""

    def __init__(self, guard: Guard, timeout: float) -> None:
        self.guard = guard
        self.timeout = timeout
        self.hung_up = False
        self._open: list[Any] = []

    def connect(self, host: str, port: int) -> Any:
        """Return a connection to a host the guard allows. Raises SourceError, OSError."""
        sock = self.guard.connect(host, port, self.timeout)
        self._open.append(sock)
        return sock

    def secured(self, sock: Any) -> None:
        """Take note of the TLS socket that has taken the place of the plain one."""
        self._open.append(sock)

    def hang_up(self) -> None:
        """End every connection now, whatever waits for it."""
        self.hung_up = True
        for sock in self._open:
            try:
                sock.shutdown(2)  # both ways; wakes a thread that waits in recv
            except OSError:
                continue  # it was closed already


class Adapter(HTTPAdapter):
    """Connects through the guard, and only through it."""

    def __init__(self, line: Line) -> None:
        self.line = line
        super().__init__(max_retries=0)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **kwargs: Any
    ) -> None:
        """Make the pool whose connections ask the guard."""
        self.poolmanager = PoolManager(
            num_pools=connections, maxsize=maxsize, block=block, **kwargs
        )
        self.poolmanager.pool_classes_by_scheme = _pools(self.line)


def _pools(line: Line) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> Any:
            return _dialled(self, line)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> Any:
            return _dialled(self, line)

        def connect(self) -> None:
            super().connect()
            line.secured(self.sock)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _dialled(connection: HTTPConnection, line: Line) -> Any:
    try:
        return line.connect(connection.host, connection.port)
    except SourceError as exc:
        raise NewConnectionError(connection, str(exc)) from exc
    except OSError as exc:
        raise NameResolutionError(connection.host, connection, exc) from exc  # type: ignore[arg-type]
