"""Play a month of the bot's life and say what it came to.

    python -m tests.soak --days 30 --articles 3 --seed 1

Ends with a table, one line of JSON, and 0 only if nothing was missed and nothing doubled.
"""

import argparse
import io
import json
import logging
import sys
import tempfile
import time
from pathlib import Path

from bot import log
from tests.soak.month import Month


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--articles", type=int, default=3, help="a day")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    log.set_up(style="json", level="error", secrets=(), stream=io.StringIO())
    logging.disable(logging.CRITICAL)  # else the log of a month would count as the bot's memory
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        month = Month(Path(folder), days=asked.days, articles=asked.articles, seed=asked.seed)
        for day in month.play():
            print(
                f"{day.date}  articles {day.articles}  live {day.live:4}  faults {day.faults:2}  "
                f"messages {day.told:2}  {day.memory_mb:5.0f} MB  {day.database_kb:6.0f} kB  "
                + "; ".join(day.notes)
            )
    verdict = month.verdict | {"seconds": round(time.monotonic() - began)}
    print(json.dumps(verdict, default=str))
    sys.exit(
        1
        if verdict["missed"] or verdict["doubled"] or any(verdict["unknown_to_us"].values())
        else 0
    )


main()
