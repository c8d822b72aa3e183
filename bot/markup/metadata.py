"""What a page says about itself to machines: JSON-LD, microdata and OpenGraph."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import lxml.html

from bot.domain.article import Picture
from bot.markup.address import absolute
from bot.markup.html import pixels
from bot.markup.text import plain, untagged

#: schema.org's types of what a newsroom publishes; every one ends in one of these.
_ARTICLES = ("Article", "NewsArticle", "Report", "BlogPosting", "Posting", "Review", "LiveBlog")

#: Values of a JSON-LD graph that are looked at: a page has a few dozen.
_MOST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a page says about its article; "" and None where it says nothing.

    Attributes:
        article: it says that it is an article.
        published: as written; as `updated`.
        body: the article's text as one string.
        sources: (title, address) of what the article cites.
    """

    article: bool = False
    title: str = ""
    dek: str = ""
    section: str = ""
    author: str = ""
    published: str = ""
    updated: str = ""
    language: str = ""
    url: str = ""
    image: Picture | None = None
    body: str = ""
    tags: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()


def facts(root: lxml.html.HtmlElement, base: str) -> list[Facts]:
    """Return what the page says of its article, the most trustworthy vocabulary first."""
    import extruct  # noqa: PLC0415 -- 0.4 s that a feed saves

    found = extruct.extract(root, base_url=base, syntaxes=["microdata"], errors="ignore")
    linked = (_linked(node, base) for node in _nodes(_scripts(root)) if _is_article(node))
    micro = (
        _linked(node, base)
        for node in map(_flat, _nodes(found.get("microdata")))
        if _is_article(node)
    )
    graph = _opengraph(root)
    return [*list(linked)[:3], *list(micro)[:3], *([_graph(graph, base)] if graph else [])]


def _scripts(root: lxml.html.HtmlElement) -> list[Any]:
    """Return what the blocks of JSON-LD say; one that is broken hides no other."""
    from extruct.jsonld import JsonLdExtractor  # noqa: PLC0415 -- as above

    found: list[Any] = []
    for script in root.iter("script"):
        with suppress(ValueError, RecursionError):
            found += JsonLdExtractor().extract_items(script)
    return found


def _nodes(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every object of a graph, outermost first, without recursion."""
    queue = [value]
    seen = 0
    while queue and seen < _MOST:
        one = queue.pop(0)
        seen += 1
        if isinstance(one, list):
            queue = [*one[:_MOST], *queue]
        elif isinstance(one, dict):
            yield one
            queue += [v for k, v in one.items() if k in ("@graph", "mainEntity", "properties")]


def _flat(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an item of microdata in the shape of JSON-LD."""
    properties = node.get("properties")
    inside = properties if isinstance(properties, dict) else {}
    return {"@type": node.get("type"), **inside}


def _is_article(node: Mapping[str, Any]) -> bool:
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return any(isinstance(name, str) and name.endswith(_ARTICLES) for name in names)


def _linked(node: Mapping[str, Any], base: str) -> Facts:
    text = partial(_text, node)
    return Facts(
        article=True,
        title=untagged(text("headline") or text("name")),
        dek=untagged(
            text("alternativeHeadline") if not text("description") else text("description")
        ),
        section=plain(text("articleSection")),
        author=", ".join(dict.fromkeys(_names(node.get("author")))),
        published=text("datePublished") or text("dateCreated"),
        updated=text("dateModified"),
        language=plain(text("inLanguage"))[:35],
        url=absolute(text("url") or text("mainEntityOfPage"), base),
        image=_image(node.get("image"), base),
        body=text("articleBody"),
        tags=_tags(node.get("keywords")),
        sources=tuple(_citations(node.get("citation"), base)),
    )


def _text(node: Mapping[str, Any], name: str) -> str:
    value = node.get(name)
    for _ in range(3):
        if isinstance(value, list):
            value = value[0] if value else ""
        if isinstance(value, dict):
            inside = _flat(value) if "properties" in value else value
            value = next((inside[k] for k in ("@value", "name", "@id", "url") if k in inside), "")
    return value if isinstance(value, str) else ""


def _names(value: Any) -> list[str]:
    many = value if isinstance(value, list) else [value]
    names = (plain(_text({"author": one}, "author")) for one in many[:10])
    return [name for name in names if name and not name.startswith(("http", "@", "#"))]


def _tags(value: Any) -> tuple[str, ...]:
    many = value if isinstance(value, list) else str(value or "").split(",")
    return tuple(
        dict.fromkeys(t for one in many[:30] if isinstance(one, str) and (t := plain(one)))
    )


def _image(value: Any, base: str) -> Picture | None:
    one = value[0] if isinstance(value, list) and value else value
    if isinstance(one, str):
        one = {"url": one}
    if not isinstance(one, dict):
        return None
    one = _flat(one) if "properties" in one else one
    url = absolute(_text(one, "url") or _text(one, "contentUrl"), base)
    if not url:
        return None
    alt = plain(_text(one, "caption") or _text(one, "description"))
    return Picture(
        url=url, width=pixels(_size(one, "width")), height=pixels(_size(one, "height")), alt=alt
    )


def _size(node: Mapping[str, Any], name: str) -> object:
    value = node.get(name)
    return value.get("value") if isinstance(value, dict) else value


def _citations(value: Any, base: str) -> Iterator[tuple[str, str]]:
    for one in (value if isinstance(value, list) else [value])[:50]:
        if isinstance(one, dict):
            url = absolute(_text(one, "url") or _text(one, "@id"), base)
            title = plain(_text(one, "name") or _text(one, "headline"))
        else:
            url, title = absolute(one if isinstance(one, str) else "", base), ""
        if url:
            yield title or url, url


def _opengraph(root: lxml.html.HtmlElement) -> dict[str, list[str]]:
    """Return what a page says in OpenGraph, wherever it stands and whichever attribute names it."""
    values: dict[str, list[str]] = {}
    for meta in islice(root.iter("meta"), _MOST):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        if name.startswith(("og:", "article:")) and (value := meta.get("content")):
            values.setdefault(name, []).append(value)
    return values


def _graph(values: Mapping[str, list[str]], base: str) -> Facts:
    def one(*names: str) -> str:
        return next((values[name][0] for name in names if values.get(name)), "")

    url = absolute(one("og:image:secure_url", "og:image", "og:image:url"), base)
    image = url and Picture(
        url=url,
        width=pixels(one("og:image:width")),
        height=pixels(one("og:image:height")),
        alt=plain(one("og:image:alt")),
    )
    author = plain(one("article:author", "og:article:author"))
    return Facts(
        article=one("og:type").strip().lower() == "article",
        title=untagged(one("og:title")),
        dek=untagged(one("og:description")),
        section=plain(one("article:section")),
        author="" if author.startswith("http") else author,
        published=one("article:published_time", "og:article:published_time", "article:published"),
        updated=one("article:modified_time", "og:updated_time", "article:modified"),
        language=plain(one("og:locale"))[:35].replace("_", "-"),
        url=absolute(one("og:url"), base),
        image=image or None,
        tags=tuple(dict.fromkeys(map(plain, values.get("article:tag", [])))),
    )
