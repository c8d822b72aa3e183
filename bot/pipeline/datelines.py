"""Where and when a report was filed, before its first sentence: "ZENDA, Nov. 24 (AP) — "."""

import re

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DAY = rf"(?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? \d{{4}})?"
_PLACE = r"[A-Z][\w.’'-]*(?:,? [A-Z][\w.’'-]*){0,4}"
_AGENCY = r"\([^()\n:]{2,30}\)"
_DASH = r"(?:—|–|--|-)"

#: A sentence begins behind it: "TSMC - the chip maker - fell" is one from its first word.
_BEGINS = r"(?=[\"“‘A-Z\d])"

#: "NASA — SpaceX’s partner — said" has another dash.
_ONE = r"(?! [^.]{0,90} (?:—|–|--)(?: |$))"

#: Where a colon follows ("NEW DELHI: "), the name must be known: "TSMC: Profit rose" is a sentence.
_CITIES = [
    "New Delhi",
    "Delhi",
    "Mumbai",
    "Kolkata",
    "Chennai",
    "Bengaluru",
    "Bangalore",
    "Hyderabad",
    "Pune",
    "Ahmedabad",
    "Jaipur",
    "Lucknow",
    "Chandigarh",
    "Bhopal",
    "Patna",
    "Guwahati",
    "Kochi",
    "Thiruvananthapuram",
    "Noida",
    "Gurugram",
    "Nagpur",
    "Indore",
    "Srinagar",
    "London",
    "Paris",
    "Berlin",
    "Brussels",
    "Geneva",
    "Washington",
    "New York",
    "San Francisco",
    "Beijing",
    "Shanghai",
    "Hong Kong",
    "Tokyo",
    "Seoul",
    "Singapore",
    "Dubai",
    "Islamabad",
    "Dhaka",
    "Kathmandu",
    "Colombo",
    "Moscow",
    "Kyiv",
    "Jerusalem",
    "Cairo",
    "Nairobi",
]

_DATELINE = re.compile(
    rf"{_PLACE}, {_DAY},? ?(?:{_AGENCY} ?(?:{_DASH}|:)?|{_DASH}) {_BEGINS}"
    rf"|[A-Z][A-Z.’' -]{{2,30}}(?:, {_PLACE})? ?(?:{_AGENCY} {_DASH}|(?:—|–|--){_ONE}) {_BEGINS}"
    rf"|(?i:{'|'.join(_CITIES)}): {_BEGINS}"
    r"|[\u0900-\u097f]+(?: [\u0900-\u097f]+){0,3}, \d{1,2} [\u0900-\u097f]+(?: \d{4})? ?"
    r"\([^()\n]{2,20}\)(?: ?[।:—–-])? "
    r"|\d{1,2}[:.]\d{2}(?: ?(?:[ap]\.?m\.?|Uhr|IST|GMT|UTC))?(?: ?[:—–-])? (?=[\"“‘A-Z])",
)


def without(paragraph: str) -> str:
    """Return a paragraph without its dateline, or the time of an entry of a live blog."""
    found = _DATELINE.match(paragraph)
    return paragraph[found.end() :] if found else paragraph
