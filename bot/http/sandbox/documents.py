"""What an uploaded document really is: how many pages it has, and how each looks."""

import tempfile
from functools import lru_cache
from pathlib import Path

#: LinkedIn, Documents API: at most 300 pages.
MOST_PAGES = 300


def pages(body: bytes) -> int:
    """Return how many pages a PDF has; 0 where it is none that can be read."""
    if not body.startswith(b"%PDF-"):
        return 0
    low, high = 0, 1
    while high <= MOST_PAGES and page(body, high) is not None:
        low, high = high, high * 2
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if page(body, middle) is not None else (low, middle)
    return low


@lru_cache(maxsize=32)
def page(body: bytes, number: int) -> bytes | None:
    """Return a page of a PDF as PNG, one pixel a point; None where there is no such page."""
    if not body.startswith(b"%PDF-") or not 1 <= number <= MOST_PAGES:
        return None
    import typst  # noqa: PLC0415 -- 10 MB, and the desk loads this module for its previews

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "uploaded.pdf").write_bytes(body)
        (folder / "page.typ").write_text(
            f'#set page(width: auto, height: auto, margin: 0pt)\n#image("uploaded.pdf", page: {number})'
        )
        try:
            return typst.compile(str(folder / "page.typ"), root=name, format="png", ppi=72)
        except typst.TypstError:
            return None
