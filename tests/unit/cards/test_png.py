"""A drawn card loses its alpha channel and nothing else."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image

from bot.cards import png

SIZE = (37, 23)


def noise(seed: int = 1) -> Image.Image:
    return Image.frombytes("RGB", SIZE, random.Random(seed).randbytes(SIZE[0] * SIZE[1] * 3))


def rgba(picture: Image.Image, kinds: list[int]) -> bytes:
    """Return an RGBA PNG whose rows have these filter types (PNG specification, §9)."""
    pixels, stride = picture.tobytes(), picture.width * 4
    rows, above = b"", bytes(stride)
    for at in range(picture.height):
        row, kind = pixels[at * stride : (at + 1) * stride], kinds[at % len(kinds)]
        rows += bytes([kind]) + bytes(
            (value - predicted(kind, left, up, corner)) % 256
            for value, left, up, corner in zip(
                row, bytes(4) + row, above, bytes(4) + above, strict=False
            )
        )
        above = row
    head = struct.pack(">IIBBBBB", *picture.size, 8, 6, 0, 0, 0)
    packed = zlib.compress(rows)
    parts = ((b"IHDR", head), (b"IDAT", packed[:50]), (b"IDAT", packed[50:]), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(png._chunk(kind, body) for kind, body in parts)


def predicted(kind: int, left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    nearest = min((left, up, corner), key=lambda one: abs(guess - one))
    return (0, left, up, (left + up) // 2, nearest)[kind]


@pytest.mark.parametrize("kinds", [[0], [1], [2], [3], [4], [4, 2, 1, 3, 0]])
def test_every_filter_keeps_its_colours(kinds: list[int]) -> None:
    data = rgba(noise().convert("RGBA"), kinds)
    with Image.open(io.BytesIO(data)) as whole:
        assert whole.convert("RGB").tobytes() == noise().tobytes()
    rows = png.drawn(data)
    assert rows.filtered[0] == kinds[0]  # nothing was predicted anew
    assert rows.picture().tobytes() == noise().tobytes()


@pytest.mark.parametrize("kind", range(5))
@pytest.mark.parametrize("place", [(0, 0), (36, 0), (0, 22), (36, 22), (9, 9)])
def test_where_one_pixel_can_be_seen_through_the_picture_is_read_anew(
    kind: int, place: tuple[int, int]
) -> None:
    picture = noise().convert("RGBA")
    picture.putpixel(place, (1, 2, 3, 254))
    rows = png.drawn(rgba(picture, [kind]))
    assert rows.picture().getpixel(place) == (1, 2, 3)


def test_the_file_is_rgb_marked_srgb_and_holds_nothing_else() -> None:
    data = png.filtered(noise()).packed()
    assert [kind for kind, _ in png._chunks(data)] == [b"IHDR", b"sRGB", b"IDAT", b"IEND"]
    with Image.open(io.BytesIO(data)) as opened:
        assert (opened.mode, opened.format) == ("RGB", "PNG")
        assert opened.tobytes() == noise().tobytes()


def test_other_pixels_are_refused() -> None:
    with pytest.raises(ValueError, match="a picture of L"):
        png.filtered(noise().convert("L"))
