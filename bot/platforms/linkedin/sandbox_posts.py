"""Posting, reading back, editing and deleting on the stand-in LinkedIn."""

import re
from datetime import datetime
from typing import Any

from bot.http.sandbox import Answer, Call, Refused
from bot.platforms.linkedin.sandbox_account import (
    MEMBER_TOKEN,
    Options,
    check_author,
    denied,
    refuse,
    token,
)
from bot.platforms.linkedin.sandbox_images import status
from bot.platforms.linkedin.sandbox_text import read

_REQUIRED = ("author", "commentary", "visibility", "distribution", "lifecycleState")
_KNOWN = frozenset(
    {
        *_REQUIRED,
        "content",
        "isReshareDisabledByAuthor",
        "reshareContext",
        "adContext",
        "container",
        "contentLandingPage",
        "contentCallToActionLabel",
    }
)
_VISIBILITY = frozenset({"PUBLIC", "CONNECTIONS", "LOGGED_IN", "CONTAINER"})

#: Characters a field may have (LinkedIn Marketing, "Posts API" schemas).
_LENGTHS = {"title": 399, "description": 4085, "thumbnailAltText": 4085, "altText": 4086}


class Posts:
    """The post endpoints."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def create(self, call: Call) -> Answer:
        """POST /rest/posts."""
        body = _object(call)
        _check_envelope(body)
        check_author(call, body["author"])
        shown = read(body["commentary"])
        self._check_length(shown.text)
        images = _check_content(call, body)
        self._check_duplicate(call, body)
        number = call.state.next("linkedin.ids", at_least=int(call.now.timestamp() * 1000) << 22)
        urn = f"urn:li:share:{number}"
        document = {
            "id": urn,
            "text": body["commentary"],
            "shown": shown.text,
            "cut_at": shown.cut_at,
            "media": images,
            "request": body,
            "created_at": call.now.isoformat(),
            "modified_at": call.now.isoformat(),
            "deleted": False,
        }
        call.state.put("linkedin.posts", urn, document)
        return Answer(status=201, headers={"x-restli-id": urn, "x-linkedin-id": urn})

    def get(self, call: Call) -> Answer:
        """GET /rest/posts/{urn}: the whole text, whatever followers see of it."""
        _check_encoding(call)
        if token(call) == MEMBER_TOKEN:
            raise denied("partnerApiPostsExternal.GET")
        return Answer(body=_read_back(_find(call)))

    def listing(self, call: Call) -> Answer:
        """GET /rest/posts?q=author&author=…, for an organisation's own token."""
        if call.query.get("q") != "author":
            raise refuse(400, "Unknown finder", "INVALID_QUERY_PARAMETER")
        if call.headers.get("x-restli-method", "").upper() != "FINDER":
            raise refuse(400, "X-RestLi-Method: FINDER is required", "INVALID_HEADER")
        author = call.query.get("author", "")
        if token(call) == MEMBER_TOKEN:
            raise denied("partnerApiPostsExternal.FINDER-author")
        start, count = (_number(call, name, usual) for name, usual in (("start", 0), ("count", 10)))
        posts = [
            post
            for post in call.state.posts("linkedin")
            if post["request"]["author"] == author and self._indexed(call, post)
        ]
        by = "created_at" if call.query.get("sortBy") == "CREATED" else "modified_at"
        posts.sort(key=lambda post: (post[by], post["id"]), reverse=True)
        page = [_read_back(post) for post in posts[start : start + min(count, 100)]]
        paging = {"start": start, "count": count, "links": [], "total": len(posts)}
        return Answer(body={"paging": paging, "elements": page})

    def update(self, call: Call) -> Answer:
        """POST /rest/posts/{urn} with X-RestLi-Method: PARTIAL_UPDATE."""
        _check_encoding(call)
        if call.headers.get("x-restli-method", "").upper() != "PARTIAL_UPDATE":
            raise refuse(400, "X-RestLi-Method: PARTIAL_UPDATE is required", "INVALID_HEADER")
        if token(call) == MEMBER_TOKEN:
            raise denied("partnerApiPostsExternal.PARTIAL_UPDATE")
        post = _find(call)
        try:
            changes = _object(call)["patch"]["$set"]
            commentary = changes.get("commentary", post["text"])
            shown = read(commentary)
        except (KeyError, TypeError, AttributeError) as exc:
            raise refuse(400, "ERROR :: /patch/$set :: field is required", "MISSING_FIELD") from exc
        self._check_length(shown.text)
        changed = {"text": commentary, "shown": shown.text, "cut_at": shown.cut_at}
        changed["modified_at"] = call.now.isoformat()
        call.state.put("linkedin.posts", post["id"], post | changed)
        return Answer(status=204)

    def delete(self, call: Call) -> Answer:
        """DELETE /rest/posts/{urn}; deleting again is fine."""
        _check_encoding(call)
        post = call.state.get("linkedin.posts", call.params["urn"])
        if post is not None:
            check_author(call, post["request"]["author"])
            call.state.put("linkedin.posts", post["id"], post | {"deleted": True})
        return Answer(status=204)

    def _indexed(self, call: Call, post: dict[str, Any]) -> bool:
        return datetime.fromisoformat(post["created_at"]) + self._options.index_delay <= call.now

    def _check_length(self, text: str) -> None:
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2
        if units <= self._options.limit:
            return
        description = (
            f"ShareCommentary text length ({units} characters) exceeded the maximum allowed"
            f" ({self._options.limit} characters)"
        )
        inputs = {"maxLength": self._options.limit, "actualLength": units}
        error = {
            "description": description,
            "input": {"inputPath": {"fieldPath": "commentary"}},
            "code": "FIELD_ARRAY_SIZE_TOO_HIGH",
            **inputs,
        }
        raise Refused(Answer(status=400, body=_input_errors(400, description, error)))

    def _check_duplicate(self, call: Call, body: dict[str, Any]) -> None:
        oldest = call.now - self._options.duplicate_window
        for post in call.state.posts("linkedin", deleted=self._options.ghost_duplicates):
            if post["request"] == body and datetime.fromisoformat(post["created_at"]) > oldest:
                message = (
                    "com.linkedin.content.common.exception.BadRequestResponseException: Content is"
                    f" a duplicate of {post['id']}"
                )
                error = {"description": "Duplicate post is detected", "input": {}}
                answer = _input_errors(422, message, error | {"code": "DUPLICATE_POST"})
                raise Refused(Answer(status=422, body=answer))


def _input_errors(status_code: int, message: str, error: dict[str, Any]) -> dict[str, Any]:
    return {
        "errorDetailType": "com.linkedin.common.error.BadRequest",
        "message": message,
        "errorDetails": {"inputErrors": [error]},
        "status": status_code,
    }


def _object(call: Call) -> dict[str, Any]:
    try:
        body = call.json()
    except ValueError as exc:
        raise refuse(400, "Cannot parse the request body as JSON", "INVALID_JSON") from exc
    if not isinstance(body, dict):
        raise refuse(400, "The request body must be a JSON object", "INVALID_JSON")
    return body


def _check_envelope(body: dict[str, Any]) -> None:
    for name in _REQUIRED:
        if name not in body:
            raise missing_field(f"/{name}")
    for name in sorted(body.keys() - _KNOWN):
        raise refuse(422, f"ERROR :: /{name} :: unrecognized field found but not allowed\n")
    if not isinstance(body["author"], str) or not isinstance(body["commentary"], str):
        raise refuse(400, "author and commentary must be strings", "INVALID_VALUE_FOR_FIELD")
    if not body["commentary"].strip() and "reshareContext" not in body:
        raise refuse(422, "ERROR :: /commentary :: blank", "INVALID_VALUE_BLANK_FIELD")
    if body["visibility"] not in _VISIBILITY:
        raise refuse(400, "ERROR :: /visibility :: not a known value", "INVALID_VALUE_FOR_FIELD")
    if body["lifecycleState"] != "PUBLISHED":
        message = "ERROR :: /lifecycleState :: only PUBLISHED can be created"
        raise refuse(400, message, "INVALID_VALUE_FOR_FIELD")
    distribution = body["distribution"]
    feed = distribution.get("feedDistribution") if isinstance(distribution, dict) else None
    if feed not in {"MAIN_FEED", "NONE"}:
        raise missing_field("/distribution/feedDistribution")


def missing_field(path: str) -> Refused:
    """Return the 422 for a field that is not there (body as captured from the live API)."""
    return refuse(
        422, f"ERROR :: {path} :: field is required but not found and has no default value\n"
    )


def _check_content(call: Call, body: dict[str, Any]) -> list[dict[str, Any]]:
    content = body.get("content")
    if content is None:
        return []
    if not isinstance(content, dict) or len(content) != 1:
        raise refuse(400, "content holds exactly one kind", "INVALID_CONTENT")
    kind, value = next(iter(content.items()))
    if not isinstance(value, dict):
        raise refuse(400, f"ERROR :: /content/{kind} :: not an object", "INVALID_CONTENT")
    match kind:
        case "media":
            return [_image(call, body, value, "/content/media", "altText")]
        case "article":
            return _article(call, body, value)
        case "multiImage":
            return _images(call, body, value)
        case _:
            raise refuse(422, f"ERROR :: /content/{kind} :: unrecognized field found\n")


def _article(call: Call, body: dict[str, Any], article: dict[str, Any]) -> list[dict[str, Any]]:
    for name in ("source", "title"):
        if not article.get(name):
            raise missing_field(f"/content/article/{name}")
    for name in ("title", "description"):
        _check_field(f"/content/article/{name}", article.get(name, ""), name)
    if "thumbnail" not in article:
        return []
    named = {"id": article["thumbnail"], "thumbnailAltText": article.get("thumbnailAltText", "")}
    return [_image(call, body, named, "/content/article/thumbnail", "thumbnailAltText")]


def _images(call: Call, body: dict[str, Any], value: dict[str, Any]) -> list[dict[str, Any]]:
    images = value.get("images")
    if not isinstance(images, list) or not 2 <= len(images) <= 20:
        raise refuse(400, "multiImage takes 2 to 20 images", "INVALID_VALUE_FOR_FIELD")
    path = "/content/multiImage/images/{}"
    return [
        _image(call, body, image if isinstance(image, dict) else {}, path.format(at), "altText")
        for at, image in enumerate(images)
    ]


def _image(
    call: Call, body: dict[str, Any], value: dict[str, Any], path: str, alt: str
) -> dict[str, Any]:
    urn = value.get("id")
    if not urn:
        raise missing_field(f"{path}/id")
    _check_field(f"{path}/{alt}", value.get(alt, ""), alt)
    image = call.state.get("linkedin.images", str(urn))
    if image is None:
        raise refuse(400, f"{path} :: {urn} is not a valid image", "INVALID_IMAGE_ID")
    if image["owner"] != body["author"]:
        raise refuse(400, "One or more of the assets is not owned by the author")
    state = status(image, call.now)
    if state in {"WAITING_UPLOAD", "PROCESSING_FAILED"}:
        raise refuse(400, f"Media asset {urn} is {state}", f"MEDIA_ASSET_{state}")
    return {
        "id": urn,
        "key": "",
        "alt": value.get(alt, ""),
        "width": image["width"],
        "height": image["height"],
    }


def _check_field(path: str, value: Any, name: str) -> None:
    if not isinstance(value, str):
        raise refuse(400, f"ERROR :: {path} :: not a string", "INVALID_VALUE_FOR_FIELD")
    if len(value) > _LENGTHS[name]:
        message = f"ERROR :: {path} :: length is longer than {_LENGTHS[name]}\n"
        raise refuse(422, message, "FIELD_LENGTH_TOO_LONG")


def _check_encoding(call: Call) -> None:
    if ":" in call.raw_path:
        raise refuse(400, "Syntax exception in path variables", "ILLEGAL_ARGUMENT")
    if not re.fullmatch(r"urn:li:(share|ugcPost):[0-9]+", call.params["urn"]):
        raise refuse(400, "Invalid URN in path", "INVALID_URN_TYPE")


def _find(call: Call) -> dict[str, Any]:
    post = call.state.get("linkedin.posts", call.params["urn"])
    if post is None or post["deleted"]:
        raise refuse(404, "Post not found", "NOT_FOUND")
    check_author(call, post["request"]["author"])
    return post


def _read_back(post: dict[str, Any]) -> dict[str, Any]:
    created = int(datetime.fromisoformat(post["created_at"]).timestamp() * 1000)
    modified = int(datetime.fromisoformat(post["modified_at"]).timestamp() * 1000)
    request: dict[str, Any] = post["request"]
    return request | {
        "id": post["id"],
        "commentary": post["text"],
        "createdAt": created,
        "publishedAt": created,
        "lastModifiedAt": modified,
        "lifecycleStateInfo": {"isEditedByAuthor": created != modified},
    }


def _number(call: Call, name: str, usual: int) -> int:
    value = call.query.get(name, str(usual))
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise refuse(400, f"Query parameter {name} is not a number", "INVALID_QUERY_PARAMETER")
    return int(value)
