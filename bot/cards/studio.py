"""The one place that talks to Typst: templates and words in; pixels and boxes out."""

import json
import re
import shutil
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import typst

from bot.cards import fonts
from bot.domain.errors import ConfigError
from bot.templates import search_path

#: Typst raises when one compiler is used by two threads; every use is under this lock.
_LOCK = threading.Lock()
_WHERE = re.compile(r"┌─ (?:\S*/)?(?P<where>[^/\s]+:\d+):\d+")
_TEMPLATES = {".typ", ".toml", ".svg", ".png", ".jpg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Something drawn: where (pixels), how large, in which colour, and what it says."""

    role: str
    x: float
    y: float
    w: float
    h: float
    size: float
    fill: str
    lines: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What Typst made of one template: a file's bytes, and the boxes in it."""

    data: bytes
    boxes: tuple[Box, ...]


class Studio:
    """A folder with the user's templates laid over the shipped ones, and a compiler for it.

    The folder is the compiler's root: a template cannot read a file outside it.
    """

    def __init__(self, own: Path | None) -> None:
        self._own = own
        self._folder = tempfile.TemporaryDirectory(prefix="cards-")
        self.root = Path(self._folder.name).resolve()
        self._seen: dict[str, tuple[str, int, int]] = {}
        self._fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(folder) for folder in fonts.folders(own)],
        )
        self.families = tuple(self._fonts.families())
        self._compiler = typst.Compiler(root=str(self.root), font_paths=self._fonts)

    def templates(self) -> dict[str, Path]:
        """Return every template by name, the user's own where there is one."""
        found: dict[str, Path] = {}
        for folder in reversed(search_path("cards", self._own)):
            if folder.is_dir():
                files = sorted(folder.iterdir())
                found |= {
                    file.name: file
                    for file in files
                    if file.suffix in _TEMPLATES and file.resolve().parent == folder.resolve()
                }
        return found

    def render(self, layout: str, card: dict[str, Any], *, form: str = "png") -> Drawing:
        """Draw `card` with the template `layout`; one pixel is one Typst point.

        Raises:
            ConfigError: there is no such template, or it has an error; names file and line.
        """
        with _LOCK:
            self._lay_out()
            template = self.root / f"{layout}.typ"
            if f"{layout}.typ" not in self._seen:
                raise ConfigError(
                    f"There is no card layout {layout!r}: templates/cards/{layout}.typ is missing."
                )
            try:
                data = self._compiler.compile(
                    str(template),
                    format=cast("Any", form),
                    ppi=72,
                    sys_inputs={"card": json.dumps(card, ensure_ascii=False)},
                    timestamp=0,
                )
                boxes = self._compiler.query("<drawn>", field="value")
            except typst.TypstError as error:
                raise ConfigError(_diagnosis(error, layout)) from error
        if not isinstance(data, bytes):
            raise ConfigError(f"templates/cards/{layout}.typ drew several pages; a card is one.")
        return Drawing(data=data, boxes=tuple(Box(**box) for box in json.loads(boxes)))

    def _lay_out(self) -> None:
        """Copy what changed since last time, so that a designer sees an edit at once."""
        now: dict[str, tuple[str, int, int]] = {}
        for name, file in self.templates().items():
            state = file.stat()
            now[name] = (str(file), state.st_mtime_ns, state.st_size)
            if self._seen.get(name) != now[name]:
                shutil.copyfile(file, self.root / name)
        for gone in self._seen.keys() - now.keys():
            (self.root / gone).unlink(missing_ok=True)
        self._seen = now


def _diagnosis(error: typst.TypstError, layout: str) -> str:
    where = _WHERE.search(error.diagnostic or "")
    place = where["where"] if where else f"{layout}.typ"
    return f"templates/cards/{place}: {error.message}. No card was drawn; mend the template."


_studios: dict[Path | None, Studio] = {}
_OPENING = threading.Lock()


def studio(own: Path | None = None) -> Studio:
    """Return this process's studio for a user's folder; one compiler each, kept warm."""
    with _OPENING:
        if own not in _studios:
            _studios[own] = Studio(own)
        return _studios[own]
