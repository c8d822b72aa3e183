r"""LinkedIn's little text: the escaping of `commentary`, and of nothing else.

Source of the rules: LinkedIn, "little Text Format" (Posts API). An unescaped reserved character is
accepted with 201 and cuts the shown post there, so every one is escaped. Comments, article
titles, descriptions and alt texts are not little text.
"""

import re
from typing import Literal

RESERVED = r"|{}@[]()<>#\*_~"

_RESERVED = re.compile(f"[{re.escape(RESERVED)}]")
_ESCAPED = re.compile(rf"\\([{re.escape(RESERVED)}])")
_TEMPLATE = re.compile(r"\{hashtag\|(?:\\#|#|＃)\|((?:\\.|[^\\}])*)\}")
_MENTION = re.compile(r"@\[((?:\\.|[^\\\]])*)\]\(urn:li:[A-Za-z]+:[A-Za-z0-9_-]+\)")

#: A hashtag as LinkedIn links it: after a start, a space or an opening bracket, with a letter.
HASHTAG = re.compile(r"(?<![^\s(\[«“\"'])#(?=\w*[^\W\d_])(\w+)")

URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\"'.,;:!?)\]}]")

#: What stands in an address and would end it or the post: percent-encoded before all else.
_IN_URL = str.maketrans({"(": "%28", ")": "%29", "~": "%7E"})


def escape(text: str) -> str:
    r"""Return `text` with a backslash before every reserved character; CRLF becomes LF."""
    return _RESERVED.sub(r"\\\g<0>", text.replace("\r\n", "\n"))


def unescape(text: str) -> str:
    """Return the visible text of escaped text, hashtag templates and mentions included."""
    text = _TEMPLATE.sub(lambda found: r"\#" + found[1], text)
    text = _MENTION.sub(lambda found: found[1], text)
    return _ESCAPED.sub(r"\1", text)


def mention(name: str, urn: str) -> str:
    """Return a mention. `name` must be the organisation's exact full name, or it stays plain."""
    return f"@[{escape(name)}]({urn})"


def commentary(
    text: str,
    *,
    hashtags: Literal["template", "plain"] = "template",
    urls: Literal["escape", "leave"] = "escape",
) -> str:
    """Return the visible text as it goes over the wire.

    Args:
        text: what readers shall see.
        hashtags: how a hashtag is written; both are linked.
        urls: "leave" sends addresses as they are, which some publishers do against the rules.
    """
    out: list[str] = []
    at = 0
    for found in sorted((*URL.finditer(text), *HASHTAG.finditer(text)), key=lambda f: f.start()):
        if found.start() < at:
            continue  # a hash sign inside an address
        out.append(escape(text[at : found.start()]))
        if found.re is URL:
            address = found[0].translate(_IN_URL)
            out.append(escape(address) if urls == "escape" else address)
        elif hashtags == "template":
            out.append(rf"{{hashtag|\#|{escape(found[1])}}}")
        else:
            out.append("#" + escape(found[1]))
        at = found.end()
    out.append(escape(text[at:]))
    return "".join(out)


def stray(wire: str) -> int | None:
    """Return where LinkedIn would cut this text: the first unescaped reserved character."""
    bare = _TEMPLATE.sub(lambda found: "x" * len(found[0]), wire)
    bare = _MENTION.sub(lambda found: "x" * len(found[0]), bare)
    bare = re.sub(r"\\.", "xx", bare, flags=re.DOTALL)
    bare = re.sub(r"#(?=\w)", "x", bare)
    found = _RESERVED.search(bare)
    return found.start() if found else None
