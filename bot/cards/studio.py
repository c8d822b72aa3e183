"""The one place that talks to Typst: templates and words in; pixels and boxes out.

Typst lays out and writes PDF, PDFium (Chrome's) paints it. Typst could paint too, but gives its
pixels only as a PNG with an alpha channel that has to be unpacked, stripped and packed again.
"""

import hashlib
import json
import re
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import typst

from bot.cards import fonts
from bot.cards.png import Rows
from bot.domain.errors import ConfigError
from bot.templates import search_path

#: Typst raises when one compiler is used by two threads, and PDFium knows no threads at all;
#: every use of either is under this lock.
_LOCK = threading.Lock()
_MARK = re.compile(rb"\[/ICCBased (?P<number>\d+) 0 R\]")
_PROFILE = re.compile(rb"/N (?P<parts>\d)")
_WHERE = re.compile(r"┌─ (?:\S*/)?(?P<where>[^/\s]+:\d+):\d+")
_TEMPLATES = {".typ", ".toml", ".svg", ".png", ".jpg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Something drawn: where and how large (pixels), in which colour, and what it says."""

    role: str
    page: int
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
    """What became of one template: the pages in pixels (RGB), the same as PDF, and the boxes."""

    pages: tuple[Rows, ...]
    pdf: bytes
    boxes: tuple[Box, ...]


class Studio:
    """A folder with the user's templates laid over the shipped ones, and a compiler for it.

    The folder is the compiler's root: a template cannot read a file outside it.
    """

    def __init__(self, own: Path | None) -> None:
        self._own = own
        self._root = Path(tempfile.mkdtemp(prefix="cards-")).resolve()
        weakref.finalize(self, shutil.rmtree, self._root, ignore_errors=True)
        self._seen: dict[str, tuple[str, int, int]] = {}
        self._compiler = typst.Compiler(
            root=str(self._root),
            font_paths=typst.Fonts(
                include_system_fonts=False,
                include_embedded_fonts=False,
                font_paths=[str(folder) for folder in fonts.folders(own)],
            ),
        )

    def edition(self) -> str:
        """Return what tells whether a template or a font changed: while it stays, so do the cards."""
        files = (*fonts.files(self._own), *self.templates().values())
        return str([(str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files])

    def templates(self) -> dict[str, Path]:
        """Return every template by name, the user's own where there is one."""
        found: dict[str, Path] = {}
        for folder in reversed(search_path("cards", self._own)):
            for file in sorted(folder.iterdir()) if folder.is_dir() else ():
                leads_out = file.is_symlink() and file.resolve().parent != folder.resolve()
                if file.suffix in _TEMPLATES and not leads_out:
                    found[file.name] = file
        return found

    def render(
        self,
        layout: str,
        card: Mapping[str, Any],
        *,
        picture: bytes | None = None,
        scale: float = 1.0,
    ) -> Drawing:
        """Draw `card` with the template `layout`; one pixel is one Typst point at scale 1.

        Args:
            layout: name of a template, without ".typ".
            card: what the template finds as `card`; plain JSON.
            picture: what the template finds as the file `card.picture`.
            scale: pixels for a point; boxes are in points.

        Raises:
            ConfigError: there is no such template, or it has an error (names file and line), or
                the folder for temporary files cannot be written.
        """
        with _LOCK, self._writable():
            self._lay_out()
            if f"{layout}.typ" not in self._seen:
                raise ConfigError(
                    f"There is no card layout {layout!r}: templates/cards/{layout}.typ is missing."
                )
            name = f"picture-{hashlib.sha256(picture).hexdigest()[:16]}.png" if picture else ""
            words = json.dumps({**card, "picture": name}, ensure_ascii=False)
            # By file: whoever gives Typst other inputs makes it forget all it has worked out.
            with self._given({"card.json": words.encode(), name: picture}):
                made, boxes = self._compile(layout)
            pages = tuple(_painted(made, scale))
        return Drawing(pages=pages, pdf=made, boxes=tuple(Box(**box) for box in json.loads(boxes)))

    @contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ConfigError(
                f"{self._root} cannot be written ({error.strerror}). No card was drawn; make room"
                " there, or set TMPDIR to a folder that can be written."
            ) from error

    @contextmanager
    def _given(self, files: Mapping[str, bytes | None]) -> Iterator[None]:
        """Put what one card is made of beside the templates, for as long as it is drawn."""
        given = {self._root / name: data for name, data in files.items() if data is not None}
        try:
            for file, data in given.items():
                file.write_bytes(data)
            yield
        finally:
            for file in given:
                file.unlink(missing_ok=True)

    def _compile(self, layout: str) -> tuple[bytes, str]:
        try:
            made = self._compiler.compile(
                str(self._root / f"{layout}.typ"),
                format="pdf",
                timestamp=0,  # the same words give the same file
            )
            boxes = self._compiler.query("<drawn>", field="value")
        except typst.TypstError as error:
            raise ConfigError(_diagnosis(error, layout)) from error
        if not isinstance(made, bytes):  # only where an output file is named
            raise ConfigError(f"templates/cards/{layout}.typ drew nothing; mend the template.")
        return made, boxes

    def _lay_out(self) -> None:
        """Copy what changed since last time, so that a designer sees an edit at once.

        A machine that runs for weeks may sweep its temporary files: what is gone comes back.
        """
        self._root.mkdir(mode=0o700, exist_ok=True)
        now: dict[str, tuple[str, int, int]] = {}
        for name, file in self.templates().items():
            state = file.stat()
            now[name] = (str(file), state.st_mtime_ns, state.st_size)
            if self._seen.get(name) != now[name] or not (self._root / name).is_file():
                shutil.copyfile(file, self._root / name)
        for gone in self._seen.keys() - now.keys():
            (self._root / gone).unlink(missing_ok=True)
        self._seen = now


def _painted(pdf: bytes, scale: float) -> Iterator[Rows]:
    """Yield the pages as pixels; what a template leaves transparent is white."""
    painted: list[Rows] = []

    def canvas(width: int, height: int, **how: Any) -> pypdfium2.PdfBitmap:
        rows = Rows.black((width, height))
        painted.append(rows)
        return pypdfium2.PdfBitmap.new_native(
            width, height, **how, buffer=rows.canvas(), stride=rows.stride
        )

    document = pypdfium2.PdfDocument(_plain_colours(pdf))
    try:
        for page in document:
            page.render(scale=scale, rev_byteorder=True, may_draw_forms=False, bitmap_maker=canvas)
            yield painted.pop()
    finally:
        document.close()


def _plain_colours(pdf: bytes) -> bytes:
    """Return a document whose colours are the numbers they are written as, of the same length.

    Typst marks each colour with its profile, sRGB or the grey of it. PDFium would prepare to
    change sRGB into sRGB, which takes it as long as half of the painting.
    """

    def device(mark: re.Match[bytes]) -> bytes:
        profile = _PROFILE.search(pdf, pdf.index(b"\n%d 0 obj" % int(mark["number"])))
        space = b"/DeviceGray" if profile and profile["parts"] == b"1" else b"/DeviceRGB"
        return space.ljust(len(mark[0]))

    return _MARK.sub(device, pdf)


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
