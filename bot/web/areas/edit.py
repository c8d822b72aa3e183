"""Changing one post: typed words with a live judgement, other wordings, link, tags, parts."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from bot import editing
from bot.domain.errors import NotApproved, UsageError
from bot.domain.people import User
from bot.domain.post import NEXT, Post, State
from bot.editing import Judged, Typed
from bot.pipeline import story
from bot.web.areas.article import find, found_in
from bot.web.desk import AtDesk, Desk, Editing, go
from bot.web.diff import changes
from bot.web.evidence import marked
from bot.web.scratch import from_fields, keep
from bot.web.words import platform

router = APIRouter()

#: How many hashtags of the vocabulary are offered.
_OFFERED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The form as it was sent.

    Attributes:
        base: fingerprint of what was typed over.
        do: what was pressed: "save", "tags", "link", "fix:3", …
        tags: hashtags that were ticked.
    """

    typed: Typed
    base: str
    do: str
    tags: tuple[str, ...]


def sheet(  # noqa: PLR0913, PLR0917 -- one field of the form each
    text: Annotated[str, Form()] = "",
    part: Annotated[list[str] | None, Form()] = None,
    alt_text: Annotated[str, Form()] = "",
    link_policy: Annotated[str, Form()] = "",
    base: Annotated[str, Form()] = "",
    do: Annotated[str, Form()] = "save",
    tag: Annotated[list[str] | None, Form()] = None,
) -> Sheet:
    """Read the form."""
    typed = Typed(
        text=text,
        parts=tuple(words for words in part or () if words.strip()),
        alt_text=alt_text,
        link_policy=link_policy,
    )
    return Sheet(typed=typed, base=base, do=do, tags=tuple(tag or ()))


Sent = Annotated[Sheet, Depends(sheet)]


@router.get("/posts/{post_id}/edit")
def form(
    request: Request,
    desk: AtDesk,
    user: Editing,
    post_id: int,
    variant: int = 0,
    fresh: int = 0,
) -> Response:
    """Show a post's words to change: as they are, as left unsaved, or another wording."""
    post = changeable(desk, post_id)
    typed, base, kept_at = as_it_is(post), post.fingerprint, None
    scratch = desk.app.store.scratches.find(post.id, user.id)
    variants = desk.app.store.desk.variants(post.id)
    if 0 < variant <= len(variants):
        other = variants[variant - 1]
        typed = Typed(text=other.text, parts=other.parts, alt_text=post.content.alt_text)
    elif scratch and not fresh:
        typed, base, kept_at = from_fields(scratch.fields), scratch.base, scratch.at
    return _page(request, desk, post, typed, base=base, kept_at=kept_at)


@router.post("/posts/{post_id}/edit")
def save(request: Request, desk: AtDesk, user: Editing, post_id: int, sent: Sent) -> Response:
    """Save the words, or show what they would be with other tags, another link, or a repair."""
    post = changeable(desk, post_id)
    if sent.do != "save":
        typed = _applied(desk, post, sent)
        keep(desk.app, editing.judge(desk.app, post, typed), user, sent.base, typed)
        return _page(request, desk, post, typed, base=sent.base)
    if sent.base != post.fingerprint:
        return _collided(request, desk, post, user, sent)
    try:
        saved = editing.revise(desk.app, post, sent.typed, by=user.name)
    except NotApproved:  # somebody was faster by a moment
        return _collided(request, desk, changeable(desk, post_id), user, sent)
    desk.app.store.scratches.drop(post.id, user.id)
    blocks = found_in(desk.app.store.desk.findings(saved.id), "block")
    voided = " Its approval is void." if post.state is State.APPROVED else ""
    text = f"{platform(post.channel)}: saved.{voided}"
    if blocks:
        text += f" {blocks} finding{'s' if blocks > 1 else ''} still stop{'' if blocks > 1 else 's'} it."
    return go(f"/articles/{post.article_key}", flash=text, kind="trouble" if blocks else "done")


@router.post("/posts/{post_id}/judge")
def judge(request: Request, desk: AtDesk, user: Editing, post_id: int, sent: Sent) -> Response:
    """Say what typed words come to, and keep them: the page asks while somebody types."""
    post = changeable(desk, post_id)
    made = editing.judge(desk.app, post, sent.typed)
    unsaved = keep(desk.app, made, user, sent.base, sent.typed)
    saved_at = desk.app.clock.now() if unsaved else None
    return desk.page(request, "judged.html", **_judgement(desk, made), saved_at=saved_at)


@router.post("/posts/{post_id}/discard")
def discard(desk: AtDesk, user: Editing, post_id: int) -> Response:
    """Forget what was typed and not saved."""
    post = desk.app.store.desk.post(post_id)
    desk.app.store.scratches.drop(post.id, user.id)
    return go(f"/articles/{post.article_key}", flash="What you had typed was put away.")


def changeable(desk: Desk, post_id: int) -> Post:
    """Return a post whose content may be changed.

    Raises:
        UsageError: there is no such post, or it is on its way, out or over.
    """
    if not 0 < post_id < 2**31:
        raise UsageError("There is no such post; nothing was changed.")
    post = desk.app.store.desk.post(post_id)
    if post.state is not State.DRAFTED and State.DRAFTED not in NEXT[post.state]:
        raise UsageError(
            f"{platform(post.channel)}: the post is {post.state.replace('_', ' ')}; it cannot be "
            "changed any more. Nothing was changed."
        )
    return post


def as_it_is(post: Post) -> Typed:
    """Return a post's content as the form shows it."""
    content = post.content
    return Typed(text=content.text, parts=content.parts, alt_text=content.alt_text)


def _applied(desk: Desk, post: Post, sent: Sheet) -> Typed:
    """Return the typing after what was pressed."""
    tags = sent.tags if sent.do == "tags" else None
    made = editing.judge(desk.app, post, replace(sent.typed, hashtags=tags))
    content = made.content  # its link is where it is wanted already
    if sent.do.startswith("fix:"):
        content = editing.mended(content, made.findings, sent.do.removeprefix("fix:"))
    return Typed(
        text=content.text,
        parts=content.parts,
        alt_text=content.alt_text,
        link_policy=sent.typed.link_policy,
    )


def _judgement(desk: Desk, made: Judged) -> dict[str, Any]:
    now = desk.app.clock.now()
    preview = desk.previews.of(made.post, made.content, now)
    return {"post": made.post, "preview": preview, "findings": made.findings}


def _page(
    request: Request,
    desk: Desk,
    post: Post,
    typed: Typed,
    *,
    base: str,
    kept_at: object = None,
) -> Response:
    app, article = desk.app, find(desk, post.article_key)
    made = editing.judge(app, post, typed)
    tags = made.content.hashtags
    fitting = story.hashtags(story.readable(article, app.words), app.words, least=1)
    offered = list(dict.fromkeys([*tags, *fitting]))[:_OFFERED]
    siblings = [p for p in app.store.desk.of_article(article.key) if p.channel in app.dialects]
    return desk.page(
        request,
        "edit.html",
        **_judgement(desk, made),
        article=article,
        typed=Typed(
            text=made.content.text,
            parts=made.content.parts,
            alt_text=typed.alt_text,
            link_policy=editing.policy_of(app, made.post),
        ),
        base=base,
        stale=base != post.fingerprint,
        kept_at=kept_at,
        siblings=siblings,
        variants=app.store.desk.variants(post.id),
        policies=editing.POLICIES.get(post.platform, {}),
        tags=tags,
        offered=offered,
        icons=desk.previews.icons,
        story=marked(article, [made.content.text]),
        saved_at=None,
    )


def _collided(request: Request, desk: Desk, post: Post, user: User, sent: Sheet) -> Response:
    """Show what somebody else has made of the post meanwhile, beside what was typed."""
    keep(desk.app, editing.judge(desk.app, post, sent.typed), user, post.fingerprint, sent.typed)
    wordings = desk.app.store.wordings.of_post(post.id)
    base = next(
        (w.content for w in wordings if w.content.fingerprint(post.channel) == sent.base), None
    )
    mine = sent.typed.text.replace("\r\n", "\n").strip()
    return desk.page(
        request,
        "collision.html",
        status=409,
        post=post,
        article=find(desk, post.article_key),
        theirs=wordings[0],
        since=changes(base.text, post.content.text) if base else None,
        against=changes(post.content.text, mine),
        typed=sent.typed,
    )
