"""What stands at the end of a post, the link and the hashtags, apart from what it says."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_HASHTAG = re.compile(r"[#＃][^\s#＃]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tailed:
    """A post's text in its parts.

    Attributes:
        body: what it says.
        has_link: whether the link stands in the text, in the body or behind it.
        hashtags: those behind the body, without "#".
    """

    body: str
    has_link: bool
    hashtags: tuple[str, ...]


def apart(text: str, link: str | None, labels: Iterable[str] = ()) -> Tailed:
    """Return a text as body, link and hashtags.

    Lines at the end that hold nothing but the link, its label and hashtags are not the body.

    Args:
        text: of a post.
        link: the post's, where it has one.
        labels: words that may stand before the link, such as "Read the story".
    """
    lines = text.rstrip().split("\n")
    hashtags: list[str] = []
    seen_link = False
    while lines:
        rest = lines[-1]
        for label in labels:
            rest = rest.replace(f"{label}:", " ")
        tokens = rest.split()
        tags = [token[1:] for token in tokens if _HASHTAG.fullmatch(token)]
        others = [token for token in tokens if not _HASHTAG.fullmatch(token)]
        if any(token != link for token in others):
            break
        seen_link = seen_link or bool(others)
        hashtags[:0] = tags
        lines.pop()
    body = "\n".join(lines).rstrip()
    inside = link is not None and link in body
    return Tailed(body=body, has_link=seen_link or inside, hashtags=tuple(hashtags))


def together(
    body: str,
    *,
    link: str | None,
    label: str,
    hashtags: Sequence[str],
    is_short: bool,
) -> str:
    """Return the text of a post: its body, then the link, then the hashtags, as the house sets them.

    Args:
        body: what it says.
        link: to be set behind it; None where it goes elsewhere or stands in the body already.
        label: before the link in a long form, "" for none.
        hashtags: without "#".
        is_short: a short form has link and hashtags on one line.
    """
    tags = " ".join(f"#{tag}" for tag in hashtags)
    if is_short:
        tail = [" ".join(part for part in (link or "", tags) if part)]
    else:
        tail = [f"{label}: {link}" if link and label else link or "", tags]
    return "\n\n".join(part for part in (body.rstrip(), *tail) if part)
