"""Who may do what on the stand-in LinkedIn, and how it says no."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.http.sandbox import ACCOUNT_NAME, Answer, App, Call, Consent, Refused

PERSON_ID = "sB7x0ShiftMk"
PERSON = f"urn:li:person:{PERSON_ID}"
ORGANIZATION = "urn:li:organization:104738291"
MEMBER_TOKEN = "sandbox-linkedin-member-token"  # noqa: S105 -- opens nothing but this sandbox
ORGANIZATION_TOKEN = "sandbox-linkedin-organization-token"  # noqa: S105
EXPIRED_TOKEN = "sandbox-linkedin-expired-token"  # noqa: S105
REVOKED_TOKEN = "sandbox-linkedin-revoked-token"  # noqa: S105

CLIENT_ID = "sandboxmember01"
CLIENT_SECRET = "sandbox-member-secret-not-a-real-one"  # noqa: S105
PAGE_CLIENT_ID = "sandboxpage001"
PAGE_CLIENT_SECRET = "sandbox-page-secret-not-a-real-one"  # noqa: S105

_MEMBER_SCOPES = frozenset({"openid", "profile", "email", "w_member_social"})
_PAGE_SCOPES = frozenset(
    {
        "w_organization_social",
        "r_organization_social",
        "rw_organization_admin",
        "r_basicprofile",
        "w_organization_social_feed",
        "r_organization_social_feed",
    }
)

#: The version the sandbox's own credentials carry.
VERSION = "202609"

#: The newest version seen in use when this was written.
_NEWEST_SEEN = "202610"

#: Never usable, though a month like any other (LinkedIn Marketing, "Migrations").
_SKIPPED = frozenset({"202512"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a test or rehearsal may set.

    Attributes:
        limit: UTF-16 units of shown text; 3,000 is surely taken, 4,000 has been reported.
        duplicate_window: how long an exact repeat is refused (documented: 10 minutes).
        processing: how long an uploaded picture is PROCESSING.
        index_delay: until a new post shows in an organisation's listing.
        comments: the page's app may comment and read comments.
        token_grace: for how long a new token is called revoked (seen on live accounts).
        threads_of_their_own: a post's comments hang on another URN than the post's own.
        ghost_duplicates: a deleted post still counts as a duplicate (seen on live accounts).
    """

    limit: int = 3000
    duplicate_window: timedelta = timedelta(minutes=10)
    processing: timedelta = timedelta(0)
    index_delay: timedelta = timedelta(0)
    ghost_duplicates: bool = True
    comments: bool = True
    threads_of_their_own: bool = False
    token_grace: timedelta = timedelta(0)


def refuse(status: int, message: str, code: str = "", service: int | None = None) -> Refused:
    """Return LinkedIn's error body as something to raise."""
    body: dict[str, Any] = {"status": status}
    if service is not None:
        body["serviceErrorCode"] = service
    if code:
        body["code"] = code
    return Refused(Answer(status=status, body=body | {"message": message}))


def denied(resource: str) -> Refused:
    """Return the 403 for what the token's product does not include."""
    message = f"Not enough permissions to access: {resource}"
    return refuse(403, message, "ACCESS_DENIED", 100)


CONSENT = Consent(
    name="linkedin",
    title="LinkedIn",
    action="/web/oauth/v2/authorization",
    apps=[
        App(client_id=CLIENT_ID, secret=CLIENT_SECRET, title=ACCOUNT_NAME, scopes=_MEMBER_SCOPES),
        App(
            client_id=PAGE_CLIENT_ID,
            secret=PAGE_CLIENT_SECRET,
            title=f"{ACCOUNT_NAME} pages",
            scopes=_PAGE_SCOPES,
        ),
    ],
    code_life=timedelta(minutes=30),
    token_life=timedelta(days=60),
    renewable=lambda scopes: False,  # noqa: ARG005 -- approved partners only
    unscoped="unauthorized_scope_error",
)


def guard(
    handler: Callable[[Call], Answer], options: Options, *, versioned: bool = True
) -> Callable[[Call], Answer]:
    """Return `handler` behind sign-in and version, with the headers LinkedIn adds."""

    def answer(call: Call) -> Answer:
        number = call.state.next("linkedin.requests")
        headers = {"x-li-uuid": f"AAYSANDBOX{number:08d}", "x-li-fabric": "sandbox"}
        try:
            _check_grant(call, options)
            if versioned:
                _check_version(call)
            given = handler(call)
        except Refused as exc:
            given = exc.answer
        return replace(given, headers={**headers, **given.headers})

    return answer


def token(call: Call) -> str:
    """Return the caller's token, or refuse."""
    scheme, _, given = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given:
        raise refuse(401, "Empty oauth2 access token", "EMPTY_ACCESS_TOKEN", 65604)
    if given == EXPIRED_TOKEN:
        message = "The token used in the request has expired"
        raise refuse(401, message, "EXPIRED_ACCESS_TOKEN", 65602)
    if given == REVOKED_TOKEN:
        message = "The token used in the request has been revoked by the user"
        raise refuse(401, message, "REVOKED_ACCESS_TOKEN", 65601)
    grant = CONSENT.granted(call, given)
    if grant:
        given = MEMBER_TOKEN if grant["client_id"] == CLIENT_ID else ORGANIZATION_TOKEN
    if given not in {MEMBER_TOKEN, ORGANIZATION_TOKEN}:
        raise refuse(401, "Invalid access token", "INVALID_ACCESS_TOKEN", 65600)
    return given


def _check_grant(call: Call, options: Options) -> None:
    """Refuse a token that has ended, was taken back, or is only just being made known."""
    token(call)
    grant = CONSENT.granted(call, call.headers["authorization"].partition(" ")[2])
    if grant is None:
        return
    if datetime.fromisoformat(grant["until"]) <= call.now:
        message = "The token used in the request has expired"
        raise refuse(401, message, "EXPIRED_ACCESS_TOKEN", 65602)
    if grant["revoked"] or call.now < datetime.fromisoformat(grant["since"]) + options.token_grace:
        message = "The token used in the request has been revoked by the user"
        raise refuse(401, message, "REVOKED_ACCESS_TOKEN", 65601)


def check_author(call: Call, author: str) -> None:
    """Refuse an author the token may not speak for."""
    if author.startswith("urn:li:organization:") and token(call) != ORGANIZATION_TOKEN:
        message = "Organization permissions must be used when using organization as author"
        raise refuse(400, message)
    if author not in {PERSON, ORGANIZATION}:
        raise refuse(400, f"Author {author} is not authorised for this token", "INVALID_AUTHOR")


def live(version: str, now: datetime) -> bool:
    """Tell whether an API version answers: for a year and two weeks from its month on."""
    if not re.fullmatch(r"20[0-9]{2}(0[1-9]|1[0-2])", version) or version in _SKIPPED:
        return False
    born = datetime(int(version[:4]), int(version[4:]), 1, tzinfo=UTC)
    released = version <= _NEWEST_SEEN or born + timedelta(days=28) <= now
    return released and now < born.replace(year=born.year + 1, day=15)


def version_for(now: datetime) -> str:
    """Return a version that answers at `now`."""
    if live(VERSION, now):
        return VERSION
    year, month = divmod(now.year * 12 + now.month - 3, 12)
    return f"{year}{month + 1:02d}"


def _check_version(call: Call) -> None:
    version = call.headers.get("linkedin-version")
    if not version:
        message = (
            "A version must be present. Please specify a version by adding the"
            " Linkedin-Version header."
        )
        raise refuse(400, message, "VERSION_MISSING")
    if not live(version, call.now):
        message = f"Requested version {version}01 is not active"
        raise refuse(426, message, "NONEXISTENT_VERSION")
