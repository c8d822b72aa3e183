"""Feeds that others collected: does each give articles or a clear reason?

    python -m tests.benchmarks.feeds FOLDER...

Reads every .xml and .json file below the folders, such as the test data of feedparser
(github.com/kurtmckee/feedparser, tests/) and gofeed (github.com/mmcdole/gofeed, testdata/), and
prints one line of JSON for each folder: how many gave articles, an empty feed with a reason, or
a typed error; and what crashed or took more than two seconds, by name. Nothing of them is kept.
"""

import json
import logging
import sys
import time
import warnings
from collections import Counter
from pathlib import Path

from bot import sources
from bot.domain.errors import SourceError
from bot.domain.source import Document
from tests.fuzz.__main__ import HOUSE

SLOW = 2.0


def judge(path: Path, why: Counter[str]) -> str:
    """Return what reading a file gave."""
    document = Document(url=f"https://site.example/{path.name}", content=path.read_bytes())
    try:
        result = sources.read(document, HOUSE)
    except SourceError as exc:
        why[str(exc).partition(": ")[2].partition("(")[0].strip()[:60]] += 1
        return "refused"
    if result.items or result.listings:
        return "articles"
    return "empty, said why" if result.findings else "EMPTY WITHOUT A REASON"


def main() -> None:
    """Print what became of each folder's files."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    for name in sys.argv[1:]:
        outcomes: Counter[str] = Counter()
        why: Counter[str] = Counter()
        wrong: list[str] = []
        paths = sorted(p for p in Path(name).rglob("*") if p.suffix in (".xml", ".json"))
        for path in paths:
            start = time.process_time()
            try:
                outcomes[judge(path, why)] += 1
            except Exception as exc:  # noqa: BLE001 -- this is what is looked for
                wrong.append(f"{path.name}: {type(exc).__name__}: {exc}")
            if time.process_time() - start > SLOW:
                wrong.append(f"{path.name}: slow")
        value = {"folder": name, "files": len(paths), **outcomes, "wrong": wrong[:20]}
        print(json.dumps({**value, "reasons": why.most_common(8)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
