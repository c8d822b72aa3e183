"""Every documented answer of both platforms that is not a yes, and what becomes of the post.

`docs/errors.md` is written from these rows; `tests/unit/platforms/test_errors.py` sends each over
real HTTP. Sources are those of the adapters' own comments.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests

from bot.domain.errors import (
    Blocked,
    DeliveryError,
    NotEditable,
    NotReadable,
    NotSent,
    Rejected,
    Unclear,
)
from bot.platforms.linkedin import failures as linkedin
from bot.platforms.x import changes
from bot.platforms.x import failures as x

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)

#: What happens next, by outcome.
NEXT = {
    NotSent: "tried again by itself",
    Rejected: "back to the editor",
    Blocked: "channel paused, the post waits",
    Unclear: "looked up first, never sent again blindly",
    NotReadable: "an editor is asked to look",
    NotEditable: "the live post stays as it is",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One answer.

    Attributes:
        doing: "post", "card" (upload), "look" (read back), "edit" or "delete".
        cue: how people recognise it.
    """

    platform: str
    doing: str
    status: int
    cue: str
    outcome: type[DeliveryError]
    body: Any = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """A name for the test."""
        return f"{self.platform}-{self.doing}-{self.status}-{self.cue}"

    def sees(self) -> str:
        """Return what the editor is told."""
        response = requests.Response()
        response.status_code = self.status
        body = self.body if isinstance(self.body, str) else json.dumps(self.body)
        response._content = body.encode()
        response.headers.update(self.headers)
        response.request = requests.Request("POST", "http://127.0.0.1/").prepare()
        if self.platform == "x" and self.doing == "edit":
            return str(changes.refusal(response, NOW))
        module = {"x": x, "linkedin": linkedin}[self.platform]
        return str(module.explain(response, doing=self.doing, now=NOW))


def x_says(status, cue, outcome, body=None, *, doing="post", **headers) -> Row:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return Row(
        platform="x",
        doing=doing,
        status=status,
        cue=cue,
        outcome=outcome,
        body={} if body is None else body,
        headers=given,
    )


def problem(title, kind="about:blank", detail=""):
    return {"title": title, "type": kind, "detail": detail or title}


def linkedin_says(status, cue, outcome, body=None, *, doing="post") -> Row:
    return Row(
        platform="linkedin",
        doing=doing,
        status=status,
        cue=cue,
        outcome=outcome,
        body={"status": status} if body is None else body,
    )


def coded(code, message="…", service=None):
    return {"code": code, "message": message} | ({"serviceErrorCode": service} if service else {})


P = "https://api.x.com/2/problems"
OLD = "https://api.twitter.com/2/problems"
SOON = str(int(NOW.timestamp()) + 600)

ROWS = (
    x_says(400, "invalid-request", Rejected, problem("Invalid Request", f"{P}/invalid-request")),
    x_says(
        400,
        "media IDs are invalid",
        Rejected,
        {"errors": [{"message": "Your media IDs are invalid."}]},
    ),
    x_says(
        400, "text is too long", Rejected, {"errors": [{"message": "Your Tweet text is too long."}]}
    ),
    x_says(401, "Unauthorized", Blocked, problem("Unauthorized")),
    x_says(402, "CreditsDepleted", Blocked, problem("CreditsDepleted", f"{OLD}/credits")),
    x_says(403, "SpendCapReached", Blocked, problem("SpendCapReached", f"{OLD}/credits")),
    x_says(
        403,
        "duplicate content",
        Unclear,
        problem(
            "Forbidden", detail="You are not allowed to create a Tweet with duplicate content."
        ),
    ),
    x_says(
        403,
        "reply gate",
        Rejected,
        problem(
            "Forbidden",
            detail="Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.",
        ),
    ),
    x_says(
        403,
        "quote gate",
        Rejected,
        problem("Forbidden", detail="Quoting this post is not allowed."),
    ),
    x_says(403, "oauth1-permissions", Blocked, problem("Forbidden", f"{P}/oauth1-permissions")),
    x_says(
        403,
        "unsupported-authentication",
        Blocked,
        problem("Unsupported Authentication", f"{P}/unsupported-authentication"),
    ),
    x_says(403, "client-forbidden", Blocked, problem("Client Forbidden", f"{P}/client-forbidden")),
    x_says(
        403,
        "maximum of one cashtag",
        Rejected,
        problem("Forbidden", detail="Posts may contain a maximum of one cashtag."),
    ),
    x_says(
        403,
        "invalid URL",
        Rejected,
        problem("Forbidden", detail="The Tweet contains an invalid URL."),
    ),
    x_says(
        403,
        "not permitted",
        Rejected,
        problem("Forbidden", detail="You are not permitted to perform this action."),
    ),
    x_says(404, "Not Found", Unclear, problem("Not Found")),
    x_says(413, "too large", Rejected, "<html>413"),
    x_says(
        429,
        "15-minute limit",
        NotSent,
        problem("Too Many Requests"),
        x_rate_limit_remaining="0",
        x_rate_limit_reset=SOON,
    ),
    x_says(
        429,
        "24-hour limit, 15-minute headers fine",
        NotSent,
        {"errors": [{"code": 88, "message": "Rate limit exceeded"}]},
        x_rate_limit_remaining="99",
        x_rate_limit_reset=SOON,
        x_user_limit_24hour_remaining="0",
        x_user_limit_24hour_reset=SOON,
    ),
    x_says(429, "UsageCapExceeded", Blocked, problem("UsageCapExceeded", f"{P}/usage-capped")),
    *(x_says(status, "outage", Unclear, "<html>") for status in (500, 502, 503, 504)),
    x_says(
        404,
        "whole endpoint gone (outages of 2025 and 2026)",
        NotSent,
        problem("Not Found"),
        doing="card",
    ),
    x_says(
        400,
        "media type unrecognized",
        Rejected,
        {"errors": [{"message": "media type unrecognized."}]},
        doing="card",
    ),
    x_says(503, "outage", NotSent, "<html>", doing="card"),
    x_says(
        402, "CreditsDepleted", Blocked, problem("CreditsDepleted", f"{OLD}/credits"), doing="look"
    ),
    x_says(403, "not permitted", Blocked, problem("Forbidden"), doing="look"),
    x_says(503, "outage", NotSent, "<html>", doing="look"),
    x_says(
        403,
        "no longer editable",
        NotEditable,
        problem("Forbidden", detail="This Tweet can no longer be edited."),
        doing="edit",
    ),
    x_says(503, "outage", Unclear, "<html>", doing="edit"),
    x_says(403, "not yours", Rejected, problem("Forbidden"), doing="delete"),
    x_says(503, "outage", NotSent, "<html>", doing="delete"),
    linkedin_says(
        400, "VERSION_MISSING", Blocked, coded("VERSION_MISSING", "A version must be present.")
    ),
    linkedin_says(
        400, "INVALID_VALUE_FOR_FIELD", Rejected, coded("INVALID_VALUE_FOR_FIELD", "bad value")
    ),
    linkedin_says(400, "MISSING_FIELD", Rejected, coded("MISSING_FIELD", "a field is missing")),
    linkedin_says(
        400, "FIELD_LENGTH_TOO_LONG", Rejected, coded("FIELD_LENGTH_TOO_LONG", "too long")
    ),
    linkedin_says(400, "INVALID_URN_TYPE", Rejected, coded("INVALID_URN_TYPE", "no such URN")),
    linkedin_says(
        400,
        "ShareCommentary text length",
        Rejected,
        {
            "message": "ShareCommentary text length (8694 characters) exceeded the maximum allowed (3000 characters)",
            "errorDetails": {"inputErrors": [{"code": "FIELD_ARRAY_SIZE_TOO_HIGH"}]},
        },
    ),
    linkedin_says(
        400,
        "assets not owned by the author",
        Rejected,
        {"message": "One or more of the assets is not owned by the author"},
    ),
    linkedin_says(
        400,
        "MEDIA_ASSET_WAITING_UPLOAD",
        Rejected,
        coded("MEDIA_ASSET_WAITING_UPLOAD", "not uploaded"),
    ),
    linkedin_says(
        400,
        "MEDIA_ASSET_PROCESSING_FAILED",
        Rejected,
        coded("MEDIA_ASSET_PROCESSING_FAILED", "failed"),
    ),
    linkedin_says(
        400,
        "Organization permissions must be used",
        Blocked,
        {"message": "Organization permissions must be used when using organization as author"},
    ),
    linkedin_says(
        400, "Unable to obtain activity", Unclear, {"message": "Unable to obtain activity for URN"}
    ),
    linkedin_says(
        401, "65600 invalid token", Blocked, coded("INVALID_ACCESS_TOKEN", service=65600)
    ),
    linkedin_says(
        401,
        "65601 REVOKED_ACCESS_TOKEN (shown once more after 5 seconds)",
        Blocked,
        coded("REVOKED_ACCESS_TOKEN", service=65601),
    ),
    linkedin_says(
        401, "65602 EXPIRED_ACCESS_TOKEN", Blocked, coded("EXPIRED_ACCESS_TOKEN", service=65602)
    ),
    linkedin_says(401, "EMPTY_ACCESS_TOKEN", Blocked, coded("EMPTY_ACCESS_TOKEN", service=65604)),
    linkedin_says(
        403,
        "100 ACCESS_DENIED",
        Blocked,
        coded(
            "ACCESS_DENIED", "Not enough permissions to access: partnerApiPostsExternal.CREATE", 100
        ),
    ),
    linkedin_says(404, "Not Found", Unclear),
    linkedin_says(
        409, "CONFLICT (tried once more)", Unclear, coded("CONFLICT", "Retry the request.")
    ),
    linkedin_says(413, "too large", Rejected, "<html>"),
    linkedin_says(
        422,
        "article title is missing",
        Rejected,
        {
            "message": "ERROR :: /content/article/title :: field is required but not found and has no default value\n",
            "status": 422,
        },
    ),
    linkedin_says(
        422, "INVALID_VALUE_BLANK_FIELD", Rejected, coded("INVALID_VALUE_BLANK_FIELD", "blank")
    ),
    linkedin_says(
        426,
        "NONEXISTENT_VERSION, and no newer one is known",
        Blocked,
        coded("NONEXISTENT_VERSION", "Requested version 20250401 is not active"),
    ),
    linkedin_says(
        429,
        "101 daily limit",
        NotSent,
        coded("TOO_MANY_REQUESTS", "Resource level throttle limit reached", 101),
    ),
    *(linkedin_says(status, "outage", Unclear, "<html>") for status in (500, 502, 503, 504)),
    linkedin_says(
        400, "INVALID_IMAGE_ID", Rejected, coded("INVALID_IMAGE_ID", "no such image"), doing="card"
    ),
    linkedin_says(403, "ACCESS_DENIED", Blocked, coded("ACCESS_DENIED", service=100), doing="card"),
    linkedin_says(503, "outage", NotSent, "<html>", doing="card"),
    linkedin_says(
        429, "101 daily limit", NotSent, coded("TOO_MANY_REQUESTS", service=101), doing="look"
    ),
    linkedin_says(503, "outage", NotSent, "<html>", doing="look"),
    linkedin_says(
        403,
        "ACCESS_DENIED: a member's app",
        NotEditable,
        coded(
            "ACCESS_DENIED",
            "Not enough permissions to access: partnerApiPostsExternal.PARTIAL_UPDATE",
            100,
        ),
        doing="edit",
    ),
    linkedin_says(404, "Not Found", NotEditable, doing="edit"),
    linkedin_says(
        403,
        "ACCESS_DENIED",
        Rejected,
        coded("ACCESS_DENIED", "Not enough permissions", 100),
        doing="delete",
    ),
    linkedin_says(503, "outage", NotSent, "<html>", doing="delete"),
)

_TITLES = {
    "post": "posting",
    "card": "uploading the card",
    "look": "reading back",
    "edit": "changing a live post",
    "delete": "deleting a post",
}

_HEAD = """\
# What an error means

Every documented answer of X and LinkedIn that is not a yes: what the bot makes of it, and what an editor reads. This page is written from the tests (`python -m tests.architecture.documents`), each row of which goes over real HTTP.

Four things no table shows, because there is no answer:

| what happened | outcome | what becomes of the post |
|---|---|---|
| no connection, or it broke before the post was written to it | NotSent | tried again by itself |
| the line died, or nothing came back, after the post was written to it | Unclear | looked up first, never sent again blindly |
| a yes (2xx) that names no post | Unclear | looked up first, never sent again blindly |
| LinkedIn calls the post a duplicate (422) and names one made in this very attempt | published | that is the post; otherwise it is looked up, or an editor is asked |

"""


def page() -> str:
    """Return `docs/errors.md`."""
    return _HEAD + "\n".join(_tables()) + "\n"


def _tables() -> Iterator[str]:
    for platform, title in (("x", "X"), ("linkedin", "LinkedIn")):
        yield f"## {title}\n"
        for doing, name in _TITLES.items():
            rows = [row for row in ROWS if (row.platform, row.doing) == (platform, doing)]
            yield f"### {name[0].upper()}{name[1:]}\n"
            yield "| status | answer | outcome | what becomes of it | what the editor sees |"
            yield "|---|---|---|---|---|"
            for row in rows:
                known = NEXT[row.outcome]
                if doing in ("edit", "delete") and row.outcome is Rejected:
                    known = "the live post stays as it is"
                if doing == "edit" and row.outcome is Unclear:
                    known = "read back"
                sees = row.sees().replace("|", "\\|")
                yield f"| {row.status} | {row.cue} | {row.outcome.__name__} | {known} | {sees} |"
            yield ""
