"""What others may be told of a running bot, switched off by default: OpenTelemetry and Sentry.

Each is an extra and loaded only when a setting names where to send to.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bot.settings import Base


@contextmanager
def reporting(settings: Base) -> Iterator[None]:
    """Report to what the settings name while the context lasts; send what is left at its end.

    Raises:
        ConfigError: an extra is not installed, or an address cannot be used.
    """
    with ExitStack() as started:
        if settings.otel.endpoint:
            from bot.telemetry import otel

            started.enter_context(otel.reporting(settings.otel))
        if settings.sentry.dsn.get_secret_value():
            from bot.telemetry import sentry

            started.enter_context(sentry.reporting(settings))
        yield
