"""Articles of pages that others judged: ours against trafilatura alone, on the same pages.

    python -m tests.benchmarks.extraction --bodies FOLDER --dates FOLDER --titles FOLDER

--bodies: a checkout of github.com/scrapinghub/article-extraction-benchmark; F1 of runs of four
words, the mean of all pages. --dates: of github.com/adbar/htmldate (tests/eval_default.json);
share of pages whose day is right, in UTC or in the house's zone; for "somewhere" also those
whose moment, stated with its zone, fell on that day where the page was written. --titles: of github.com/adbar/trafilatura
(tests/evaldata.json); share of pages whose headline is right but for case and punctuation.
Prints a table and a line of JSON. Nothing of the pages is kept.
"""

import argparse
import gzip
import json
import logging
import re
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean
from typing import Any

import trafilatura

from bot import sources
from bot.domain.errors import SourceError
from bot.domain.sighting import plain
from bot.domain.source import Document, Item
from tests.fuzz.__main__ import HOUSE

Score = Callable[[Any, Any], float]


def ours(content: bytes, url: str) -> Item:
    """Return the article of a page as we read it; an empty one where we refuse."""
    try:
        result = sources.read(Document(url=url, content=content), HOUSE, kind="page")
    except SourceError:
        return Item()
    return result.items[0] if result.items and result.items[0].complete else Item()


def alone(content: bytes, url: str) -> Any:
    """Return what trafilatura finds by itself."""
    return trafilatura.bare_extraction(content, url=url, include_comments=False, with_metadata=True)


def f1(true: str, got: str) -> float:
    """Return how well two texts agree in their runs of four words, 0 to 1."""
    wanted, found = (Counter(_runs(text)) for text in (true, got))
    both = sum((wanted & found).values())
    return (
        2 * both / (sum(wanted.values()) + sum(found.values())) if both else float(wanted == found)
    )


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return iter(tuple(words[i : i + 4]) for i in range(max(len(words) - 3, 1)))


def bodies(folder: Path) -> dict[str, list[float]]:
    """Return the body scores of each page."""
    truth = json.loads((folder / "ground-truth.json").read_text())
    scores: dict[str, list[float]] = {"ours": [], "trafilatura": []}
    for key, one in truth.items():
        content = gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes())
        item = ours(content, one["url"])
        scores["ours"].append(f1(one["articleBody"], "\n".join(item.body)))
        found = alone(content, one["url"])
        scores["trafilatura"].append(f1(one["articleBody"], (found and found.text) or ""))
    return scores


def dates(folder: Path) -> dict[str, list[float]]:
    """Return for each page whether the day is right."""
    truth = json.loads((folder / "tests" / "eval_default.json").read_text())
    scores: dict[str, list[float]] = {
        name: [] for name in ("ours", "somewhere", "trafilatura", "silent", "wrong")
    }
    for url, one in truth.items():
        path = _found(folder / "tests", one["file"])
        if path is None:
            continue
        content = path.read_bytes()
        item = ours(content, url)
        at = item.published
        day = at.astimezone(HOUSE.zone).date().isoformat() if at else ""
        other = at.astimezone(UTC).date().isoformat() if at else ""
        right = one["date"] in (day, other)
        found = alone(content, url)
        scores["ours"].append(float(right))
        exact = at if at and not item.findings else None
        scores["somewhere"].append(float(right or bool(exact and one["date"] in _days(exact))))
        scores["silent"].append(float(not at))
        scores["wrong"].append(float(bool(at) and not right))
        scores["trafilatura"].append(float(bool(found) and found.date == one["date"]))
    return scores


def _days(at: datetime) -> set[str]:
    """Return the days that a moment fell on in some place on Earth, UTC-12 to UTC+14."""
    return {(at + timedelta(hours=zone)).date().isoformat() for zone in (-12, 14)}


def titles(folder: Path) -> dict[str, list[float]]:
    """Return for each page whether the headline is right."""
    truth = json.loads((folder / "tests" / "evaldata.json").read_text())
    scores: dict[str, list[float]] = {"ours": [], "trafilatura": []}
    for url, one in truth.items():
        path = _found(folder / "tests", one["file"])
        if path is None or not one.get("title"):
            continue
        content, wanted = path.read_bytes(), plain(one["title"])
        scores["ours"].append(float(plain(ours(content, url).title) == wanted))
        found = alone(content, url)
        got = (found and found.title) or ""
        scores["trafilatura"].append(float(plain(got) == wanted))
    return scores


def _found(folder: Path, name: str) -> Path | None:
    return next(
        (p for p in (folder / d / name for d in ("eval", "cache", "test_set")) if p.is_file()), None
    )


def main() -> None:
    """Measure what was given."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for name in ("bodies", "dates", "titles"):
        parser.add_argument(f"--{name}", type=Path)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    value: dict[str, Any] = {}
    for name, measure in (("bodies", bodies), ("dates", dates), ("titles", titles)):
        folder = getattr(asked, name)
        if folder is None:
            continue
        start = time.perf_counter()
        scores = measure(folder)
        value[name] = {who: round(mean(all_), 4) for who, all_ in scores.items() if all_}
        value[name]["pages"] = len(scores["ours"])
        print(f"{name}: {value[name]} ({time.perf_counter() - start:.0f} s)", file=sys.stderr)
    print(json.dumps(value))


if __name__ == "__main__":
    main()
