"""Other words for a post: typed, chosen, mended or restored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.app import App
from bot.domain import lint
from bot.domain.errors import ContentError, UsageError
from bot.domain.post import Content, Finding, Post
from bot.editing.card import Dress, drawn
from bot.editing.link import POLICIES, moved, policy_of, retagged
from bot.editing.saving import card_findings, judged, save
from bot.pipeline.draft import dressed

#: The longest text and the most parts that are looked at at all.
LONGEST, MOST_PARTS = 20_000, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What an editor has typed into the form of one post.

    Attributes:
        parts: what follows under the post; empty ones are left out.
        link_policy: one of `POLICIES`; "" leaves it as it is.
        hashtags: without "#", to stand at the end; None leaves those in the text.
    """

    text: str
    parts: tuple[str, ...] = ()
    alt_text: str = ""
    link_policy: str = ""
    hashtags: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A content and what the house's rules say about it; `post` has the link policy it follows."""

    post: Post
    content: Content
    findings: tuple[Finding, ...]


def judge(app: App, post: Post, typed: Typed) -> Judged:
    """Return what the post would be with these words; nothing is saved.

    Raises:
        UsageError: too long to be looked at, no such policy, or the article is gone.
    """
    _check(post, typed)
    tags = _hashtags(app, post, typed.text)
    content = replace(
        post.content,
        text=_plain(typed.text),
        hashtags=tags,
        parts=tuple(part for part in map(_plain, typed.parts) if part),
        alt_text=" ".join(typed.alt_text.split()),
    )
    wanted = typed.link_policy
    if wanted and wanted != policy_of(app, post):
        post = replace(post, link_policy=wanted)
        content = moved(app, post, content, wanted)
    if typed.hashtags is not None:
        content = retagged(app, post, content, typed.hashtags)
    findings = judged(app, post, content, card_findings(app, post))
    return Judged(post=post, content=content, findings=findings)


def revise(app: App, post: Post, typed: Typed, *, by: str) -> Post:
    """Save what an editor has typed.

    Raises:
        UsageError: as `judge`.
        NotApproved, IllegalMove: see `bot.pipeline.review.edit`.
    """
    made = judge(app, post, typed)
    return save(app, made.post, made.content, made.findings, by)


def reword(app: App, post: Post, text: str, *, by: str) -> Post:
    """Put other words into a post.

    Raises:
        UsageError: the article is not kept any more.
        NotApproved, IllegalMove: see `bot.pipeline.review.edit`.
    """
    tags = _hashtags(app, post, text)
    return _put(app, post, replace(post.content, text=text, hashtags=tags), by)


def mend(app: App, post: Post, number: int, *, by: str) -> Post:
    """Make one safe repair that a finding offers.

    Raises:
        UsageError: there is no such finding, or it offers none.
        NotApproved, IllegalMove: see `bot.pipeline.review.edit`.
    """
    findings = app.store.desk.findings(post.id)
    return reword(app, post, mended(post.content, findings, str(number)).text, by=by)


def mended(content: Content, findings: Sequence[Finding], number: str) -> Content:
    """Return the content with the repair that the finding of this number offers.

    Raises:
        UsageError: there is no such finding, or it offers none.
    """
    place = int(number) if number.isdigit() and len(number) < 6 else -1
    if not 0 <= place < len(findings) or not is_fixable(findings[place]):
        raise UsageError("There is nothing to repair there any more; nothing was changed.")
    return replace(content, text=lint.mend(content.text, (findings[place],)).strip())


def is_fixable(found: Finding) -> bool:
    """Tell whether a finding offers a safe repair."""
    return found.fix is not None and found.start is not None and found.end is not None


def restore(app: App, post: Post, content: Content, *, by: str) -> Post:
    """Put an earlier content back; it is judged anew and needs a new approval.

    A card that is not kept any more is drawn anew, as the house has its cards now; a further
    picture that is not kept is left out.

    Raises:
        ContentError: no card can be drawn.
        UsageError: the article is not kept any more.
        NotApproved, IllegalMove: see `bot.pipeline.review.edit`.
    """
    shown = tuple(one for one in content.pictures if _is_kept(app, one[0]))
    content = replace(content, pictures=shown)
    if content.card is None or content.card == post.content.card or _is_kept(app, content.card):
        return _put(app, post, content, by)
    card = drawn(app, post, Dress())
    app.store.shelf.put(card)
    content = dressed(content, card)
    return save(app, post, content, judged(app, post, content, card.findings), by)


def _is_kept(app: App, sha256: str) -> bool:
    try:
        app.store.shelf.read(sha256)
    except ContentError:
        return False
    return True


def _put(app: App, post: Post, content: Content, by: str) -> Post:
    findings = judged(app, post, content, card_findings(app, post))
    return save(app, post, content, findings, by)


def _hashtags(app: App, post: Post, text: str) -> tuple[str, ...]:
    measure = app.dialects[post.channel].measure(text)
    return tuple(e.text[1:] for e in measure.entities if e.kind == "hashtag")


def _check(post: Post, typed: Typed) -> None:
    length = sum(map(len, (typed.text, typed.alt_text, *typed.parts)))
    if length > LONGEST or len(typed.parts) > MOST_PARTS:
        raise UsageError("That is far more than any post takes; nothing was saved.")
    policies: Sequence[str] = tuple(POLICIES.get(post.platform, ()))
    if typed.link_policy and typed.link_policy not in policies:
        raise UsageError(f"No link policy {typed.link_policy!r} there; nothing was saved.")


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()
