"""The body of a post (LinkedIn, Posts API, MultiImage API, Documents): exactly one kind of content."""

from collections.abc import Sequence
from typing import Any

from bot.domain.delivery import Media
from bot.domain.errors import Rejected
from bot.domain.post import Content
from bot.platforms.linkedin.cards import PDF

#: Pictures a post may have (MultiImage API).
_PICTURES = 20

#: Characters of a document's title; LinkedIn names no number, this is what its composer takes.
_TITLE = 58


def body(content: Content, wire: str, media: Sequence[Media], author: str) -> dict[str, Any]:
    """Return the request for a post of `author` with this text as it goes over the wire."""
    envelope: dict[str, Any] = {
        "author": author,
        "commentary": wire,
        "visibility": "PUBLIC",
        "distribution": {
            "feedDistribution": "MAIN_FEED",
            "targetEntities": [],
            "thirdPartyDistributionChannels": [],
        },
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    carried = _content(content, media)
    return envelope | ({"content": carried} if carried else {})


def check(content: Content, files: Sequence[bytes]) -> None:
    """Refuse what cannot be one post. Raises Rejected."""
    if len(files) > _PICTURES:
        raise Rejected(f"LinkedIn takes {_PICTURES} pictures. Nothing was posted. Take some away.")
    if len(files) > 1 and any(file.startswith(PDF) for file in files):
        raise Rejected("LinkedIn takes a document only alone. Nothing was posted. Take it away.")
    if files and files[0].startswith(PDF) and content.link_title:
        text = "A document and a link card do not go together. Nothing was posted. Choose one."
        raise Rejected(text)
    if len(files) > 1 and content.link_title:
        text = (
            "Several pictures and a link card do not go together. Nothing was posted. Choose one."
        )
        raise Rejected(text)


def _content(content: Content, media: Sequence[Media]) -> dict[str, Any]:
    if content.link_title and content.link:
        return {"article": _article(content, media)}
    if not media:
        return {}
    if media[0].id.startswith("urn:li:document:"):
        return {"media": {"id": media[0].id, "title": _title(content)}}
    alt_texts = [content.alt_text, *(alt_text for _, alt_text in content.pictures)]
    if content.card is None and content.pictures:
        alt_texts = alt_texts[1:]
    images = [_image(one, alt) for one, alt in zip(media, alt_texts, strict=False)]
    return {"media": images[0]} if len(images) == 1 else {"multiImage": {"images": images}}


def _image(media: Media, alt_text: str) -> dict[str, str]:
    return {"id": media.id} | ({"altText": alt_text} if alt_text else {})


def _title(content: Content) -> str:
    """Return the words above a document: its own title, or how the text begins."""
    first = content.text.strip().splitlines()[0] if content.text.strip() else "Document"
    title = content.document_title or first
    return title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"


def _article(content: Content, media: Sequence[Media]) -> dict[str, str]:
    """Return the link card. LinkedIn never reads the address itself (Posts API, Article)."""
    article = {"source": content.link or "", "title": content.link_title}
    if content.link_description:
        article["description"] = content.link_description
    if media:
        article["thumbnail"] = media[0].id
    if media and content.alt_text:
        article["thumbnailAltText"] = content.alt_text
    return article
