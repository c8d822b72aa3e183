"""Reading posts back from the stand-in X: the account's timeline and single posts."""

import hashlib
import re
from datetime import datetime
from typing import Any

from bot.http.sandbox import ACCOUNT_HANDLE, ACCOUNT_NAME, Answer, Call
from bot.platforms.x.sandbox_account import USER_ID, Account
from bot.platforms.x.sandbox_requests import invalid, missing, stamp

_KNOWN_FIELDS = frozenset(
    [
        "article",
        "attachments",
        "author_id",
        "card_uri",
        "context_annotations",
        "conversation_id",
        "created_at",
        "display_text_range",
        "edit_controls",
        "edit_history_post_ids",
        "edit_history_tweet_ids",
        "entities",
        "geo",
        "id",
        "in_reply_to_user_id",
        "lang",
        "made_with_ai",
        "media_metadata",
        "note_post",
        "note_tweet",
        "paid_partnership",
        "possibly_sensitive",
        "public_metrics",
        "referenced_posts",
        "referenced_tweets",
        "reply_settings",
        "source",
        "text",
        "withheld",
    ]
)
_DEFAULT = ("id", "text", "edit_history_tweet_ids")


class Timeline:
    """The endpoints that read."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def lookup(self, call: Call) -> Answer:
        """GET /2/tweets/{id}."""
        fields = _fields(call)
        post = call.state.get("x.posts", call.params["id"])
        if post is None or post["deleted"]:
            return Answer(body={"errors": [missing(call.params["id"])]})
        self._account.charge(call, "read", "lookup", read=post["id"])
        return Answer(body={"data": _shown(post, fields)} | _includes(call, [post]))

    def posts(self, call: Call) -> Answer:
        """GET /2/users/{id}/tweets, newest first."""
        fields = _fields(call)
        size = _number(call, "max_results", 10, low=5, high=100)
        if call.params["id"] != USER_ID:
            return Answer(body={"errors": [missing(call.params["id"], resource="user")]})
        found = [post for post in reversed(call.state.posts("x")) if self._wanted(call, post)]
        start = _number(call, "pagination_token", 0, low=0, high=10**9)
        page = found[start : start + size]
        if not page:
            return Answer(body={"meta": {"result_count": 0}})
        for post in page:
            self._account.charge(call, "owned_read", "timeline", read=post["id"])
        meta = {
            "result_count": len(page),
            "newest_id": page[0]["id"],
            "oldest_id": page[-1]["id"],
        }
        if start + size < len(found):
            meta["next_token"] = str(start + size)
        data = [_shown(post, fields) for post in page]
        return Answer(body={"data": data, "meta": meta} | _includes(call, page))

    def _wanted(self, call: Call, post: dict[str, Any]) -> bool:
        created = datetime.fromisoformat(post["created_at"])
        number = int(post["id"])
        excluded = call.query.get("exclude", "").split(",")
        return (
            created + self._account.options.index_delay <= call.now
            and not post["nullcast"]
            and not (post["reply_to"] and "replies" in excluded)
            and number > _id(call, "since_id", 0)
            and number < _id(call, "until_id", 10**19)
            and created >= _time(call, "start_time", created)
            and created <= _time(call, "end_time", created)
        )


def _shown(post: dict[str, Any], fields: set[str]) -> dict[str, Any]:
    keys = [media["key"] for media in post["media"]]
    everything: dict[str, Any] = {
        "id": post["id"],
        "text": post["shown"],
        "edit_history_tweet_ids": history(post),
        "edit_history_post_ids": history(post),
        "author_id": USER_ID,
        "conversation_id": post["reply_to"] or post["id"],
        "created_at": stamp(datetime.fromisoformat(post["created_at"])),
        "lang": "en",
        "possibly_sensitive": False,
        "reply_settings": post["reply_settings"],
        "public_metrics": _numbers(post["id"]),
    }
    if post["entities"]:
        everything["entities"] = post["entities"]
    if keys:
        everything["attachments"] = {"media_keys": keys}
    if post["reply_to"]:
        everything["in_reply_to_user_id"] = USER_ID
        everything["referenced_tweets"] = [{"type": "replied_to", "id": post["reply_to"]}]
    return {name: value for name, value in everything.items() if name in fields}


def history(post: dict[str, Any]) -> list[str]:
    """Return the versions of a post, the newest last; one kept by an earlier bot has just itself."""
    return list(post.get("history") or [post["id"]])


def _numbers(post_id: str) -> dict[str, int]:
    """Return how followers took a post: always the same for the same post."""
    digest = hashlib.sha256(post_id.encode()).digest()
    impressions = 500 + int.from_bytes(digest[:2]) % 9500
    return {
        "impression_count": impressions,
        "like_count": impressions * digest[2] // 8000,
        "reply_count": impressions * digest[3] // 60000,
        "retweet_count": impressions * digest[4] // 25000,
        "quote_count": impressions * digest[5] // 90000,
        "bookmark_count": impressions * digest[6] // 30000,
    }


def _includes(call: Call, posts: list[dict[str, Any]]) -> dict[str, Any]:
    wanted = call.query.get("expansions", "").split(",")
    includes: dict[str, Any] = {}
    if "attachments.media_keys" in wanted:
        fields = {"media_key", "type", *call.query.get("media.fields", "").split(",")}
        media = [_media(call, item) for post in posts for item in post["media"]]
        if media:
            includes["media"] = [
                {name: value for name, value in item.items() if name in fields} for item in media
            ]
    if "author_id" in wanted and posts:
        user = {"id": USER_ID, "name": ACCOUNT_NAME, "username": ACCOUNT_HANDLE}
        includes["users"] = [user]
    return {"includes": includes} if includes else {}


def _media(call: Call, item: dict[str, Any]) -> dict[str, Any]:
    shown = {
        "media_key": item["key"],
        "type": "animated_gif" if item["key"].startswith("16_") else "photo",
        "url": f"{call.root.rsplit('/', 1)[0]}/_sandbox/media/{item['id']}",
        "width": item["width"],
        "height": item["height"],
    }
    return shown | ({"alt_text": item["alt"]} if item["alt"] else {})


def _fields(call: Call) -> set[str]:
    asked = call.query.get("tweet.fields") or call.query.get("post.fields") or ""
    names = {name for name in asked.split(",") if name}
    for name in sorted(names - _KNOWN_FIELDS):
        known = ",".join(sorted(_KNOWN_FIELDS))
        raise invalid(
            f"The `tweet.fields` query parameter value [{name}] is not one of [{known}]",
            **{"tweet.fields": name},
        )
    return names | set(_DEFAULT)


def _number(call: Call, name: str, default: int, *, low: int, high: int) -> int:
    value = call.query.get(name)
    if value is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
        raise invalid(
            f"The `{name}` query parameter value [{value}] is not between {low} and {high}",
            **{name: value},
        )
    return int(value)


def _id(call: Call, name: str, default: int) -> int:
    value = call.query.get(name)
    if value is None:
        return default
    if not re.fullmatch(r"[0-9]{1,19}", value):
        raise invalid(f"The `{name}` query parameter value [{value}] is not valid", **{name: value})
    return int(value)


def _time(call: Call, name: str, default: datetime) -> datetime:
    value = call.query.get(name)
    if value is None:
        return default
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as exc:
        raise _bad_time(name, value) from exc
    if moment.tzinfo is None:
        raise _bad_time(name, value)
    return moment


def _bad_time(name: str, value: str) -> Exception:
    return invalid(
        f"The `{name}` query parameter value [{value}] is not a valid RFC3339 date-time",
        **{name: value},
    )
