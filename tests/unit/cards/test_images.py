"""Pictures from outside are untrusted bytes."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image

from bot.cards import images
from bot.domain.errors import ContentError
from tests.unit.cards.samples import photograph

ALT = "Two people at a desk look at a screen."


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """Return a tiny PNG that claims to be huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (b"%PDF-1.7", "not a picture"),
        (saved(Image.new("RGB", (900, 600)), "BMP"), "not a picture"),
        (saved(Image.new("RGB", (900, 600)), "TIFF"), "not a picture"),
        (b"\xff" * (images.MAX_BYTES + 1), "weighs 20 MB"),
        (bomb(60_000, 60_000), "far more pixels"),
        (bomb(9_000, 9_000), "more than a card needs"),
        (bomb(1_000, 1_000), "broken"),
        (photograph()[:5_000], "broken"),
        (saved(Image.new("RGB", (599, 400)), "PNG"), "only 599×400"),
        (saved(Image.new("RGB", (900, 40)), "PNG"), "only 900×40"),
    ],
)
def test_what_is_not_a_usable_picture_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ContentError, match=why):
        images.cut(data, (1200, 675))


def test_nothing_but_pixels_survives() -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    exif[0x0112] = 6  # the camera was held upright
    data = saved(Image.new("RGB", (1000, 800), "red"), "JPEG", exif=exif, comment=b"secret note")
    card = images.own_card(data, ALT, (1200, 675))
    assert b"secret" not in card.png
    with Image.open(io.BytesIO(card.png)) as picture:
        assert (picture.size, picture.mode, picture.getexif()) == ((1200, 675), "RGB", {})


def test_a_picture_is_turned_as_its_camera_says() -> None:
    picture = Image.new("RGB", (1000, 800), "red")
    picture.paste("blue", (0, 0, 500, 800))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right: what was on the left is on top
    cut = images.cut(saved(picture, "JPEG", exif=exif, quality=95), (800, 1000))
    assert cut.getpixel((400, 50))[2] > 200  # type: ignore[index]
    assert cut.getpixel((400, 950))[0] > 200  # type: ignore[index]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixel_becomes_plain_rgb(mode: str) -> None:
    data = saved(Image.new(mode, (800, 600)), "PNG")
    assert images.cut(data, (1200, 627)).mode == "RGB"


def test_cmyk_becomes_plain_rgb() -> None:
    data = saved(Image.new("CMYK", (800, 600), (0, 255, 255, 0)), "JPEG")
    assert images.cut(data, (1200, 627)).getpixel((10, 10))[0] > 200  # type: ignore[index]


def test_what_was_transparent_is_white() -> None:
    data = saved(Image.new("RGBA", (800, 600), (0, 0, 0, 0)), "PNG")
    assert images.cut(data, (1200, 627)).getpixel((5, 5)) == (255, 255, 255)


def test_a_moving_picture_stands_still() -> None:
    frames = [Image.new("RGB", (800, 600), colour) for colour in ("red", "blue")]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert images.cut(data, (1200, 627)).getpixel((5, 5)) == (255, 0, 0)


def test_a_busy_picture_still_weighs_less_than_a_megabyte() -> None:
    noise = Image.frombytes("L", (1200, 675), random.Random(7).randbytes(1200 * 675))
    busy = Image.merge("RGB", (noise, noise.transpose(Image.Transpose.ROTATE_180), noise))
    card = images.own_card(saved(busy, "PNG"), ALT, (1200, 675))
    assert len(card.png) <= images.CARD_BYTES


@pytest.mark.parametrize("alt", ["", "too short", " \u200b" * 40, "x" * 1001])
def test_an_own_picture_needs_a_description(alt: str) -> None:
    with pytest.raises(ContentError, match="alt text"):
        images.own_card(photograph(), alt, (1200, 675))


def test_an_own_picture_is_the_same_every_time() -> None:
    one = images.own_card(photograph(), ALT, (1200, 675))
    assert one == images.own_card(photograph(), ALT, (1200, 675))
    assert (one.layout, one.alt_text) == ("own", ALT)
