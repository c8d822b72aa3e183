"""PNG files byte by byte: without alpha, marked sRGB, the same on every machine, and fast.

A PNG is filtered rows of pixels, compressed. Filters predict each byte from those of the same
channel, so a constant alpha channel can be taken out of the filtered rows: nothing is predicted
anew. libdeflate compresses, which gives the same bytes on every processor (zlib-ng, which Pillow
brings, does not) and takes a third of the time.
"""

import io
import struct
import zlib
from dataclasses import dataclass

import deflate
from PIL import Image

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TRUECOLOUR, _TRUECOLOUR_ALPHA = 2, 6  # PNG specification, third edition, §11.2.1

#: The next levels save nothing; those from 10 on save 5 % of a card and take twenty times as long.
_LEVEL = 5

#: What an alpha channel of 255 is once filtered, by filter type: the first byte and the others
#: of the first row, then those of the rows below it.
_OPAQUE = {
    0: (255, 255, 255, 255),
    1: (255, 0, 255, 0),
    2: (255, 255, 0, 0),
    3: (255, 128, 128, 0),
    4: (255, 0, 0, 0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A picture of 8-bit RGB as PNG has it: rows of pixels, each behind its filter type."""

    width: int
    height: int
    filtered: bytes

    def packed(self) -> bytes:
        """Return the PNG file."""
        return self._file(bytes(deflate.zlib_compress(self.filtered, _LEVEL)))

    def picture(self) -> Image.Image:
        """Return the pixels."""
        with Image.open(io.BytesIO(self._file(zlib.compress(self.filtered, 0)))) as opened:
            opened.load()
            return opened

    def _file(self, data: bytes) -> bytes:
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, _TRUECOLOUR, 0, 0, 0)
        # Perceptual intent: PNG specification, third edition, §11.3.2.5
        parts = ((b"IHDR", head), (b"sRGB", b"\0"), (b"IDAT", data), (b"IEND", b""))
        return _SIGNATURE + b"".join(_chunk(kind, body) for kind, body in parts)


def drawn(png: bytes) -> Rows:
    """Return the rows of a PNG that Typst made, without the alpha channel it always has."""
    chunks = list(_chunks(png))
    width, height, depth, kind = struct.unpack_from(">IIBB", chunks[0][1])
    if (depth, kind) == (8, _TRUECOLOUR_ALPHA):
        data = b"".join(body for name, body in chunks if name == b"IDAT")
        rgb = _without_alpha(deflate.zlib_decompress(data, height * (4 * width + 1)), width, height)
        if rgb is not None:
            return Rows(width=width, height=height, filtered=rgb)
    with Image.open(io.BytesIO(png)) as opened:  # a template that left its page transparent
        return filtered(opened.convert("RGB"))


def filtered(picture: Image.Image) -> Rows:
    """Return the rows of a picture. Raises ValueError unless it is RGB."""
    if picture.mode != "RGB":
        raise ValueError(f"a picture of {picture.mode}")
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=0)
    data = b"".join(body for name, body in _chunks(out.getvalue()) if name == b"IDAT")
    rows = deflate.zlib_decompress(data, picture.height * (3 * picture.width + 1))
    return Rows(width=picture.width, height=picture.height, filtered=bytes(rows))


def _without_alpha(rows: bytearray, width: int, height: int) -> bytes | None:
    """Return filtered rows of RGBA as RGB; None where the alpha channel says anything."""
    stride = 4 * width + 1
    # Four bytes from the filter type on are something and one pixel's colours. They are
    # filtered, so they mean no colours; Pillow only moves them, in C.
    colours = Image.frombytes("RGB", (width, height), rows, "raw", "XRGB", stride, 1).tobytes()
    expected = {
        (kind, top): bytes((one,)) + bytes((other,)) * (width - 1)
        for kind, values in _OPAQUE.items()
        for top, (one, other) in ((True, values[:2]), (False, values[2:]))
    }
    parts: list[bytes | bytearray] = []
    for row in range(height):
        start = row * stride
        if rows[start + 4 : start + stride : 4] != expected[rows[start], row == 0]:
            return None
        parts += (rows[start : start + 1], colours[row * 3 * width : (row + 1) * 3 * width])
    return b"".join(parts)


def _chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        found.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)
