"""Can the card be read? Measured on the pixels that were drawn, not on good intentions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image, ImageChops, ImageDraw

from bot.cards.studio import Box
from bot.domain.post import Finding, Level

RULE = "card-legible"

#: WCAG 2.2, success criterion 1.4.3 (AA), normal text.
CONTRAST = 4.5

#: Pixels from the edge without type: X may crop a 16:9 picture to 2:1.
MARGIN = 60

#: Smallest headline in pixels on a card 1200 wide. Han characters carry more per letter.
HEADLINE = {"latin": 44, "indic": 40, "arabic": 40, "cjk": 40, "other": 44}

#: X takes 5 MB on upload but has refused PNGs above 2 MB in posts.
MAX_BYTES = 1_000_000

#: The width of a card on a phone.
PHONE = 390

#: What is set large in each layout, and what may never be shortened.
_LARGE = ("title", "quote", "figure")
_EXACT = ("quote", "figure", "speaker")

#: How far a letter may stand out of its line box: marks above and below, in em.
_OVERHANG = 0.45

#: What is ink: a difference in brightness that is more than rounding.
_INK = [0] * 8 + [255] * 248

#: How far it may stand out sideways, in pixels: to the margin that every platform leaves.
SIDE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was measured on one card.

    Attributes:
        smallest, headline: type sizes in pixels on a card 1200 wide.
        smallest_phone, headline_phone: the same with the card 390 wide.
        contrast: lowest WCAG ratio by role, against the pixels behind the text.
        outside: roles that leave the safe margin, touch another text or are cut.
        text_share: of the card's area covered by text boxes, 0 to 1.
        weight: bytes.
        form: "PNG 1200×675 RGB", "PDF 5 pages".
    """

    smallest: float
    smallest_phone: float
    headline: float
    headline_phone: float
    contrast: dict[str, float]
    outside: tuple[str, ...]
    text_share: float
    weight: int
    form: str
    findings: tuple[Finding, ...] = ()


def inspect(
    card: Image.Image,
    behind: Image.Image,
    boxes: tuple[Box, ...],
    *,
    weight: int,
    script: str = "latin",
) -> Report:
    """Measure a card.

    Args:
        card: its pixels, RGB.
        behind: those of the same card without its words.
        boxes: what was drawn where.
        weight: of the file in bytes.
        script: of the headline; see `words.script`.
    """
    width, height = card.size
    said = tuple(box for box in boxes if box.said)
    wide = 1200 / width
    smallest = min((box.size for box in said), default=0.0) * wide
    headline = min((box.size for box in said if box.role in _LARGE), default=0.0) * wide
    measured = Report(
        smallest=round(smallest, 1),
        smallest_phone=round(smallest * PHONE / 1200, 1),
        headline=round(headline, 1),
        headline_phone=round(headline * PHONE / 1200, 1),
        contrast=contrasts(behind, said),
        outside=_out_of_place(said, (width, height)) + _stray(card, behind, said),
        text_share=round(sum(box.w * box.h for box in said) / (width * height), 3),
        weight=weight,
        form=f"PNG {width}×{height} {card.mode}",
    )
    return _judged(measured, said, script)


def bound(pages: Sequence[Report], weight: int) -> Report:
    """Return the report of a document from those of its pages: the worst of each.

    Args:
        pages: in order.
        weight: of the document in bytes.
    """
    roles = dict.fromkeys(role for page in pages for role in page.contrast)
    return Report(
        smallest=min(page.smallest for page in pages),
        smallest_phone=min(page.smallest_phone for page in pages),
        headline=min((page.headline for page in pages if page.headline), default=0.0),
        headline_phone=min((page.headline_phone for page in pages if page.headline), default=0.0),
        contrast={
            role: min(page.contrast[role] for page in pages if role in page.contrast)
            for role in roles
        },
        outside=tuple(
            f"page {at}: {what}" for at, page in enumerate(pages, 1) for what in page.outside
        ),
        text_share=max(page.text_share for page in pages),
        weight=weight,
        form=f"PDF {len(pages)} pages",
        findings=tuple(
            replace(found, message=f"Page {at}: {found.message}")
            for at, page in enumerate(pages, 1)
            for found in page.findings
        ),
    )


def contrasts(
    ground: Image.Image, boxes: tuple[Box, ...], *, scale: float = 1.0
) -> dict[str, float]:
    """Return the lowest WCAG contrast of each role's text with the pixels behind it.

    Args:
        ground: the card without its words, `scale` pixels for each of the boxes'.
        boxes: what will be drawn where.
        scale: of the ground.
    """
    found: dict[str, float] = {}
    for box in boxes:
        if box.said:
            ratio_here = round(_contrast(ground, box, scale), 2)
            found[box.role] = min(ratio_here, found.get(box.role, ratio_here))
    return found


def luminance(colour: tuple[int, ...]) -> float:
    """Return the relative luminance of an sRGB colour (WCAG 2.2, definition)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in colour[:3])
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: float, other: float) -> float:
    """Return the WCAG contrast ratio of two luminances."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _contrast(behind: Image.Image, box: Box, scale: float) -> float:
    """Return the lowest contrast of the text with the ground, in fields of about 8 pixels."""
    field = int(8 * scale)
    left, top, right, bottom = (
        int(side * scale) for side in (box.x, box.y, box.x + box.w + 1, box.y + box.h + 1)
    )
    left, top = max(0, min(left, behind.width - 1)), max(0, min(top, behind.height - 1))
    right, bottom = (
        max(left + 1, min(right, behind.width)),
        max(top + 1, min(bottom, behind.height)),
    )
    patch = behind.crop((left, top, right, bottom))
    fields = patch.resize(
        (max(1, patch.width // field), max(1, patch.height // field)), Image.Resampling.BOX
    )
    ink = luminance(tuple(bytes.fromhex(box.fill.lstrip("#")[:6])))
    data = fields.tobytes()
    colours = {tuple(data[at : at + 3]) for at in range(0, len(data), 3)}
    return min(ratio(ink, luminance(colour)) for colour in colours)


def _out_of_place(boxes: tuple[Box, ...], size: tuple[int, int]) -> tuple[str, ...]:
    """Return the roles that leave the safe margin, and those that touch each other."""
    found = [
        box.role
        for box in boxes
        if box.x < MARGIN - 1
        or box.y < MARGIN - 25
        or box.x + box.w > size[0] - MARGIN + 1
        or box.y + box.h > size[1] - MARGIN + 25
    ]
    found += [
        f"{one.role} and {other.role}"
        for at, one in enumerate(boxes)
        for other in boxes[at + 1 :]
        if one.x < other.x + other.w - 1
        and other.x < one.x + one.w - 1
        and one.y < other.y + other.h - 1
        and other.y < one.y + one.h - 1
    ]
    return tuple(found)


def _stray(card: Image.Image, behind: Image.Image, boxes: tuple[Box, ...]) -> tuple[str, ...]:
    """Return a name for ink that no box holds: a text drawn without `put`, or cut."""
    ink = ImageChops.difference(card, behind).convert("L").point(_INK)
    brush = ImageDraw.Draw(ink)
    for box in boxes:
        more = box.size * _OVERHANG
        area = (box.x - SIDE, box.y - more, box.x + box.w + SIDE, box.y + box.h + more)
        brush.rectangle(area, fill=0)
    return ("ink outside its box",) if ink.getbbox() is not None else ()


def _judged(report: Report, boxes: tuple[Box, ...], script: str) -> Report:
    return replace(report, findings=tuple(_findings(report, boxes, script)))


def _findings(report: Report, boxes: tuple[Box, ...], script: str) -> list[Finding]:
    found = [
        _block(f"The card's {role} has a contrast of {value}:1; at least {CONTRAST}:1 is needed.")
        for role, value in report.contrast.items()
        if value < CONTRAST
    ]
    if report.outside:
        found.append(_block(f"On the card, text is out of its place: {', '.join(report.outside)}."))
    least = HEADLINE[script]
    if 0 < report.headline < least:
        found.append(_block(f"The card's headline is {report.headline:g} px; {least} px is small."))
    if report.weight > MAX_BYTES:
        found.append(_block(f"The card weighs {report.weight} bytes, more than {MAX_BYTES}."))
    for box in boxes:
        if box.role in _LARGE and box.role != "quote" and box.lines > 4:
            found.append(
                Finding(
                    rule=RULE,
                    level=Level.WARN,
                    message=f"The card's {box.role} takes {box.lines} lines; a shorter one reads"
                    " better.",
                )
            )
        if box.said.endswith("…"):
            found.append(_shortened(box))
    return found


def _shortened(box: Box) -> Finding:
    exact = box.role in _EXACT
    return Finding(
        rule=RULE,
        level=Level.BLOCK if exact else Level.WARN,
        message=f"The card's {box.role} is too long and was shortened"
        + (", which changes its meaning. Choose another layout." if exact else ": shorten it.")
        + f" The card says: {box.said}",
    )


def _block(message: str) -> Finding:
    return Finding(rule=RULE, level=Level.BLOCK, message=message)
