"""Comments on the stand-in LinkedIn: for pages only, as for apps without a partner's product."""

from typing import Any

from bot.http.sandbox import Answer, Call, State
from bot.platforms.linkedin.sandbox_account import (
    MEMBER_TOKEN,
    Options,
    check_author,
    denied,
    refuse,
    token,
)

#: Characters of a comment (LinkedIn's composer).
_MOST = 1250


class Comments:
    """The comment endpoints."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def create(self, call: Call) -> Answer:
        """POST /rest/socialActions/{urn}/comments."""
        self._check(call, "CREATE")
        urn = call.params["urn"]
        thread = self._thread(urn)
        try:
            body = call.json()
            actor, text = str(body["actor"]), str(body["message"]["text"])
        except (ValueError, KeyError, TypeError) as exc:
            message = "ERROR :: /message/text :: field is required but not found"
            raise refuse(400, message, "MISSING_FIELD") from exc
        check_author(call, actor)
        if not 0 < len(text) <= _MOST:
            raise refuse(400, "ERROR :: /message/text :: length", "FIELD_LENGTH_TOO_LONG")
        number = call.state.next("linkedin.ids", at_least=int(call.now.timestamp() * 1000) << 22)
        comment = {
            "id": str(number),
            "post": thread,
            "actor": actor,
            "text": text,
            "created_at": call.now.isoformat(),
        }
        call.state.put("linkedin.comments", comment["id"], comment)
        return Answer(status=201, body=_read_back(comment), headers={"x-restli-id": comment["id"]})

    def listing(self, call: Call) -> Answer:
        """GET /rest/socialActions/{urn}/comments."""
        self._check(call, "GET")
        found = [_read_back(one) for one in comments_on(call.state, _bare(call.params["urn"]))]
        paging = {"start": 0, "count": len(found), "links": [], "total": len(found)}
        return Answer(body={"paging": paging, "elements": found})

    def delete(self, call: Call) -> Answer:
        """DELETE /rest/socialActions/{urn}/comments/{id}?actor=…."""
        self._check(call, "DELETE")
        comment = call.state.get("linkedin.comments", call.params["id"])
        if comment is None or comment.get("deleted"):
            raise refuse(404, "Comment not found", "NOT_FOUND")
        if call.query.get("actor") != comment["actor"]:
            raise denied("partnerApiSocialActions.DELETE")
        call.state.put("linkedin.comments", comment["id"], comment | {"deleted": True})
        return Answer(status=204)

    def _check(self, call: Call, doing: str) -> None:
        version = call.headers["linkedin-version"]
        if token(call) == MEMBER_TOKEN or not self._options.comments:
            raise denied(f"partnerApiSocialActions.{doing}.{version}01")
        if ":" in call.raw_path:
            raise refuse(400, "Syntax exception in path variables", "ILLEGAL_ARGUMENT")
        post = call.state.get("linkedin.posts", _bare(call.params["urn"]))
        if post is None or post["deleted"]:
            raise refuse(404, "Post not found", "NOT_FOUND")

    def _thread(self, urn: str) -> str:
        own = urn.replace("urn:li:share:", "urn:li:ugcPost:")
        if self._options.threads_of_their_own and urn != own:
            message = f"Provided threadUrn {urn} is not the same as the actual threadUrn: {own}"
            raise refuse(400, message)
        return _bare(urn)


def comments_on(state: State, urn: str) -> list[dict[str, Any]]:
    """Return the comments on a post, oldest first."""
    return [
        one
        for one in state.all("linkedin.comments")
        if one["post"] == urn and not one.get("deleted")
    ]


def _bare(urn: str) -> str:
    return urn.replace("urn:li:ugcPost:", "urn:li:share:")


def _read_back(comment: dict[str, Any]) -> dict[str, Any]:
    return {
        "actor": comment["actor"],
        "commentUrn": f"urn:li:comment:({comment['post']},{comment['id']})",
        "id": comment["id"],
        "message": {"attributes": [], "text": comment["text"]},
        "object": comment["post"],
    }
