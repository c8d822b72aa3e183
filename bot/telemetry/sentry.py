"""Errors and alarms, to Sentry: what the log calls an error, never with a secret."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from bot import __version__
from bot.domain.errors import ConfigError
from bot.log import Redact, watched
from bot.settings import Base, secrets

try:
    import sentry_sdk
    from sentry_sdk.integrations.excepthook import ExcepthookIntegration
    from sentry_sdk.integrations.threading import ThreadingIntegration
    from sentry_sdk.utils import BadDsn
except ImportError as exc:
    raise ConfigError(
        "BOT_SENTRY__DSN is set, but what sends errors is not installed; nothing was started. "
        'Install it: pip install "shiftmaker-bot[sentry]". Or empty the setting.'
    ) from exc

#: Seconds a stop waits for what is not yet sent.
PATIENCE = 4

#: What of a line of the log finds it again at Sentry.
_TAGS = ("article", "post", "channel", "platform")

_ERRORS = ("error", "exception", "critical")


@contextmanager
def reporting(settings: Base) -> Iterator[None]:
    """Send errors while the context lasts, and what is left at its end.

    Raises:
        ConfigError: the DSN is none.
    """
    dsn = settings.sentry.dsn.get_secret_value()
    redact = Redact([*secrets(settings), dsn])

    def clean(event: Any, hint: Any) -> Any:
        del hint
        return redact.value(event)

    try:
        sentry_sdk.init(
            dsn,
            release=f"shiftmaker-bot@{__version__}",
            environment=settings.sentry.environment,
            before_send=clean,
            # Nothing is looked at that we do not hand over: no request, no variable, no log line.
            default_integrations=False,
            integrations=[ExcepthookIntegration(), ThreadingIntegration()],
            auto_enabling_integrations=False,
            include_local_variables=False,
            max_breadcrumbs=0,
            shutdown_timeout=PATIENCE,
        )
    except BadDsn as exc:
        raise ConfigError(
            "BOT_SENTRY__DSN is no DSN of Sentry; nothing was started. It looks like "
            "https://key@host/1: copy it from the project's settings."
        ) from exc
    with watched(_report):
        try:
            yield
        finally:
            sentry_sdk.get_client().close(PATIENCE)
            sentry_sdk.get_global_scope().set_client(None)


def _report(
    logger: Any, method: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Hand an error of the log over, with its exception (structlog's processor signature)."""
    del logger
    if method not in _ERRORS:
        return line
    with sentry_sdk.new_scope() as scope:
        for name in _TAGS:
            if name in line:
                scope.set_tag(name, str(line[name]))
        said = {name: value for name, value in line.items() if name not in ("event", "exc_info")}
        scope.set_context("log", said)
        scope.fingerprint = ["{{ default }}", str(line["event"])]
        if line.get("exc_info") or method == "exception":
            scope.set_tag("event", str(line["event"]))
            sentry_sdk.capture_exception()
        else:
            sentry_sdk.capture_message(str(line["event"]), level="error")
    return line
