"""Read broken documents and look for crashes, hangs and hunger.

    nice python -m tests.fuzz --inputs 100000
    python -m tests.fuzz --only 4711        # one of them again, with its traceback
    python -m tests.fuzz --atheris --minutes 2   # grown towards code not yet run; needs [fuzz]

A reader may refuse a document with a SourceError of one line. Anything else is a failure: another
error, more than 2 seconds of the processor for one document, or more than 300 MB for the whole process. Ends with
exit code 1 and the numbers of what failed, each of which makes the same document again.
"""

import argparse
import contextlib
import json
import logging
import os
import resource
import sys
import time
import warnings
from collections import Counter
from datetime import time as clock
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import sources
from bot.domain.errors import SourceError
from bot.domain.house import House
from bot.domain.source import Document, to_article
from tests.fuzz.mutate import document

#: Seconds for one document, and MB for all together.
SLOW, HUNGRY = 2.0, 300

#: A page with a date for which dateparser loads all its 205 languages: 1.6 s and 30 MB, once.
FIRST_DATE = 57_126

HOUSE = House(
    article_url="https://site.example/articles/{id}",
    zone=ZoneInfo("Asia/Kolkata"),
    edition=clock(7),
)


def read(number: int) -> tuple[str, str]:
    """Read one document; return its kind and what became of it."""
    kind, content = document(number)
    return kind, examine(kind if number % 4 else "", content)


def examine(kind: str, content: bytes) -> str:
    """Read a document of a kind ("": find out which); return what became of it."""
    found = Document(url="https://site.example/it", content=content)
    try:
        result = sources.read(found, HOUSE, kind=kind)
        for item in result.items:
            to_article(item, HOUSE, origin="fuzz")
    except SourceError as exc:
        if "\n" in str(exc):
            raise AssertionError("an error of more than one line") from exc
        return "refused"
    return "read" if result.items else "empty"


def resident() -> int:
    """Return the megabytes that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024**2


class Run:
    """Reads documents one after the other and writes down what became of them."""

    def __init__(self):
        self.outcomes: Counter[str] = Counter()
        self.failed: list[tuple[int, str]] = []
        self.slowest = (0.0, 0)
        self.done = 0
        self.resident: list[int] = []

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
        self.resident.append(resident())
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        if used > HUNGRY:
            self.failed.append((-1, f"used {used} MB"))
        return {
            "inputs": self.done,
            "slowest": {"seconds": round(self.slowest[0], 3), "number": self.slowest[1]},
            "memory_mb": used,
            "resident_mb": self.resident,
            "outcomes": dict(sorted(self.outcomes.items())),
            "failed": self.failed[:50],
        }


def main() -> int:
    """Run; return the exit code."""
    if "--atheris" in sys.argv:  # what it watches must be loaded by itself, from the start
        os.execv(sys.executable, [sys.executable, "-m", "tests.fuzz.guided", *sys.argv[1:]])  # noqa: S606 -- no shell: ourselves
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="number of the first document")
    parser.add_argument("--minutes", type=float, default=600, help="stop after this long")
    parser.add_argument("--only", type=int)
    parser.add_argument("--atheris", action="store_true", help="let libFuzzer make them, in [fuzz]")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    if asked.only is not None:
        print(read(asked.only))
        return 0
    for number in (*range(50), FIRST_DATE):  # what is loaded at first use is not counted
        with contextlib.suppress(Exception):
            read(number)
    run, end = Run(), time.monotonic() + 60 * asked.minutes
    for number in range(asked.first, asked.first + asked.inputs):
        if time.monotonic() > end:
            break
        if run.done % max(1, asked.inputs // 10) == 0:
            run.resident.append(resident())
        run.one(number)
    print(json.dumps(run.report(), indent=2))
    return 1 if run.failed else 0


if __name__ == "__main__":
    sys.exit(main())
