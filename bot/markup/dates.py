"""Dates as sources write them, to moments in UTC: a date without a zone never slips by hours."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

import dateparser

from bot.domain.house import House

_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}")
#: "06.11.2023" is no time, "10.16 Uhr" is one.
_TIME = re.compile(r"(?<![\d.])\d{1,2}[:.]\d{2}(?!\.?\d)|\d\s*[ap]\.?m\b|T\d{4}", re.IGNORECASE)

#: Languages in which a date may be written out; all 200 that dateparser knows take 16 seconds to
#: load for one date that nobody can read.
_LANGUAGES = [
    "en", "hi", "bn", "ta", "te", "mr", "gu", "kn", "ml", "pa", "ur", "de", "fr", "es", "pt", "it",
    "nl", "ru", "ar", "ja", "zh", "ko",
]  # fmt: skip

#: Years in which news appears; anything else is a slip or a system's zero.
_YEARS = range(1990, 2100)


@dataclass(frozen=True, slots=True)
class Moment:
    """A date that was read.

    Attributes:
        at: in UTC; None where it cannot be told.
        finding: what an editor should know, "" where there is nothing.
    """

    at: datetime | None = None
    finding: str = ""


def moment(written: str | None, house: House) -> Moment:
    """Return the moment that a date means.

    ISO 8601, RFC 822 and what people write are understood. A date without a zone is read in the
    house's zone, one without a time is the house's edition of that day; both are said.
    """
    written = " ".join((written or "").split())
    if not written:
        return Moment()
    found = _read(written[:100])
    if found is not None and (bare := _without_house_zone(written[:100], found, house)):
        found = _read(bare)
        found = found and found.replace(tzinfo=house.zone)
    if found is None or found.year not in _YEARS:
        return Moment(finding=f"The date {written[:60]!r} cannot be read; the article is undated.")
    if _DAY.fullmatch(written) or not _TIME.search(written):
        at = _at(found.date(), house)
        return Moment(
            at, f"The date {written[:60]!r} has no time; the edition of that day is taken."
        )
    if found.tzinfo is None:
        at = found.replace(tzinfo=house.zone).astimezone(UTC)
        return Moment(at, f"The date {written[:60]!r} has no time zone; read as {house.zone.key}.")
    return Moment(found.astimezone(UTC))


def _without_house_zone(written: str, found: datetime, house: House) -> str:
    """Return a date without the house's own zone name, "" where it has another or none.

    "IST" is India, Ireland or Israel; in a house in Kolkata it is India.
    """
    name = found.replace(tzinfo=house.zone).tzname() or ""
    if not name.isalpha() or not written.endswith(f" {name}"):
        return ""
    return written.removesuffix(f" {name}")


def _at(day: date, house: House) -> datetime:
    return datetime.combine(day, house.edition, house.zone).astimezone(UTC)


def _read(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        pass
    try:
        found = parsedate_to_datetime(written)
    except (ValueError, IndexError, OverflowError, TypeError):
        found = None
    if found is not None and written.endswith("-0000"):  # RFC 5322, 3.3: UTC, place unknown
        return found.replace(tzinfo=UTC)
    # The mail parser knows only American zones, and forgets the others ("IST").
    if found is not None and (found.tzinfo is not None or not re.search(r"[A-Za-z]$", written)):
        return found
    return _human(written)


@lru_cache(maxsize=1024)
def _human(written: str) -> datetime | None:
    """Return a date with all its parts; nothing is filled in from today."""
    if not any(char.isdigit() for char in written):
        return None
    try:
        found: datetime | None = dateparser.parse(
            written,
            languages=_LANGUAGES,
            settings={
                "PARSERS": ["absolute-time"],
                "REQUIRE_PARTS": ["day", "month", "year"],
                "DATE_ORDER": "DMY",
            },
        )
    except (ValueError, OverflowError, RecursionError, TypeError):
        return None
    return found
