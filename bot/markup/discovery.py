"""What a page says about where its site's articles are listed."""

import re
from collections.abc import Iterator

import lxml.html

from bot.markup.address import absolute

#: What a page may call its feed, the best first.
FEEDS = ("application/atom+xml", "application/rss+xml", "application/feed+json", "application/json")

#: WordPress names its API so (developer.wordpress.org, REST API handbook, "Discovery").
_API = "https://api.w.org/"

_ASIDE = ("podcast", "audio", "video")
_COMMENTS = ("comment", "/comments/")


_REFRESH = re.compile(r"\s*[0-5](?:\.\d*)?\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)


def feeds(root: lxml.html.HtmlElement, base: str) -> list[str]:
    """Return the addresses of the feeds that a page names (RSS autodiscovery), best first.

    A site's main feed stands first on its page, but for one of podcasts; feeds of comments are
    left out.
    """
    found = [(kind, href, title) for kind, href, title in _alternates(root, base)]
    found.sort(key=lambda one: any(word in f"{one[2]} {one[1]}".lower() for word in _ASIDE))
    news = [
        href
        for kind, href, title in found
        if kind in FEEDS and not any(word in f"{title} {href}".lower() for word in _COMMENTS)
        if kind != "application/json" or "wp-json" not in href
    ]
    return list(dict.fromkeys(news))


def refresh(root: lxml.html.HtmlElement, base: str) -> str:
    """Return where a page sends its readers on at once, "" where they stay."""
    for meta in root.iter("meta"):
        if (meta.get("http-equiv") or "").strip().lower() == "refresh":
            found = _REFRESH.match(meta.get("content") or "")
            return absolute(found[1], base) if found else ""
    return ""


def wordpress(root: lxml.html.HtmlElement, base: str) -> str:
    """Return the address of WordPress's newest posts, "" where the site has no such API."""
    for link in root.iter("link"):
        if _API in (link.get("rel") or "").split():
            api = absolute(link.get("href"), base)
            return f"{api.rstrip('/')}/wp/v2/posts?_embed=1&per_page=20" if api else ""
    return ""


def _alternates(root: lxml.html.HtmlElement, base: str) -> Iterator[tuple[str, str, str]]:
    for link in root.iter("link"):
        rels = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        href = absolute(link.get("href"), base)
        if "alternate" in rels and href:
            yield kind, href, link.get("title") or ""
