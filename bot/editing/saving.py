"""What every change of a post's content shares: its article, the house's rules, and saving it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.app import App
from bot.domain.article import Article
from bot.domain.card import CardContent
from bot.domain.errors import UsageError
from bot.domain.post import Content, Finding, Post
from bot.pipeline.compose import Options, proofread
from bot.pipeline.review import edit

#: The rule under which a drawn card's own faults are kept.
CARD_RULE = "card-legible"


def article_of(app: App, post: Post) -> Article:
    """Return the article of a post. Raises UsageError where it is not kept any more."""
    article = app.store.archive.find(post.article_key)
    if article is None:
        raise UsageError(f"The article of post {post.id} is gone; the post cannot be judged anew.")
    return article


def options_of(app: App, post: Post, article: Article) -> Options:
    """Return how the house wants this post, its own link policy included."""
    options = app.options(post.channel, article.section)
    return replace(options, link_policy=post.link_policy) if post.link_policy else options


def card_findings(app: App, post: Post) -> list[Finding]:
    """Return what was found about the card the post has."""
    return [f for f in app.store.desk.findings(post.id) if f.rule == CARD_RULE]


def judged(
    app: App,
    post: Post,
    content: Content,
    about_card: Sequence[Finding],
    face: CardContent | None = None,
) -> tuple[Finding, ...]:
    """Return what the house's rules say about a content of this post.

    Args:
        app: everything.
        post: with the link policy the content is to follow.
        content: what is judged.
        about_card: what is known about its card already.
        face: what the card says, where that is not the article's headline.
    """
    article = article_of(app, post)
    findings = proofread(
        content,
        article=article,
        dialect=app.dialects[post.channel],
        words=app.words,
        options=options_of(app, post, article),
        card=face,
    )
    return (*(found for found in findings if found.rule != CARD_RULE), *about_card)


def save(app: App, post: Post, content: Content, findings: Sequence[Finding], by: str) -> Post:
    """Save a content of the post; approvals are void.

    Raises:
        NotApproved: somebody else changed it since `post` was read; nothing was saved.
        IllegalMove: it is on its way or out.
    """
    desk, policy = app.store.desk, post.link_policy
    return edit(post, content, findings, desk, app.clock, by=by, link_policy=policy)
