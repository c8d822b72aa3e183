"""What a platform, or the line to it, can do to a request."""

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Kind(StrEnum):
    """How a request goes wrong. "Accept" means the platform did what was asked."""

    STATUS = "status"  # an error answer; nothing taken
    DELAY = "delay"  # everything as usual, later; taken even if the client has gone by then
    DROP_BEFORE = "drop_before"  # the line goes dead; nothing taken
    HANG_BEFORE = "hang_before"  # no answer ever; nothing taken
    ACCEPT_THEN_DROP = "accept_then_drop"  # taken, then the line goes dead
    ACCEPT_THEN_HANG = "accept_then_hang"  # taken, and no answer ever
    ACCEPT_THEN_500 = "accept_then_500"  # taken, then an error answer (or any `status`)
    EMPTY_201 = "empty_201"  # taken, and a 201 that does not say what
    ERRORS_BESIDE_2XX = "errors_beside_2xx"  # taken; `errors[]` beside the data
    DUPLICATE_DELIVERY = "duplicate_delivery"  # the platform gets it twice; second answer counts
    CLOCK_SKEW = "clock_skew"  # taken, by a clock that is `seconds` ahead (or behind)


class Fault(BaseModel):
    """One thing that goes wrong with one request.

    Attributes:
        kind: what happens.
        status: HTTP status of the answer, where the kind answers with one.
        body: of that answer: JSON, or text such as a proxy's HTML page.
        headers: of that answer.
        seconds: how long a DELAY lasts, or how far a CLOCK_SKEW's clock is ahead.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    status: int = Field(default=503, ge=200, le=599)
    body: Any = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>"
    headers: dict[str, str] = {}
    seconds: float = Field(default=0.0, ge=-172_800, le=172_800)
