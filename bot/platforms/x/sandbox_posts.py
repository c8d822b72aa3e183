"""Posting, reading back and deleting on the stand-in X."""

from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from bot.domain.ports import Measure
from bot.http.sandbox import ACCOUNT_HANDLE, ACCOUNT_NAME, Answer, Call
from bot.platforms.x.sandbox_account import USER_ID, Account
from bot.platforms.x.sandbox_media import EXPIRES
from bot.platforms.x.sandbox_requests import (
    Strict,
    invalid,
    parsed,
    problem,
    snowflake,
    stamp,
)
from bot.platforms.x.sandbox_text import delivered
from bot.platforms.x.sandbox_timeline import history

_Id = Field(pattern=r"^[0-9]{1,19}$")

#: Posts of other people: one whose author has mentioned the account, one whose has not.
SUMMONING_POST = "1799000000000000777"
STRANGERS_POST = "1799000000000000778"


#: How often a post can be edited (X API, Edit Posts).
MOST_EDITS = 5


class _Media(Strict):
    media_ids: list[str] = Field(min_length=1, max_length=4)
    tagged_user_ids: list[str] = Field(default_factory=list, max_length=10)


class _Reply(Strict):
    in_reply_to_tweet_id: str = _Id
    exclude_reply_user_ids: list[str] = Field(default_factory=list)
    auto_populate_reply_metadata: bool = False


class _Poll(Strict):
    options: list[str] = Field(min_length=2, max_length=4)
    duration_minutes: int = Field(ge=5, le=10080)
    reply_settings: str = ""


class _Geo(Strict):
    place_id: str = ""


class _Edit(Strict):
    previous_post_id: str = _Id


class _Create(Strict):
    """X's CreatePostsRequest (openapi.json 2.167)."""

    text: str = ""
    media: _Media | None = None
    reply: _Reply | None = None
    poll: _Poll | None = None
    geo: _Geo | None = None
    edit_options: _Edit | None = None
    reply_settings: Literal["following", "mentionedUsers", "subscribers", "verified"] | None = None
    quote_tweet_id: str | None = Field(default=None, pattern=r"^[0-9]{1,19}$")
    community_id: str | None = Field(default=None, pattern=r"^[0-9]{1,19}$")
    card_uri: str | None = None
    direct_message_deep_link: str | None = None
    for_super_followers_only: bool = False
    share_with_followers: bool = False
    made_with_ai: bool = False
    paid_partnership: bool = False
    nullcast: bool = False


class Posts:
    """The endpoints that make and unmake posts."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def create(self, call: Call) -> Answer:
        """POST /2/tweets."""
        wanted = parsed(_Create, call)
        text = wanted.text.strip()
        measure = self._account.measure(text)
        media = self._attached(call, wanted.media)
        if not text and not media and wanted.poll is None:
            raise invalid("$.text: must not be empty unless media or a poll is given", text="")
        self._check_text(text, measure)
        summoned = self._check_reply(call, wanted)
        edited = self._edited(call, wanted)
        if edited is None:
            self._check_duplicate(call, text)
        post_id = snowflake(call)
        shown, entities = delivered(text, self._account.measure, post_id=post_id, media=media)
        document = {
            "id": post_id,
            "text": text,
            "shown": shown,
            "entities": entities,
            "media": media,
            "created_at": call.now.isoformat(),
            "reply_to": wanted.reply.in_reply_to_tweet_id if wanted.reply else None,
            "reply_settings": wanted.reply_settings or "everyone",
            "made_with_ai": wanted.made_with_ai,
            "nullcast": wanted.nullcast,
            "history": [*(history(edited) if edited else []), post_id],
            "deleted": False,
        }
        call.state.put("x.posts", post_id, document)
        if edited:
            document["reply_to"] = edited["reply_to"]
            call.state.put("x.posts", post_id, document)
            call.state.put("x.posts", edited["id"], edited | {"deleted": True})
        has_url = any(entity.kind == "url" for entity in measure.entities)
        price = "summoned_reply" if summoned else "post_with_url" if has_url else "post"
        self._account.charge(call, price, "create")
        data = {"id": post_id, "text": shown, "edit_history_tweet_ids": document["history"]}
        return Answer(status=201, body={"data": data})

    def delete(self, call: Call) -> Answer:
        """DELETE /2/tweets/{id}."""
        post = call.state.get("x.posts", call.params["id"])
        if post is None:
            raise problem(404, "Not Found", kind="resource-not-found")
        call.state.put("x.posts", post["id"], post | {"deleted": True})
        self._account.charge(call, "delete", "delete")
        return Answer(body={"data": {"deleted": True}})

    def me(self, call: Call) -> Answer:
        """GET /2/users/me."""
        self._account.charge(call, "user", "me", read=USER_ID)
        data = {"id": USER_ID, "name": ACCOUNT_NAME, "username": ACCOUNT_HANDLE}
        fields = set(call.query.get("user.fields", "").split(","))
        extra = {
            "created_at": stamp(datetime.fromisoformat("2024-06-07T06:00:00+00:00")),
            "verified": False,
            "description": "AI Intelligence Daily",
        }
        data |= {name: value for name, value in extra.items() if name in fields}  # type: ignore[misc]
        return Answer(body={"data": data})

    def _edited(self, call: Call, wanted: _Create) -> dict[str, Any] | None:
        """Return the post that this is a new version of, or refuse (X API, Edit Posts)."""
        if wanted.edit_options is None:
            return None
        post = call.state.get("x.posts", wanted.edit_options.previous_post_id)
        window = self._account.options.edit_window
        if post is None or post["deleted"] or window is None:
            raise problem(403, "You are not permitted to perform this action.")
        first = call.state.get("x.posts", history(post)[0]) or post
        late = datetime.fromisoformat(first["created_at"]) + window <= call.now
        if late or len(history(post)) > MOST_EDITS:
            raise problem(403, "This Tweet can no longer be edited.")
        return post

    def _attached(self, call: Call, wanted: _Media | None) -> list[dict[str, Any]]:
        attached = []
        for media_id in wanted.media_ids if wanted else []:
            media = call.state.get("x.media", media_id)
            expired = media and datetime.fromisoformat(media["uploaded"]) + EXPIRES <= call.now
            if media is None or expired:
                raise invalid("Your media IDs are invalid.", **{"media.media_ids": media_id})
            picture = {"id": media_id, "key": media["media_key"], "alt": media["alt"]}
            picture |= {"width": media["image"]["w"], "height": media["image"]["h"]}
            attached.append(picture)
        if len(attached) > 1 and any(item["key"].startswith("16_") for item in attached):
            raise invalid("Your media IDs are invalid.", **{"media.media_ids": "one GIF at most"})
        return attached

    def _check_text(self, text: str, measure: Measure) -> None:
        if measure.length > self._account.options.limit:
            raise invalid(
                "Your Tweet text is too long. For more information on how Twitter determines text"
                " length see https://github.com/twitter/twitter-text.",
                text=text[:50],
            )
        if text and not measure.valid:
            raise problem(403, "You are not permitted to perform this action.")
        if sum(entity.kind == "cashtag" for entity in measure.entities) > 1:
            raise problem(403, "Posts created via the API may contain a maximum of one cashtag.")

    def _check_reply(self, call: Call, wanted: _Create) -> bool:
        if wanted.quote_tweet_id:
            raise problem(
                403,
                "Quoting this post is not allowed because you have not been mentioned or otherwise"
                " engaged by the author of the post you are quoting.",
            )
        if wanted.reply is None:
            return False
        parent = wanted.reply.in_reply_to_tweet_id
        if parent == SUMMONING_POST:
            return True
        if parent == STRANGERS_POST:
            raise problem(
                403,
                "Reply to this conversation is not allowed because you have not been mentioned or"
                " otherwise engaged by the author of the post you are replying to.",
            )
        post = call.state.get("x.posts", parent)
        if post is None or post["deleted"]:
            raise problem(
                403, "You attempted to reply to a Tweet that is deleted or not visible to you."
            )
        return False

    def _check_duplicate(self, call: Call, text: str) -> None:
        window: timedelta = self._account.options.duplicate_window
        for post in reversed(call.state.posts("x", deleted=True)):
            recent = datetime.fromisoformat(post["created_at"]) > call.now - window
            if text and recent and post["text"] == text:
                detail = "You are not allowed to create a Tweet with duplicate content."
                raise problem(403, detail)
