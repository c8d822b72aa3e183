"""Where a post's link and hashtags go, as an editor changes it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.app import App
from bot.domain import tail
from bot.domain.article import Article
from bot.domain.lint.draft import SHORT_FORM
from bot.domain.post import Content, Post
from bot.editing.saving import article_of, options_of
from bot.pipeline import story
from bot.pipeline.draft import composed_for

#: What an editor may choose, by platform, in words.
POLICIES: dict[str, dict[str, str]] = {
    "x": {
        "in_post": "In the post",
        "thread_reply": "In a reply below it",
        "card_only": "No link, only the card",
    },
    "linkedin": {
        "body": "In the post",
        "article": "As a link card",
        "first_comment": "In the first comment, by the bot",
        "manual_comment": "In the first comment, by you",
    },
}


def policy_of(app: App, post: Post) -> str:
    """Return where the post's link goes: its own choice, or the house's for this section."""
    return options_of(app, post, article_of(app, post)).link_policy


def moved(app: App, post: Post, content: Content, policy: str) -> Content:
    """Return the content with its link where `policy` wants it, and nothing else changed.

    Raises:
        UsageError: the article is not kept any more.
        ContentError: the article has no address.
    """
    article = article_of(app, post)
    link = content.link or _link(app, post, article, policy)
    label, is_short = _label(app, article), _is_short(app, post)
    parts = tuple(part for part in content.parts if link not in part)
    now = tail.apart(content.text, link, [label])
    body = "\n".join(line for line in now.body.split("\n") if line.strip() != link).rstrip()
    text = tail.together(
        body,
        link=link if policy in ("in_post", "body") and link not in body else None,
        label=label,
        hashtags=now.hashtags,
        is_short=is_short,
    )
    if policy in ("thread_reply", "first_comment"):
        parts = (*parts, f"{label}: {link}" if label else link)
    as_card = policy == "article"
    return replace(
        content,
        text=text,
        link=None if policy == "card_only" else link,
        parts=parts,
        link_title=article.title if as_card else "",
        link_description=story.card_dek(article) if as_card else "",
    )


def retagged(app: App, post: Post, content: Content, hashtags: Sequence[str]) -> Content:
    """Return the content with exactly these hashtags (without "#") at its end."""
    label = _label(app, article_of(app, post))
    now = tail.apart(content.text, content.link, [label])
    behind = now.has_link and (content.link or "") not in now.body
    text = tail.together(
        now.body,
        link=content.link if behind else None,
        label=label,
        hashtags=hashtags,
        is_short=_is_short(app, post),
    )
    return replace(content, text=text, hashtags=tuple(hashtags))


def _label(app: App, article: Article) -> str:
    labels = app.words.vocabulary.labels.get(article.language.split("-")[0], {})
    return labels.get("link", "")


def _is_short(app: App, post: Post) -> bool:
    return app.dialects[post.channel].limit <= SHORT_FORM


def _link(app: App, post: Post, article: Article, policy: str) -> str:
    """Return the link the bot would have made: tagged, with the post's own code."""
    tools = replace(
        app.tools,
        options=lambda channel, section: replace(
            app.options(channel, section), link_policy=policy, variants=0
        ),
    )
    return composed_for(article, post.channel, tools).content.link or article.url
