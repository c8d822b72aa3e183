"""Posting, reading back, editing and deleting on the stand-in LinkedIn."""

import hashlib
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
from bot.platforms.linkedin.sandbox_content import check_content, check_envelope
from bot.platforms.linkedin.sandbox_text import read


class Posts:
    """The post endpoints."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def create(self, call: Call) -> Answer:
        """POST /rest/posts."""
        body = _object(call)
        check_envelope(body)
        check_author(call, body["author"])
        shown = read(body["commentary"])
        self._check_length(shown.text)
        images = check_content(call, body)
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

    def statistics(self, call: Call) -> Answer:
        """GET /rest/organizationalEntityShareStatistics?…&shares=List(…): a page's numbers."""
        if token(call) == MEMBER_TOKEN:
            raise denied("organizationalEntityShareStatistics.FINDER-organizationalEntity")
        if call.query.get("q") != "organizationalEntity":
            raise refuse(400, "Unknown finder", "INVALID_QUERY_PARAMETER")
        page, elements = call.query.get("organizationalEntity", ""), []
        for name, key in (("shares", "share"), ("ugcPosts", "ugcPost")):
            listed = re.fullmatch(r"List\((.+)\)", call.query.get(name, ""))
            for urn in listed[1].split(",") if listed else []:
                post = call.state.get("linkedin.posts", urn)
                if post and not post["deleted"] and post["request"]["author"] == page:
                    counts = {"totalShareStatistics": _numbers(urn)}
                    elements.append({key: urn, "organizationalEntity": page, **counts})
        paging = {"start": 0, "count": 10, "links": []}
        return Answer(body={"paging": paging, "elements": elements})

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


def _numbers(urn: str) -> dict[str, float]:
    """Return how followers took a post: always the same for the same post."""
    digest = hashlib.sha256(urn.encode()).digest()
    impressions = 300 + int.from_bytes(digest[:2]) % 4700
    counts = {
        "impressionCount": impressions,
        "uniqueImpressionsCount": impressions * 3 // 4,
        "clickCount": impressions * digest[2] // 10000,
        "likeCount": impressions * digest[3] // 12000,
        "commentCount": impressions * digest[4] // 90000,
        "shareCount": impressions * digest[5] // 70000,
    }
    acted = sum(counts[name] for name in ("clickCount", "likeCount", "commentCount", "shareCount"))
    return counts | {"engagement": acted / impressions}


def _object(call: Call) -> dict[str, Any]:
    try:
        body = call.json()
    except ValueError as exc:
        raise refuse(400, "Cannot parse the request body as JSON", "INVALID_JSON") from exc
    if not isinstance(body, dict):
        raise refuse(400, "The request body must be a JSON object", "INVALID_JSON")
    return body


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
