"""How X gives a text back: links behind t.co, `&`, `<` and `>` escaped, entities beside it."""

import hashlib
import html
import string
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from bot.domain.ports import Measure
from bot.http.sandbox import ACCOUNT_HANDLE, Segment

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
        "expanded_url": f"https://x.com/{ACCOUNT_HANDLE}/status/{post_id}/photo/1",
        "display_url": f"pic.x.com/{link.rsplit('/', 1)[1]}",
    }


def as_shown(text: str, entities: dict[str, list[dict[str, Any]]]) -> tuple[Segment, ...]:
    """Return a delivered text as X's pages show it: short links, no link to its own pictures."""
    kinds = {"urls": "link", "hashtags": "hashtag", "cashtags": "hashtag", "mentions": "mention"}
    marks = [(item, kinds[name]) for name, items in entities.items() for item in items]
    segments: list[Segment] = []
    at = 0
    for item, kind in sorted(marks, key=lambda mark: int(mark[0]["start"])):
        if item["start"] < at:
            continue
        before = text[at : item["start"]]
        at = item["end"]
        if "media_key" in item:
            segments.append(Segment(kind="text", text=html.unescape(before.rstrip())))
            continue
        segments.append(Segment(kind="text", text=html.unescape(before)))
        piece = html.unescape(text[item["start"] : item["end"]])
        shown = item.get("display_url", piece)
        segments.append(Segment(kind=kind, text=shown, href=item.get("expanded_url", "")))
    segments.append(Segment(kind="text", text=html.unescape(text[at:])))
    return tuple(segment for segment in segments if segment.text)
