"""What only a person can tell the bot: whether a post is live, and that a question is settled."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from bot.domain.errors import UsageError
from bot.web import acts
from bot.web.desk import Approving, AtDesk, go
from bot.web.words import platform

router = APIRouter()


@router.post("/posts/{post_id}/answer")
def answer(
    desk: AtDesk,
    user: Approving,
    post_id: int,
    do: Annotated[str, Form()],
    address: Annotated[str, Form()] = "",
) -> Response:
    """Take somebody's word about a post: it is live there, it is not live, or it is settled."""
    if not 0 < post_id < 2**31:
        raise UsageError("There is no such post; nothing was changed.")
    app = desk.app
    post = app.store.desk.post(post_id)
    acts.answer(app, post, do, address, by=user.name)
    said = {"live": "it is live", "absent": "it is not there and is sent again", "done": "settled"}
    return go(f"/articles/{post.article_key}", flash=f"{platform(post.channel)}: {said[do]}.")
