"""XML without entities and without anything from outside."""

import re
from typing import Any

from lxml import etree

from bot.domain.errors import IllFormed

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
# Atomic groups: without them a row of comments can be split in exponentially many ways.
_ROOT = re.compile(
    r"\s*(?:(?><\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)\s*)*+<([\w.-]+:)?([\w.-]+)",
    re.DOTALL | re.IGNORECASE,
)


def root_name(text: str) -> str:
    """Return the local name of the first element, in lower case; "" where there is none."""
    found = _ROOT.match(text[:65_536])
    return found[2].lower() if found else ""


def parse(text: str, origin: str) -> etree._Element:
    """Return the root element of a document; what it declares about its encoding is not believed.

    Raises:
        IllFormed: it is not well-formed, too deep, or declares entities of its own, which no feed
            needs and attacks are made of.
    """
    body = _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1).encode("utf-8", "replace")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser=parser)
    except etree.XMLSyntaxError as exc:
        why = " ".join((exc.msg or "").split())[:200]
        raise IllFormed(
            f"{origin}: not well-formed XML ({why}); nothing of it was believed."
        ) from exc
    except ValueError as exc:
        raise IllFormed(f"{origin}: not XML ({exc}); nothing was read.") from exc
    dtd: Any = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(dtd.iterentities(), None) is not None:
        raise IllFormed(f"{origin}: declares XML entities of its own; nothing was read.")
    return root
