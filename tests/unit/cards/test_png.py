"""Pixels go into a PNG and come out as they were."""

import io
import random

import pytest
from PIL import Image

from bot.cards import png

SIZE = (37, 23)


def noise(seed: int = 1) -> Image.Image:
    return Image.frombytes("RGB", SIZE, random.Random(seed).randbytes(SIZE[0] * SIZE[1] * 3))


@pytest.mark.parametrize("write", [png.flat, png.shaded])
def test_the_file_is_rgb_marked_srgb_and_holds_nothing_else(write) -> None:
    data = write(noise())
    assert [kind for kind, _ in png.chunks(data)] == [b"IHDR", b"sRGB", b"IDAT", b"IEND"]
    with Image.open(io.BytesIO(data)) as opened:
        assert (opened.mode, opened.format) == ("RGB", "PNG")
        assert opened.tobytes() == noise().tobytes()


@pytest.mark.parametrize("write", [png.flat, png.shaded])
def test_other_pixels_are_refused(write) -> None:
    with pytest.raises(ValueError, match="a picture of L"):
        write(noise().convert("L"))
