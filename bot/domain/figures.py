"""Numbers as readers understand them: "₹1.5 lakh crore" and "1,500,000,000,000 rupees" are one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

#: What one figure can mean: (kind, value), such as ("USD", "3500000000") or ("percent", "30").
Reading = tuple[str, str]

_SCALES = {
    **dict.fromkeys(("k", "thousand", "हजार", "हज़ार"), 10**3),
    **dict.fromkeys(("m", "mn", "million", "मिलियन"), 10**6),
    **dict.fromkeys(("b", "bn", "billion", "बिलियन", "अरब"), 10**9),
    **dict.fromkeys(("t", "tn", "trillion"), 10**12),
    **dict.fromkeys(("lakh", "lakhs", "lac", "लाख"), 10**5),
    **dict.fromkeys(("cr", "crore", "crores", "करोड़", "करोड़"), 10**7),
    **dict.fromkeys(("hundred", "सौ"), 100),
    **dict.fromkeys(("dozen", "दर्जन"), 12),
    **dict.fromkeys(("万", "萬", "만"), 10**4),
    **dict.fromkeys(("亿", "億", "억"), 10**8),
}
_UNITS = {
    **dict.fromkeys(
        ("%", "％", "٪", "percent", "per cent", "pc", "प्रतिशत", "फीसदी", "फ़ीसदी"), "percent"
    ),
    **dict.fromkeys(("percentage point", "percentage points"), "points"),
    **dict.fromkeys(("$", "us$", "usd", "dollar", "dollars", "डॉलर", "美元", "ドル"), "USD"),
    **dict.fromkeys(("₹", "rs", "rs.", "inr", "rupee", "rupees", "रुपये", "रुपए", "रुपया"), "INR"),
    **dict.fromkeys(("€", "eur", "euro", "euros"), "EUR"),
    **dict.fromkeys(("£", "gbp", "pounds"), "GBP"),
    **dict.fromkeys(("¥", "yen", "円"), "JPY"),
    **dict.fromkeys(("yuan", "rmb", "cny", "元"), "CNY"),
    **dict.fromkeys(("₩", "won"), "KRW"),
    **{f"{sign}$": sign.upper() for sign in ("a", "c", "hk", "s", "nz", "r")},
}
_ONES = re.findall(
    r"\S+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen",
)
_TENS = re.findall(
    r"\S+",
    "twenty thirty forty fifty sixty seventy eighty ninety",
)
_HINDI = re.findall(
    r"\S+",
    "दो तीन चार पांच छह सात आठ नौ दस",
)
_SPELLED = {
    **{word: value for value, word in enumerate(_ONES)},
    **{word: 10 * value for value, word in enumerate(_TENS, start=2)},
    **{word: value for value, word in enumerate(_HINDI, start=2)},
    "पाँच": 5,
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan जनवरी",
            "february feb फरवरी",
            "march mar मार्च",
            "april apr अप्रैल",
            "may मई",
            "june jun जून",
            "july jul जुलाई",
            "august aug अगस्त",
            "september sept sep सितंबर सितम्बर",
            "october oct अक्टूबर अक्तूबर",
            "november nov नवंबर नवम्बर",
            "december dec दिसंबर दिसम्बर",
        ),
        start=1,
    )
    for name in names.split()
}


def _any(words: "dict[str, int] | dict[str, str] | list[str]") -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_LATIN_SCALES = [word for word in _SCALES if len(word) > 2 and word.isascii()]
# not `\w`: in Chinese and Japanese a number stands right between two characters
_LETTER = r"A-Za-z\d_\u00c0-\u024f\u0400-\u052f\u0900-\u0963"
_END = rf"(?![{_LETTER}])"
_MONTH = rf"(?:{_any(_MONTHS)})\.?{_END}"
_DATE = (
    rf"(?P<iso>\d{{4}}-\d\d-\d\d)(?!\d)"
    rf"|(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<month1>{_MONTH})"
    rf"|(?P<month2>{_MONTH})\s(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d,]*\d|\s?(?:%|per\s?cent|million|billion))"
)
_TIME = (
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d))(?:\s?(?P<half1>[ap])\.?m\b\.?)?"
    r"|(?P<hour2>\d{1,2})\s?(?P<half2>[ap])\.?m\b\.?"
)
_SCALE = (
    rf"(?:\s?[-‑]?\s?(?P<scale>{_any([w for w in _SCALES if len(w) > 2 or not w.isascii()])}){_END}"
    rf"|(?P<short>k|mn|bn|tn|cr|[mbt]){_END}|\s(?P<spaced>bn|mn|tn|cr){_END})?"
    rf"(?:\s(?P<scale2>crores?|करोड़){_END})?"
)
_UNIT_WORDS = _any([unit for unit in _UNITS if unit[-1].isalnum() or unit[-1] in "%％٪"])
_UNIT = rf"(?:[\s-]?(?P<unit>{_UNIT_WORDS}){_END})?"
_DIGITS = r"(?P<version>\d+(?:\.\d+){2,})|(?P<number>\d+(?:,\d+)*(?:\.\d+)?)(?P<ordinal>(?:st|nd|rd|th)\b)?"
_BEFORE = rf"(?<![{_LETTER}.,$€£₹¥₩])(?<![A-Za-z]-)"
_MONEY = r"(?:(?P<currency>(?:us|hk|nz|[acrs])?\$|rs\.?|inr|usd|eur|[€£₹¥₩])\s?)?"
_SPELLED_WORDS = _any([word for word in _SPELLED if word not in ("one", "zero")])
_WORDED = (
    rf"(?P<words>(?:{_SPELLED_WORDS}|one(?=[\s-](?:{_any(_LATIN_SCALES)}))|an?(?=\s(?:{_any(_LATIN_SCALES)})\b))"
    rf"(?:[\s-](?:and\s)?(?:{_any(_SPELLED)}))*){_END}"
)
_FIGURE = re.compile(
    rf"(?<![{_LETTER}.-])(?:{_DATE}|{_TIME})"
    rf"|{_BEFORE}{_MONEY}(?:{_DIGITS}|{_WORDED}){_SCALE}{_UNIT}(?![{_LETTER}]|[.,]\d)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s?(?:-|–|—|to|and|or|से)\s?", re.IGNORECASE)
_ROUGH = re.compile(
    r"(?:(?P<under>nearly|almost|just under|under|below|less than|fewer than|close to)"
    r"|(?P<most>up to|as many as|as much as|at most|no more than|a maximum of)"
    r"|(?P<over>over|more than|above|at least|exceeding|upwards of|in excess of|no fewer than)"
    r"|(?P<about>about|around|roughly|approximately|an estimated|some|लगभग|करीब|तकरीबन))\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number in a text.

    Attributes:
        text: as it stands there.
        start, end: code point indices, end exclusive.
        readings: what it can mean; two figures agree when they share one.
        rough: "under" ("nearly 25,000"), "over", "most", "about", or "" for an exact figure.
    """

    text: str
    start: int
    end: int
    readings: frozenset[Reading]
    rough: str = ""


def figures(text: str) -> list[Figure]:
    """Return every number, amount, percentage, date and time of a text, in order."""
    matches = list(_FIGURE.finditer(text))
    found: list[Figure] = []
    for index, match in enumerate(matches):
        readings = set(_readings(match))
        for near in (matches[index - 1 : index], matches[index + 1 : index + 2]):
            if near and _is_range(text, match, near[0]):
                readings.update(_readings(match, like=near[0]))
        start = match.start()
        rough = _ROUGH.search(text, max(0, start - 24), start)
        found.append(
            Figure(
                text=match[0],
                start=start,
                end=match.end(),
                readings=frozenset(readings),
                rough=(rough.lastgroup or "") if rough else "",
            )
        )
    return found


def _is_range(text: str, one: "re.Match[str]", other: "re.Match[str]") -> bool:
    first, second = sorted((one, other), key=lambda match: match.start())
    return bool(_RANGE.fullmatch(text[first.end() : second.start()]))


def _readings(match: "re.Match[str]", like: "re.Match[str] | None" = None) -> Iterator[Reading]:
    part = match.groupdict()
    if part["iso"]:
        year, month, day = part["iso"].split("-")
        yield "date", f"{int(month)}-{int(day)}"
        yield "plain", year
    elif part["day1"] or part["day2"]:
        month_name = (part["month1"] or part["month2"]).rstrip(".").casefold()
        yield "date", f"{_MONTHS[month_name]}-{int(part['day1'] or part['day2'])}"
    elif part["hour"] or part["hour2"]:
        yield "time", _clock(part)
    elif part["version"]:
        yield "version", part["version"]
    elif part["ordinal"]:
        yield "ordinal", part["number"]
    else:
        yield _amount(part, like.groupdict() if like else part)


def _amount(part: dict[str, str | None], like: dict[str, str | None]) -> Reading:
    unit = _UNITS.get(
        (part["currency"] or part["unit"] or like["currency"] or like["unit"] or "").casefold()
    )
    scale = _scale(part) if _scale(part) > 1 else _scale(like)
    number = part["number"]
    if number is None:
        value = Decimal(_spelled(part["words"] or ""))
    elif "." in number and scale == 1 and unit is None:
        # "Python 3.10" is not "Python 3.1"
        whole, fraction = number.replace(",", "").split(".")
        return "plain", f"{int(whole)}.{''.join(str(int(digit)) for digit in fraction)}"
    else:
        value = Decimal(number.replace(",", ""))
    return unit or "plain", f"{(value * scale).normalize():f}"


def _scale(part: dict[str, str | None]) -> int:
    scale = 1
    for name in ("scale", "short", "spaced", "scale2"):
        if word := part.get(name):
            scale *= _SCALES[word.casefold()]
    return scale


def _spelled(words: str) -> int:
    return sum(
        _SPELLED.get(word, 1) for word in re.split(r"[\s-]+", words.casefold()) if word != "and"
    )


def _clock(part: dict[str, str | None]) -> str:
    hour, minute = int(part["hour"] or part["hour2"] or 0), int(part["minute"] or 0)
    half = (part["half1"] or part["half2"] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour}:{minute:02}"
