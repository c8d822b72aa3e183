"""Pixels go into a PNG and come out as they were."""

import io
import random

import pytest
from PIL import Image

from bot.cards import png

SIZE = (37, 23)


def noise(seed: int = 1) -> Image.Image:
    return Image.frombytes("RGB", SIZE, random.Random(seed).randbytes(SIZE[0] * SIZE[1] * 3))


def painted(picture: Image.Image) -> png.Rows:
    rows = png.Rows.black(picture.size)
    canvas, wide = memoryview(rows.canvas()).cast("B"), 3 * picture.width
    for at in range(picture.height):
        line = picture.crop((0, at, picture.width, at + 1)).tobytes()
        canvas[at * rows.stride : at * rows.stride + wide] = line
    return rows


def flat(picture: Image.Image) -> bytes:
    return png.flat(painted(picture))


@pytest.mark.parametrize("write", [flat, png.shaded])
def test_the_file_is_rgb_marked_srgb_and_holds_nothing_else(write) -> None:
    data = write(noise())
    assert [kind for kind, _ in png.chunks(data)] == [b"IHDR", b"sRGB", b"IDAT", b"IEND"]
    with Image.open(io.BytesIO(data)) as opened:
        assert (opened.mode, opened.format) == ("RGB", "PNG")
        assert opened.tobytes() == noise().tobytes()


def test_rows_are_what_was_painted_on_them() -> None:
    assert painted(noise()).image.tobytes() == noise().tobytes()


def test_other_pixels_are_refused() -> None:
    with pytest.raises(ValueError, match="a picture of L"):
        png.shaded(noise().convert("L"))
