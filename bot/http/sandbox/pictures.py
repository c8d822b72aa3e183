"""What an uploaded picture really is, whatever its name or header says."""

import io
import warnings
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureInfo:
    """Format as a MIME type, size in pixels, number of frames."""

    mime: str
    width: int
    height: int
    frames: int


def inspect(body: bytes) -> PictureInfo | None:
    """Return what `body` is, None where it is no whole picture of a common kind."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 -- as in `documents`

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=["PNG", "JPEG", "GIF", "WEBP"]) as picture:
                picture.load()
                return PictureInfo(
                    mime=picture.get_format_mimetype() or "application/octet-stream",
                    width=picture.width,
                    height=picture.height,
                    frames=getattr(picture, "n_frames", 1),
                )
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
    ):
        return None
