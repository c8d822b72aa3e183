"""How X gives a text back: links behind t.co, `&`, `<` and `>` escaped, entities beside it."""

import hashlib
import html
import string
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from bot.domain.ports import Measure

_BASE62 = string.digits + string.ascii_letters


def t_co(seed: str) -> str:
    """Return the short link for `seed`: ten letters and digits, always the same."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:12])
    letters = []
    for _ in range(10):
        number, index = divmod(number, 62)
        letters.append(_BASE62[index])
    return "https://t.co/" + "".join(letters)


def display_url(url: str) -> str:
    """Return a link as X shows it: no scheme, no `www.`, 15 characters of path, then "…"."""
    parts = urlsplit(url)
    rest = url.split(parts.netloc, 1)[1] if parts.netloc else url
    rest = "" if rest == "/" else rest
    shown = parts.netloc.removeprefix("www.")
    return shown + (rest if len(rest) <= 16 else rest[:15] + "…")


def delivered(
    text: str, measure: Callable[[str], Measure], *, post_id: str, media: list[dict[str, Any]]
) -> tuple[str, dict[str, list[dict[str, Any]]]]:
    """Return the text as the API gives it back, and its entities (indices into that text)."""
    entities: dict[str, list[dict[str, Any]]] = {}
    out = ""
    at = 0
    for entity in measure(text).entities:
        out += html.escape(text[at : entity.start], quote=False)
        piece = text[entity.start : entity.end]
        start = len(out)
        if entity.kind == "url":
            expanded = piece if "://" in piece[:8] else f"http://{piece}"
            out += t_co(f"{post_id}/{start}/{piece}")
            found = {"url": out[start:], "expanded_url": expanded}
            found |= {"display_url": display_url(expanded)}
        else:
            out += html.escape(piece, quote=False)
            found = {"username" if entity.kind == "mention" else "tag": piece[1:]}
        entities.setdefault(f"{entity.kind}s", []).append(
            {"start": start, "end": len(out), **found}
        )
        at = entity.end
    out += html.escape(text[at:], quote=False)
    if media:
        out, link = _with_media_link(out, post_id)
        for item in media:
            entities.setdefault("urls", []).append(link | {"media_key": item["key"]})
    return out, entities


def _with_media_link(out: str, post_id: str) -> tuple[str, dict[str, Any]]:
    link = t_co(f"{post_id}/media")
    out = f"{out} {link}".lstrip()
    return out, {
        "start": len(out) - len(link),
        "end": len(out),
        "url": link,
        "expanded_url": f"https://x.com/shiftmaker/status/{post_id}/photo/1",
        "display_url": f"pic.x.com/{link.rsplit('/', 1)[1]}",
    }
