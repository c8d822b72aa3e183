"""What a page says about where its site's articles are listed."""

from collections.abc import Iterator

import lxml.html

from bot.markup.address import absolute

#: What a page may call its feed, the best first.
FEEDS = ("application/atom+xml", "application/rss+xml", "application/feed+json", "application/json")

#: WordPress names its API so (developer.wordpress.org, REST API handbook, "Discovery").
_API = "https://api.w.org/"

_COMMENTS = ("comment", "/comments/")


def feeds(root: lxml.html.HtmlElement, base: str) -> list[str]:
    """Return the addresses of the feeds that a page names (RSS autodiscovery), best first.

    A site's main feed stands first on its page; feeds of comments are left out.
    """
    found = [(kind, href, title) for kind, href, title in _alternates(root, base)]
    news = [
        href
        for kind, href, title in found
        if kind in FEEDS and not any(word in f"{title} {href}".lower() for word in _COMMENTS)
        if kind != "application/json" or "wp-json" not in href
    ]
    return list(dict.fromkeys(news))


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
