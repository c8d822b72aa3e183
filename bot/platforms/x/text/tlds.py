"""Top-level domains: what makes X turn "Node.js" into text and "x.ai" into a link.

Two lists together: X's own (`tlds.txt`, the names in twitter-text's conformance/tlds.yml of
2021) and the root zone of today, which comes with the `publicsuffixlist` package. Which newer
names X's servers know is not public. Where they do not know one that is counted as a link
here, X refuses a post that is close to its limit; nothing goes out wrong.
"""

import re
from dataclasses import dataclass
from functools import cache

_ASCII_RUN = re.compile(r"[0-9A-Za-z]*+")
_PUNYCODE = re.compile(r"[xX][nN]--[-0-9A-Za-z]++")
_ROOT_ZONE_ENTRY = re.compile(r"^(?:\*\.)?([^/!*.\s]+)\s*$", re.MULTILINE)
_NO_TLD_BEFORE = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@+-")


@dataclass(frozen=True, slots=True)
class _Tables:
    ascii: frozenset[str]
    international: frozenset[str]
    first_signs: frozenset[str]
    longest: int


@cache
def _tables() -> _Tables:
    from importlib.resources import files  # noqa: PLC0415 -- 4 ms that a text without a dot saves

    published = files(__package__).joinpath("tlds.txt").read_text("utf-8").split()
    suffixes = files("publicsuffixlist").joinpath("public_suffix_list.dat").read_text("utf-8")
    of_today = _ROOT_ZONE_ENTRY.findall(suffixes.partition("// ===END ICANN DOMAINS===")[0])
    known = frozenset(published).union(of_today)
    international = frozenset(name for name in known if not name.isascii())
    return _Tables(
        ascii=known - international,
        international=international,
        first_signs=frozenset(name[0] for name in international),
        longest=max(map(len, international)),
    )


def tld_end(text: str, start: int) -> int:
    """Return where the top-level domain that begins at `start` ends, 0 where there is none.

    The longest known name wins. It must not be followed by an ASCII letter or digit, "@",
    "+" or "-" (twitter-text validGTLD, validCCTLD); any "xn--…" is taken (validPunycode).
    """
    run = _ASCII_RUN.match(text, start)
    end = run.end() if run else start
    following = text[end : end + 1]
    if following > "\x7f":
        found = _international_end(text, start)
        if found:
            return found
    if end > start and following not in {"@", "+", "-"}:
        return end if text[start:end].lower() in _tables().ascii else 0
    if following == "-" and end == start + 2:
        punycode = _PUNYCODE.match(text, start)
        return punycode.end() if punycode else 0
    return 0


def _international_end(text: str, start: int) -> int:
    tables = _tables()
    if text[start].lower() not in tables.first_signs:
        return 0
    for length in range(min(tables.longest, len(text) - start), 0, -1):
        end = start + length
        if text[start:end].lower() in tables.international and (
            end == len(text) or text[end] not in _NO_TLD_BEFORE
        ):
            return end
    return 0
