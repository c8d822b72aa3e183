"""Posts of a WordPress site, as its REST API gives them (developer.wordpress.org/rest-api)."""

from typing import Any

from bot.domain.article import Picture
from bot.domain.errors import IllFormed
from bot.domain.house import House
from bot.domain.source import Document, FeedResult, Item
from bot.markup import address, data
from bot.markup.charset import decode
from bot.markup.dates import moment
from bot.markup.excerpt import LEAST
from bot.markup.html import pixels
from bot.markup.story import story
from bot.markup.text import plain, untagged

KIND = "wordpress"
TYPES = ()

#: Posts of one answer that are looked at; the API itself gives 100 at most.
MOST = 200


def accepts(_document: Document, text: str) -> bool:
    """Tell whether these are posts of WordPress: one, or a list of them."""
    return '"rendered"' in text and bool(_posts(data.peek(text)))


def read(document: Document, house: House) -> FeedResult:
    """Return the posts.

    Raises:
        IllFormed: it is not JSON, or what WordPress says when something is wrong.
    """
    found = data.load(decode(document.content, document.content_type), document.url)
    posts = _posts(found)
    if not posts and found != []:
        said = plain(data.words(found, "message"))[:200]
        raise IllFormed(
            f"{document.url}: not posts of WordPress{f' ({said})' if said else ''}; nothing was read."
        )
    findings = () if posts else ("The site has no posts.",)
    items = tuple(_item(post, house, document.url) for post in posts[:MOST])
    return FeedResult(kind=KIND, items=items, findings=findings)


def _posts(found: Any) -> list[dict[str, Any]]:
    many = found if isinstance(found, list) else [found]
    return [
        one
        for one in many
        if isinstance(one, dict) and isinstance(one.get("title"), dict) and one.get("link")
        if isinstance(one["title"].get("rendered"), str)
    ]


def _item(post: dict[str, Any], house: House, base: str) -> Item:
    url = address.article(data.words(post, "link"), base)
    read_in = story(data.words(post, "content", "rendered"), url or base)
    open_to_all = not (isinstance(post.get("content"), dict) and post["content"].get("protected"))
    published = moment(_utc(post, "date"), house)
    sections, tags = _terms(post, "category"), _terms(post, "post_tag")
    return Item(
        guid=data.words(post, "guid", "rendered") or data.words(post, "id"),
        url=url,
        title=untagged(data.words(post, "title", "rendered")),
        dek=_dek(post, read_in.body),
        section=sections[0] if sections else "",
        author=plain(data.words(post, "_embedded", "author", 0, "name")),
        published=published.at,
        updated=moment(_utc(post, "modified"), house).at,
        language=data.words(post, "lang")[:35],
        image=_picture(post, base) or read_in.image,
        body=read_in.body,
        sources=read_in.sources,
        tags=tags,
        # The API gives the content whole; short is short here, unless a password hides it.
        complete=open_to_all and (read_in.whole or 0 < sum(map(len, read_in.body)) < LEAST),
        findings=(published.finding,) if published.finding else (),
    )


def _utc(post: dict[str, Any], name: str) -> str:
    # "date" is in the site's zone, which the API does not name; "date_gmt" is UTC without a Z
    at = data.words(post, f"{name}_gmt")
    return f"{at}Z" if at and at[-1:].isdigit() else at or data.words(post, name)


def _dek(post: dict[str, Any], body: tuple[str, ...]) -> str:
    dek = untagged(data.words(post, "excerpt", "rendered"))
    for end in ("[…]", "[...]", "…"):
        dek = dek.removesuffix(end).rstrip()
    # Without an excerpt of its own, WordPress gives the first words of the body.
    return "" if body and " ".join(body).startswith(dek) else dek


def _terms(post: dict[str, Any], taxonomy: str) -> tuple[str, ...]:
    embedded = post.get("_embedded")
    groups = embedded.get("wp:term") if isinstance(embedded, dict) else None
    terms = (
        [one for group in groups for one in data.rows(group)] if isinstance(groups, list) else []
    )
    named = (untagged(data.words(t, "name")) for t in terms if t.get("taxonomy") == taxonomy)
    return tuple(name for name in named if name and name != "Uncategorized")


def _picture(post: dict[str, Any], base: str) -> Picture | None:
    embedded = post.get("_embedded")
    media = next(iter(data.rows(embedded, "wp:featuredmedia")), {})
    url = address.absolute(data.words(media, "source_url"), base)
    if not url:
        return None
    return Picture(
        url=url,
        width=pixels(data.words(media, "media_details", "width")),
        height=pixels(data.words(media, "media_details", "height")),
        alt=plain(data.words(media, "alt_text")),
    )
