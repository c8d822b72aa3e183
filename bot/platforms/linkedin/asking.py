"""Asking LinkedIn: what is tried again, and what its answers mean in the end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import requests
import structlog

from bot.domain.errors import DeliveryError, NotReadable
from bot.domain.ports import Clock
from bot.http.client import Body, post_once, safely
from bot.platforms.linkedin import versions
from bot.platforms.linkedin.client import Client, Refused
from bot.platforms.linkedin.failures import Doing, explain, is_dead_version, is_too_fresh

log = structlog.get_logger(__name__)

#: Seconds after which a token that LinkedIn does not know yet is shown again.
_GRACE = 5.0


@dataclass(frozen=True)
class Asking:
    """Makes requests.

    An answer that says that nothing was taken is, once, not the end of it: a version that has
    ended is replaced by the next one known (426), a token LinkedIn has only just made is shown
    again (401, code 65601), a conflict of LinkedIn's own is tried again (409, as it asks for).

    Attributes:
        organization: whether the account is a page.
    """

    client: Client
    clock: Clock
    organization: bool
    _waited: list[datetime] = field(default_factory=list, repr=False)

    def safely(self, call: Callable[[], requests.Response], doing: Doing) -> requests.Response:
        """Make a request that cannot make a post live; try it up to three times."""

        def once_more() -> requests.Response:
            try:
                return call()
            except Refused as exc:
                if not self._is_passing(exc.response):
                    raise
                return call()

        return safely(
            once_more,
            refused=Refused,
            passing=lambda answer: answer.status_code >= 500,
            explain=lambda answer: self._explained(answer, doing),
        )

    def post(self, call: Callable[[Body], requests.Response], content: bytes) -> requests.Response:
        """Make a request that must not happen twice. Raises Refused, NotSent, Unclear."""
        try:
            response = post_once(call, content)
        except Refused as exc:
            if not self._is_passing(exc.response):
                raise
            response = post_once(call, content)
        # LinkedIn's support asks for these.
        log.info(
            "linkedin.took",
            uuid=response.headers.get("x-li-uuid"),
            fabric=response.headers.get("x-li-fabric"),
        )
        return response

    def _is_passing(self, response: requests.Response) -> bool:
        if is_dead_version(response):
            return self._move_on()
        if is_too_fresh(response) and not self._waited:
            self._waited.append(self.clock.now())
            self.clock.wait(_GRACE)
            return True
        return response.status_code == 409

    def _move_on(self) -> bool:
        newer = versions.after(self.client.version, self.clock.now())
        if newer is None:
            return False
        log.warning("linkedin.version_ended", ended=self.client.version, instead=newer)
        self.client.version = newer
        return True

    def _explained(self, response: requests.Response, doing: Doing) -> DeliveryError:
        error = explain(response, doing=doing, now=self.clock.now())
        if doing == "look" and error.status == 403 and self.organization:
            text = (
                "LinkedIn does not let this token read the page's posts (r_organization_social is "
                "missing). Nothing was sent again. Look at the page and tell the bot what you see."
            )
            return NotReadable(text, status=error.status, raw=error.raw)
        return error
