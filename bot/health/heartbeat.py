"""The sign of life for those outside: when it stops, they tell you, because this machine cannot."""

from dataclasses import dataclass, field

import requests
import structlog

from bot.app import App
from bot.http.client import Session

log = structlog.get_logger(__name__)


@dataclass
class Heartbeat:
    """Calls BOT_ALARMS__HEARTBEAT_URL, every so often, while all goes well."""

    app: App
    session: Session = field(default_factory=lambda: Session((5, 10)))
    _last: float | None = None

    def beat(self, *, well: bool) -> bool:
        """Call if it is time and all goes well; True where the other side has heard it.

        It must not be called while the bot is ill: that is what makes somebody look.
        """
        url = self.app.settings.alarms.heartbeat_url.get_secret_value()
        now = self.app.clock.uptime()
        every = self.app.settings.alarms.heartbeat_seconds
        if not url or not well or (self._last is not None and now - self._last < every):
            return False
        self._last = now
        try:
            response = self.session.get(url)
            response.raise_for_status()
        except requests.RequestException as exc:
            # Not its address: that is a secret.
            log.warning("heartbeat.not_heard", reason=type(exc).__name__)
            return False
        return True
