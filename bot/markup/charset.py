"""Bytes to text: as the server says, as UTF-8, as the document says, or as browsers guess."""

import re

import webencodings
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom

_UTF16 = (
    # XML 1.0, appendix F: the first two characters of every XML document give it away
    (b"\x00<", "utf-16-be"),
    (b"<\x00", "utf-16-le"),
)
_XML_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})")


def decode(content: bytes, content_type: str = "") -> str:
    """Return the text of a document. What cannot be read at all becomes U+FFFD.

    A byte order mark wins (Encoding Standard, "decode"); then what the server says, UTF-8 and what
    the document says are tried strictly, because any of them may be wrong; windows-1252 is what
    browsers fall back on. Latin-1 is read as windows-1252, as browsers do.
    """
    marked, mark = read_bom(content)
    if marked and mark:
        return content[len(mark) :].decode(marked, "replace")
    for start, encoding in _UTF16:
        if content.startswith(start):
            return content.decode(encoding, "replace")
    for name in (http_content_type_encoding(content_type), "utf-8", _declared(content)):
        # only the encodings of the web: Python also knows "zip" and "idna", which are traps
        found = webencodings.lookup(name) if name else None
        # Markup and JSON in UTF-16 have a zero in every other byte; without one it is a lie.
        if found and (b"\0" in content or not found.name.startswith("utf-16")):
            try:
                return str(found.codec_info.decode(content, "strict")[0])
            except UnicodeError:
                continue
    return content.decode("cp1252", "replace")


def _declared(content: bytes) -> str | None:
    xml = _XML_DECLARED.match(content)
    return xml[1].decode("ascii") if xml else html_body_declared_encoding(content)
