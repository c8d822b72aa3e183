"""How the log looks: one event per step, JSON or console, secrets never."""

import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

REDACTED = "[redacted]"

_SECRET_KEY = re.compile(
    r"token|secret|password|authori[sz]ation|api[_-]?key|consumer[_-]?key|cookie|code_verifier|refresh",
    re.IGNORECASE,
)
_SECRET_VALUE = [
    re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}"),
    re.compile(r"(?i)\b(code|access_token|refresh_token|client_secret|sig|signature)=[^&\s\"']+"),
    re.compile(r"(?i)\boauth_[a-z_]+=\"[^\"]*\""),
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),  # user:password in an address
]


class Redact:
    """Takes secrets out of every event, by the name of a field and by its value.

    Attributes:
        secrets: the exact values loaded from the settings; each is removed wherever it stands.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # A short value would blank ordinary words; a real key is longer than this.
        self.secrets = sorted({s for s in secrets if len(s) >= 6}, key=len, reverse=True)

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        """Return the event without secrets (structlog's processor signature)."""
        del logger, method
        return {key: self._field(key, value) for key, value in event.items()}

    def text(self, text: str) -> str:
        """Return `text` without secrets."""
        for secret in self.secrets:
            text = text.replace(secret, REDACTED)
        for pattern in _SECRET_VALUE:
            text = pattern.sub(REDACTED, text)
        return text

    def value(self, value: Any) -> Any:
        """Return a value of any depth without secrets."""
        return self._value(value)

    def _field(self, key: str, value: Any) -> Any:
        if _SECRET_KEY.search(key) and value not in (None, "", 0, False):
            return REDACTED
        return self._value(value)

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, bytes):
            return self.text(value.decode("utf-8", "replace"))
        if isinstance(value, Mapping):
            return {k: self._field(str(k), v) for k, v in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._value(item) for item in value]
        if value is None or isinstance(value, int | float):
            return value
        return self.text(str(value))


_watchers: list[Processor] = []


@contextmanager
def watched(by: Processor) -> Iterator[None]:
    """Let `by` see every line, as it was written and not yet redacted, while the context lasts."""
    _watchers.append(by)
    try:
        yield
    finally:
        _watchers.remove(by)


def _watch(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    for watcher in tuple(_watchers):
        watcher(logger, method, event)
    return event


def set_up(*, style: str, level: str, secrets: Iterable[str], stream: TextIO = sys.stderr) -> None:
    """Send every event, ours and the libraries', to `stream` in one style.

    Args:
        style: "json" or "console".
        level: "debug", "info", "warning" or "error".
        secrets: exact values that must never be written.
        stream: standard error by default, so that `--json` answers stay clean.
    """
    redact = Redact(secrets)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _watch,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=stream.isatty())
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                redact,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("alembic", "apscheduler", "urllib3", "oauthlib", "requests_oauthlib", "tweepy"):
        # tweepy and oauthlib write the Authorization header at DEBUG
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
