"""The fonts a card may use: those that came with the bot and the user's own, never the system's."""

import importlib.util
from functools import cache
from pathlib import Path

from bot.domain.errors import ConfigError
from bot.templates import search_path

#: Installed font packages in the order they are looked in, and where their files lie.
PACKAGES = {
    "fontpkg_bricolage_grotesque": "files",
    "fontpkg_inter": "files",
    "manimgx_fonts": ".",
    "manimgx_fonts_cjk": ".",
}

#: Packages without which no card can be drawn.
NEEDED = ("fontpkg_bricolage_grotesque", "fontpkg_inter")

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
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans CJK KR",
)


@cache
def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def folders(own: Path | None = None) -> list[Path]:
    """Return the folders with fonts, the user's own first.

    Raises:
        ConfigError: a font package the cards cannot do without is not installed.
    """
    for name in NEEDED:
        if _package(name) is None:
            raise ConfigError(
                f"Cards need the font package {name.replace('_', '-')}. Install the bot again."
            )
    found = [folder / "fonts" for folder in search_path("cards", own)]
    packages = ((_package(name), where) for name, where in PACKAGES.items())
    found += [root / where for root, where in packages if root is not None]
    return [folder.resolve() for folder in found if folder.is_dir()]
