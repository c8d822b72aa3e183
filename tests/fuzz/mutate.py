"""Broken documents, made of good ones: the same for the same number, so that any can be had again."""

import random
import struct

from tests.contract.stories import SAMPLES

#: Kinds that read what others wrote, and how often each is tried: a page takes longest.
WEIGHTS = {
    "feed": 4, "jsonfeed": 4, "sitemap": 4, "wordpress": 4, "webhook": 4, "document": 2,
    "copied": 1, "page": 1,
}  # fmt: skip

#: What readers of markup, JSON, dates and addresses stumble over.
WORDS = (
    b"<", b">", b"&", b"&amp;", b"&#0;", b"&#xD800;", b"&nbsp;", b"<![CDATA[", b"]]>", b"<!--",
    b"-->", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"<?xml version='1.0' encoding='utf-7'?>",
    b"<?xml version='1.0' encoding='utf-16'?>", b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", b"\x1b",
    b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"{", b"}", b"[", b"]", b"null", b"true", b"1e999",
    b"-1", b"9" * 400, b'"', b"\\u0000", b"\\ud800", b"\\", b"http://", b"https://[::1", b"//",
    b"javascript:1", b"file:///etc/passwd", b"http://a:99999/", b"xmlns=''", b"xml:base='x:'",
    b"<script>", b"<svg onload=1>", b"0000-00-00", b"9999-12-31T23:59:60Z", b"31 Feb 2026",
    b"Published 1 May 2026", b"2026-06-26", b"+99:99", b"---\n", b"<item>", b"</item>", b"<p>",
    b"<table>", b"<title>", b"</title>", b" " * 5000, "\u202e".encode(), "\u0300".encode() * 500,
)  # fmt: skip


def document(number: int) -> tuple[str, bytes]:
    """Return the kind and the content of a broken document, always the same for its number."""
    rng = random.Random(number)
    kind = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    content = bytearray(SAMPLES[kind].encode(rng.choice(("utf-8", "utf-8", "utf-8", "utf-16"))))
    for _ in range(rng.choice((0, 1, 1, 2, 4, 8, 32))):
        content = _changed(content, rng)
    return kind, bytes(content[:2_000_000])


def _changed(content: bytearray, rng: random.Random) -> bytearray:
    at = rng.randrange(len(content) + 1)
    end = min(len(content), at + rng.choice((1, 2, 8, 64, 512)))
    head, piece, tail = content[:at], content[at:end], content[end:]
    return rng.choice(_WAYS)(head, piece, tail, rng)


def _word(head, piece, tail, rng):
    return head + rng.choice(WORDS) + piece + tail


def _left_out(head, piece, tail, rng):
    return head + tail


def _noise(head, piece, tail, rng):
    return head + rng.randbytes(len(piece)) + tail


def _again(head, piece, tail, rng):
    return head + piece * rng.choice((2, 2, 50, 50, 2000)) + tail


def _cut(head, piece, tail, rng):
    return head


def _other_kind(head, piece, tail, rng):
    other = SAMPLES[rng.choice(list(WEIGHTS))].encode()
    start = rng.randrange(len(other))
    return head + other[start : start + 200] + piece + tail


def _deeper(head, piece, tail, rng):
    opens = rng.choice((b"<div>", b"<a>", b"[", b'{"a":', b"<item>", b"<table><tr><td>"))
    return head + opens * rng.choice((10, 10, 300, 300, 20_000)) + piece + tail


def _number(head, piece, tail, rng):
    return head + struct.pack("<q", rng.getrandbits(63)) + tail


def _swapped(head, piece, tail, rng):
    sign = rng.choice((b"<", b'"', b":", b"0"))
    return head + (piece + tail).replace(sign, rng.choice(WORDS), 1)


_WAYS = (_word, _left_out, _noise, _again, _cut, _other_kind, _deeper, _number, _swapped)
