"""Read broken documents and look for crashes, hangs and hunger.

    nice python -m tests.fuzz --inputs 100000
    python -m tests.fuzz --only 4711        # one of them again, with its traceback

A reader may refuse a document with a SourceError of one line. Anything else is a failure: another
error, more than 2 seconds of the processor for one document, or more than 300 MB for the whole process. Ends with
exit code 1 and the numbers of what failed, each of which makes the same document again.
"""

import argparse
import contextlib
import json
import logging
import resource
import sys
import time
import warnings
from collections import Counter
from datetime import time as clock
from zoneinfo import ZoneInfo

from bot import sources
from bot.domain.errors import SourceError
from bot.domain.house import House
from bot.domain.source import Document, to_article
from tests.fuzz.mutate import document

#: Seconds for one document, and MB for all together.
SLOW, HUNGRY = 2.0, 300

HOUSE = House(
    article_url="https://site.example/articles/{id}",
    zone=ZoneInfo("Asia/Kolkata"),
    edition=clock(7),
)


def read(number: int) -> tuple[str, str]:
    """Read one document; return its kind and what became of it."""
    kind, content = document(number)
    found = Document(url="https://site.example/it", content=content)
    try:
        result = sources.read(found, HOUSE, kind=kind if number % 4 else "")
        for item in result.items:
            to_article(item, HOUSE, origin="fuzz")
    except SourceError as exc:
        if "\n" in str(exc):
            raise AssertionError("an error of more than one line") from exc
        return kind, "refused"
    return kind, "read" if result.items else "empty"


class Run:
    """Reads documents one after the other and writes down what became of them."""

    def __init__(self):
        self.outcomes: Counter[str] = Counter()
        self.failed: list[tuple[int, str]] = []
        self.slowest = (0.0, 0)
        self.done = 0

    def one(self, number: int) -> None:
        """Read one document."""
        start = time.process_time()  # of this process alone, however busy the machine is
        try:
            self.outcomes[" ".join(read(number))] += 1
        except Exception as exc:  # noqa: BLE001 -- this is what is looked for
            self.failed.append((number, f"{type(exc).__name__}: {str(exc)[:200]}"))
        took = time.process_time() - start
        self.done += 1
        self.slowest = max(self.slowest, (took, number))
        if took > SLOW:
            self.failed.append((number, f"took {took:.1f} s"))

    def report(self) -> dict[str, object]:
        """Return what is printed."""
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        if used > HUNGRY:
            self.failed.append((-1, f"used {used} MB"))
        return {
            "inputs": self.done,
            "slowest": {"seconds": round(self.slowest[0], 3), "number": self.slowest[1]},
            "memory_mb": used,
            "outcomes": dict(sorted(self.outcomes.items())),
            "failed": self.failed[:50],
        }


def main() -> int:
    """Run; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="number of the first document")
    parser.add_argument("--minutes", type=float, default=600, help="stop after this long")
    parser.add_argument("--only", type=int)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    if asked.only is not None:
        print(read(asked.only))
        return 0
    for number in range(50):  # what is loaded and compiled at first use is not counted
        with contextlib.suppress(Exception):
            read(number)
    run, end = Run(), time.monotonic() + 60 * asked.minutes
    for number in range(asked.first, asked.first + asked.inputs):
        if time.monotonic() > end:
            break
        run.one(number)
    print(json.dumps(run.report(), indent=2))
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main())
