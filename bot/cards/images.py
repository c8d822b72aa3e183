"""Pictures from outside: checked, made harmless and cut to size."""

import hashlib
import io
import warnings

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from bot.cards import png
from bot.cards.words import clean
from bot.domain.card import Card
from bot.domain.errors import ContentError

#: The most a picture may weigh and measure before it is looked at.
MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000

#: A smaller picture would be blown up until it blurs.
MIN_WIDTH, MIN_HEIGHT = 600, 315

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")

#: The most a card may weigh: X takes 5 MB on upload, but has refused PNGs above 2 MB in posts.
CARD_BYTES = 1_000_000


def cut(data: bytes, size: tuple[int, int]) -> Image.Image:
    """Return the picture as plain sRGB pixels of exactly `size`; nothing else of it survives.

    The middle is kept, a little above rather than below, where faces are.

    Raises:
        ContentError: not a picture, a kind no platform takes, too large, too small, or broken.
    """
    if len(data) > MAX_BYTES:
        raise ContentError(
            f"The picture weighs {len(data) // 1_000_000} MB; at most {MAX_BYTES // 1_000_000} MB"
            " are opened. It was not used; send a smaller one."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                _check(opened.size)
                # A JPEG can be unpacked at a half, a quarter, an eighth of its size at once.
                opened.draft("RGB", (max(size), max(size)))
                upright = ImageOps.exif_transpose(opened)
                plain = _srgb(upright)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ContentError(
            "The picture unpacks to far more pixels than a card needs; it was not opened."
        ) from error
    except UnidentifiedImageError as error:
        raise ContentError(
            f"The file is not a picture of a known kind ({', '.join(FORMATS)}); it was not used."
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ContentError(f"The picture is broken ({error}); it was not used.") from error
    return ImageOps.fit(plain, size, Image.Resampling.LANCZOS, centering=(0.5, 0.4))


def own_card(data: bytes, alt_text: str, size: tuple[int, int]) -> Card:
    """Return an editor's own picture as the card of a post.

    Raises:
        ContentError: the picture cannot be used, or has no alt text of 20 to 1,000 characters.
    """
    said = clean(alt_text)
    if not 20 <= len(said) <= 1000:  # X API, media metadata: alt text of at most 1,000
        raise ContentError(
            f"The alt text has {len(said)} characters; say in 20 to 1,000 what the picture shows."
        )
    packed = encode(cut(data, size))
    return Card(
        png=packed,
        sha256=hashlib.sha256(packed).hexdigest(),
        width=size[0],
        height=size[1],
        layout="own",
        alt_text=said,
    )


def stored(picture: Image.Image) -> bytes:
    """Return a PNG that is quick to write and to read; nobody keeps it."""
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=0)
    return out.getvalue()


def drawing(rows: png.Rows) -> bytes:
    """Return an sRGB PNG without alpha of at most 1 MB of what has few colours and no shades."""
    data = png.flat(rows)
    return data if len(data) <= CARD_BYTES else encode(rows.image)


def encode(picture: Image.Image) -> bytes:
    """Return an sRGB PNG without alpha of at most 1 MB.

    A photograph that would weigh more loses its finest shades, as few as it takes; noise that
    still weighs more loses every second pixel.
    """
    plain = picture.convert("RGB")
    data = png.shaded(plain)
    for bits in (7, 6, 5):
        if len(data) <= CARD_BYTES:
            return data
        data = png.shaded(ImageOps.posterize(plain, bits))
    return data if len(data) <= CARD_BYTES else _coarse(plain)


def _check(size: tuple[int, int]) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise ContentError(
            f"The picture has {width}×{height} pixels, more than a card needs; it was not opened."
            " Send a smaller one."
        )
    if max(size) < MIN_WIDTH or min(size) < MIN_HEIGHT:
        raise ContentError(
            f"The picture has only {width}×{height} pixels and would look blurred; it was not"
            f" used. At least {MIN_WIDTH}×{MIN_HEIGHT} are needed."
        )


def _srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if picture.mode in {"P", "PA", "LA", "RGBA", "1"} or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        picture = Image.new("RGB", picture.size, "white")
        picture.paste(rgba, mask=rgba.getchannel("A"))
    elif isinstance(profile, bytes) and picture.mode in {"RGB", "CMYK", "L"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            changed = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
        except ImageCms.PyCMSError:
            return picture.convert("RGB")  # a broken profile: the numbers themselves will do
        return changed if changed is not None else picture
    return picture.convert("RGB")


def _coarse(picture: Image.Image) -> bytes:
    """Return noise, which no compression helps, in half its pixels: nobody will see it."""
    small = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BOX)
    large = small.resize(picture.size, Image.Resampling.NEAREST)
    return png.shaded(ImageOps.posterize(large, 5))
