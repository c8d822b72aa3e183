"""PNG files byte by byte: without alpha, marked sRGB, the same on every machine, and fast.

A PNG is rows of pixels, each behind the filter that predicts it, compressed. libdeflate
compresses, which gives the same bytes on every processor (zlib-ng, which Pillow brings, does
not) and takes a third of the time.
"""

import ctypes
import io
import struct
import zlib
from dataclasses import dataclass
from functools import cached_property

import deflate
from PIL import Image

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TRUECOLOUR = 2  # PNG specification, third edition, §11.2.1

#: Compression levels. Of photographs the next one saves nothing; of drawings all up to 9 save
#: 12 % at most, the next one 7 % for half as much time again.
_SHADED, _FLAT = 5, 1


@dataclass(frozen=True)
class Rows:
    """RGB pixels as a PNG holds them, each row behind its filter type "none": nothing is copied.

    Attributes:
        size: width and height in pixels.
        data: the rows and a spare byte; megabytes, of which each copy would take a millisecond.
    """

    size: tuple[int, int]
    data: bytearray

    @classmethod
    def black(cls, size: tuple[int, int]) -> "Rows":
        """Return rows to be painted on."""
        return cls(size=size, data=bytearray(size[1] * (3 * size[0] + 1) + 1))

    @property
    def stride(self) -> int:
        """Bytes from one row to the next."""
        return 3 * self.size[0] + 1

    def canvas(self) -> "ctypes.Array[ctypes.c_ubyte]":
        """Return the memory from the first pixel on, for a painter that steps by the stride."""
        return (ctypes.c_ubyte * (len(self.data) - 1)).from_buffer(self.data, 1)

    @cached_property
    def image(self) -> Image.Image:
        """The same pixels to look at. What is painted afterwards is not in it."""
        pixels = memoryview(self.data)[1:]
        return Image.frombytes("RGB", self.size, pixels, "raw", "RGB", self.stride, 1)


def flat(rows: Rows) -> bytes:
    """Return the PNG of a drawing: few colours and no shades are smallest unfiltered."""
    return _file(rows.size, memoryview(rows.data)[:-1], _FLAT)


def shaded(picture: Image.Image) -> bytes:
    """Return the PNG of a photograph, each row with the filter that suits it.

    Raises ValueError unless it is RGB.
    """
    out = io.BytesIO()
    if picture.mode != "RGB":
        raise ValueError(f"a picture of {picture.mode}")
    picture.save(out, "PNG", compress_level=0)
    data = b"".join(body for name, body in chunks(out.getvalue()) if name == b"IDAT")
    return _file(picture.size, zlib.decompress(data), _SHADED)


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """Return a PNG file's parts: names and contents."""
    found, at = [], len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        found.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += 12 + length
    return found


def _file(size: tuple[int, int], rows: bytes | memoryview, level: int) -> bytes:
    head = struct.pack(">IIBBBBB", *size, 8, _TRUECOLOUR, 0, 0, 0)
    data = bytes(deflate.zlib_compress(rows, level))
    # Perceptual intent: PNG specification, third edition, §11.3.2.5
    parts = ((b"IHDR", head), (b"sRGB", b"\0"), (b"IDAT", data), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, body) for kind, body in parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    check = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)
