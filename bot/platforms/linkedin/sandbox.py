"""A stand-in for LinkedIn: what `bot.platforms.linkedin.publisher` talks to in demos and tests."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.domain.ports import Measure
from bot.http.sandbox import (
    ACCOUNT_NAME,
    Answer,
    Call,
    Fold,
    LinkCard,
    Picture,
    PlatformSandbox,
    Route,
    Shown,
    State,
    Words,
)
from bot.platforms.linkedin import sandbox_account as account
from bot.platforms.linkedin.sandbox_comments import Comments, comments_on
from bot.platforms.linkedin.sandbox_images import Files, status
from bot.platforms.linkedin.sandbox_posts import Posts
from bot.platforms.linkedin.sandbox_text import LittleText, plain, read, shortened, site


class Sandbox(PlatformSandbox):
    """LinkedIn with one organisation, The ShiftMaker, and one member who edits it.

    Args:
        options: limits, windows and delays; see `Options`.
    """

    name = "linkedin"
    title = "LinkedIn"
    profile = "company/the-shiftmaker"
    follows = "comment"
    edits = "update"

    # Measured by third parties; LinkedIn publishes no numbers.
    folds = (Fold(characters=210, lines=3), Fold(characters=140, lines=3))
    Options = account.Options

    MEMBER_TOKEN = account.MEMBER_TOKEN
    ORGANIZATION_TOKEN = account.ORGANIZATION_TOKEN
    EXPIRED_TOKEN = account.EXPIRED_TOKEN
    REVOKED_TOKEN = account.REVOKED_TOKEN
    PERSON = account.PERSON
    ORGANIZATION = account.ORGANIZATION

    def __init__(self, options: account.Options | None = None) -> None:
        self.options = options or account.Options()

    def routes(self) -> list[Route]:
        """Return the endpoints the bot uses, and the ones beside them."""
        posts, images = Posts(self.options), Files(self.options, "image")
        documents = Files(self.options, "document")
        comments = Comments(self.options)
        one = "/rest/posts/{urn}"
        table = [
            ("create", "POST", "/rest/posts", posts.create),
            ("list", "GET", "/rest/posts", posts.listing),
            ("get", "GET", one, posts.get),
            ("update", "POST", one, posts.update),
            ("delete", "DELETE", one, posts.delete),
            ("initialize", "POST", "/rest/images", images.initialize),
            ("image", "GET", "/rest/images/{urn}", images.get),
            ("document_initialize", "POST", "/rest/documents", documents.initialize),
            ("document", "GET", "/rest/documents/{urn}", documents.get),
            ("statistics", "GET", "/rest/organizationalEntityShareStatistics", posts.statistics),
            ("uncomment", "DELETE", "/rest/socialActions/{urn}/comments/{id}", comments.delete),
            ("roles", "GET", "/rest/organizationAcls", _roles),
            ("comment", "POST", "/rest/socialActions/{urn}/comments", comments.create),
            ("comments", "GET", "/rest/socialActions/{urn}/comments", comments.listing),
        ]
        unversioned = [
            ("upload", "PUT", "/dms-uploads/sandbox/{urn}/0", images.upload),
            ("userinfo", "GET", "/v2/userinfo", _userinfo),
        ]
        consent = account.CONSENT
        signing = [
            ("authorize", "GET", consent.action, consent.page),
            ("agree", "POST", consent.action, consent.decide),
            ("token", "POST", "/web/oauth/v2/accessToken", consent.token),
            ("revoke", "POST", "/web/oauth/v2/revoke", consent.revoke),
        ]
        return [
            *(self._route(row, versioned=True) for row in table),
            *(self._route(row, versioned=False) for row in unversioned),
            *(Route(endpoint=n, method=m, path=p, handler=h) for n, m, p, h in signing),
        ]

    def _route(self, row: tuple[str, str, str, Any], *, versioned: bool) -> Route:
        name, method, path, handler = row
        guarded = account.guard(handler, self.options, versioned=versioned)
        return Route(endpoint=name, method=method, path=path, handler=guarded)

    def unknown(self, call: Call) -> Answer:
        """Answer as LinkedIn does where there is nothing."""
        message = f"No virtual resource found for path {call.raw_path}"
        return account.refuse(404, message, "RESOURCE_NOT_FOUND", 0).answer

    def credentials(self, kind: str = "", *, now: datetime | None = None) -> dict[str, Any]:
        """Return a token and its author; `kind` is "organization" (usual) or "member".

        "oauth2" gives no token but both apps to sign in by.
        """
        if kind == "oauth2":
            return {
                "client_id": account.CLIENT_ID,
                "client_secret": account.CLIENT_SECRET,
                "page_client_id": account.PAGE_CLIENT_ID,
                "page_client_secret": account.PAGE_CLIENT_SECRET,
                "version": account.version_for(now) if now else account.VERSION,
            }
        member = kind == "member"
        return {
            "access_token": account.MEMBER_TOKEN if member else account.ORGANIZATION_TOKEN,
            "author": account.PERSON if member else account.ORGANIZATION,
            "version": account.version_for(now) if now else account.VERSION,
        }

    def shown(self, state: State, now: datetime) -> list[Shown]:
        """Return the posts as followers see them, newest first; not while a picture is missing."""
        posts = reversed(state.posts("linkedin"))
        shown: list[Shown] = []
        for post in posts:
            if _ready(state, post, now):
                comments = reversed(comments_on(state, post["id"]))
                shown += [*(_shown_comment(post, one) for one in comments), _shown(post)]
        return shown

    def as_followers_see(self, text: str, measure: Callable[[str], Measure]) -> Words:
        """Return what LinkedIn shows of the text as it goes over the wire."""
        seen = read(measure(text).wire_text)
        return Words(segments=shortened(seen.segments), note=_note(seen))


def _note(text: LittleText) -> str:
    if not text.cut_at:
        return ""
    return f"LinkedIn stops at an unescaped “{text.cut_at}”: the rest of the text is not shown."


def _ready(state: State, post: dict[str, Any], now: datetime) -> bool:
    images = (state.get("linkedin.images", media["id"]) for media in post["media"])
    return all(image and status(image, now) == "AVAILABLE" for image in images)


def _shown(post: dict[str, Any]) -> Shown:
    text = read(post["text"])
    pictures = [
        Picture(blob=media["id"], alt=media["alt"], width=media["width"], height=media["height"])
        for media in post["media"]
        if "document" not in media
    ]
    documents = [media for media in post["media"] if "document" in media]
    leaves = [
        Picture(blob=f"{media['id']}/{number}")
        for media in documents
        for number in range(1, media["pages"] + 1)
    ]
    return Shown(
        id=post["id"],
        at=datetime.fromisoformat(post["created_at"]),
        segments=shortened(text.segments),
        permalink=f"feed/update/{post['id']}/",
        pictures=tuple(leaves or pictures),
        link=_link(post["request"].get("content", {}).get("article")),
        document=documents[0]["document"] if documents else "",
        note=_note(text),
    )


def _shown_comment(post: dict[str, Any], comment: dict[str, Any]) -> Shown:
    return Shown(
        id=comment["id"],
        at=datetime.fromisoformat(comment["created_at"]),
        segments=shortened(plain(comment["text"])),
        permalink=f"feed/update/{post['id']}/",
        context="Comment on the post below",
    )


def _link(article: dict[str, Any] | None) -> LinkCard | None:
    if article is None:
        return None
    href = str(article["source"])
    return LinkCard(href=href, title=article["title"], site=site(href))


def _userinfo(call: Call) -> Answer:
    # The Community Management product has no OpenID scopes; its tokens get 403 here.
    if "linkedin-version" in call.headers:
        raise account.refuse(426, "Requested version is not active", "NONEXISTENT_VERSION")
    if account.token(call) != account.MEMBER_TOKEN:
        raise account.denied("userinfo.GET.NO_VERSION")
    body = {"sub": account.PERSON_ID, "name": ACCOUNT_NAME, "locale": {"language": "en"}}
    return Answer(body=body | {"given_name": "The", "family_name": "ShiftMaker"})


def _roles(call: Call) -> Answer:
    """GET /rest/organizationAcls?q=roleAssignee: the pages the member has a role for."""
    if account.token(call) != account.ORGANIZATION_TOKEN:
        raise account.denied("organizationAcls.FINDER-roleAssignee")
    if call.query.get("q") != "roleAssignee":
        raise account.refuse(400, "Unknown finder", "INVALID_QUERY_PARAMETER")
    pages = [
        (account.ORGANIZATION, ACCOUNT_NAME, "the-shiftmaker", "ADMINISTRATOR"),
        ("urn:li:organization:104738299", "Another page", "another-page", "ANALYST"),
    ]
    elements = [
        {
            "organization": urn,
            "organization~": {
                "id": int(urn.rpartition(":")[2]),
                "localizedName": name,
                "vanityName": vanity,
            },
            "role": role,
            "roleAssignee": account.PERSON,
            "state": "APPROVED",
        }
        for urn, name, vanity, role in pages
    ]
    return Answer(body={"elements": elements, "paging": {"start": 0, "count": 100, "links": []}})
