"""The fonts a card may use: those that came with the bot and the user's own, never the system's."""

import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fontTools.ttLib import (
    TTCollection,
    TTFont,
    TTLibError,
)

from bot.domain.errors import ConfigError
from bot.templates import search_path

#: Installed font packages in the order they are looked in, and where their files lie.
PACKAGES = {
    "fontpkg_bricolage_grotesque": "files",
    "fontpkg_inter": "files",
    "manimgx_fonts": ".",
    "manimgx_fonts_cjk": ".",
}

#: The extra `[cjk]`.
CJK = "manimgx_fonts_cjk"

#: Families tried after the brand's own, in this order, so that the choice never depends on
#: the order in which a disk lists its files.
FALLBACK = (
    "Bricolage Grotesque 96pt",
    "Inter",
    "Twemoji Mozilla",
    "Noto Sans Devanagari",
    "Noto Sans Tamil",
    "Noto Sans Bengali",
    "Noto Sans Telugu",
    "Noto Sans Kannada",
    "Noto Sans Malayalam",
    "Noto Sans Gujarati",
    "Noto Sans Gurmukhi",
    "Noto Sans Oriya",
    "Noto Sans Sinhala",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Thai",
    "Noto Sans Lao",
    "Noto Sans Khmer",
    "Noto Sans Myanmar",
    "Noto Sans Georgian",
    "Noto Sans Armenian",
    "Noto Sans Ethiopic",
    "Noto Sans",
    "Noto Sans Symbols",
)

#: Han characters look different in Chinese, Japanese and Korean; the language chooses.
HAN = {"zh": "SC", "ja": "JP", "ko": "KR"}

#: Characters that need no glyph of their own: they shape their neighbours.
_BARE = set(" \u00a0\u200b\u200c\u200d\u2060\ufe0e\ufe0f")


def families(language: str) -> tuple[str, ...]:
    """Return the fallback families in order for a text in `language` (BCP 47)."""
    first = HAN.get(language.split("-", maxsplit=1)[0].lower(), "SC")
    order = [first, *(form for form in ("SC", "TC", "JP", "KR") if form != first)]
    return (*FALLBACK, *(f"Noto Sans CJK {form}" for form in order))


def folders(own: Path | None = None) -> list[Path]:
    """Return the folders with fonts, the user's own first.

    Raises:
        ConfigError: a font package the cards cannot do without is not installed.
    """
    found = [folder / "fonts" for folder in search_path("cards", own)]
    for name, where in PACKAGES.items():
        root = _package(name)
        if root is not None:
            found.append(root / where)
        elif name != CJK:
            raise ConfigError(
                f"Cards need the font package {name.replace('_', '-')}. Install the bot again."
            )
    return [folder.absolute() for folder in found if folder.is_dir()]


def files(own: Path | None = None) -> list[Path]:
    """Return every font file in the folders, in a fixed order."""
    return [
        file
        for folder in folders(own)
        for file in sorted(folder.iterdir())
        if file.suffix.lower() in {".ttf", ".otf", ".ttc", ".otc"}
    ]


def missing(text: str, own: Path | None = None) -> list[str]:
    """Return the characters of `text` that no font has, in order, each once.

    Raises:
        ConfigError: a font file cannot be read.
    """
    wanted = [char for char in dict.fromkeys(text) if char not in _BARE and ord(char) < 0xE0000]
    # The emoji font is seldom needed, and its list of characters takes longest to read.
    for file in sorted(files(own), key=lambda file: "moji" in file.name):
        if not wanted:
            break
        known = _coverage(file)
        wanted = [char for char in wanted if ord(char) not in known]
    return wanted


def advice(characters: list[str]) -> str:
    """Return what to do about characters that no font has."""
    if any(_east_asian(char) for char in characters) and _package(CJK) is None:
        return "Install the extra shiftmaker-bot[cjk] for Chinese, Japanese and Korean."
    return "Write it differently, or put a font that has it in BOT_TEMPLATES_DIR/cards/fonts."


def _east_asian(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" or char >= "\U00020000"


@cache
def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


@cache
def _coverage(file: Path) -> frozenset[int]:
    try:
        return frozenset(point for font in _open(file) for point in font.getBestCmap() or ())
    except (TTLibError, OSError) as error:
        raise ConfigError(f"The font {file.name} cannot be read ({error}); replace it.") from error


def _open(file: Path) -> Iterator[TTFont]:
    if file.suffix.lower() in {".ttc", ".otc"}:
        with TTCollection(file, lazy=True) as collection:
            yield from collection
    else:
        with TTFont(file, lazy=True) as font:
            yield font
