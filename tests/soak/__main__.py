"""Play a month of the bot's life and say what it came to.

    python -m tests.soak --days 30 --articles 3 --seed 1

The platforms, and whoever reads messages, run in a process of their own. Ends with a table of
judgements, one line of JSON, and 0 only if all of them are good.
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
from tests.soak.around import apart
from tests.soak.month import Month

#: MB a day that the straight line through the memory after warm-up (a third of the days) may rise.
#: The allocator alone now and then takes 3 MB at once, which in the middle of 20 days makes 0.2 of it.
FLAT = 0.3


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--articles", type=int, default=3, help="a day")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--step", type=int, default=2, help="minutes, around the editions")
    asked = parser.parse_args()
    log.set_up(style="json", level="error", secrets=(), stream=io.StringIO())
    logging.disable(logging.CRITICAL)  # else the log of a month would count as the bot's memory
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        month = Month(
            Path(folder),
            days=asked.days,
            articles=asked.articles,
            seed=asked.seed,
            step=asked.step,
            around=apart,
        )
        for day in month.play():
            print(
                f"{day.date}  articles {day.articles}  live {day.live:4}  faults {day.faults:2}  "
                f"messages {day.told:2}  {day.memory_mb:5.1f} MB  {day.database_kb:6.0f} kB  "
                + "; ".join(day.notes)
            )
    verdict = month.verdict | {"seconds": round(time.monotonic() - began)}
    judged = judge(verdict)
    print()
    for name, (good, said) in judged.items():
        print(f"{'good' if good else 'BAD ':4}  {name:20}  {said}")
    print(json.dumps(verdict, default=str))
    sys.exit(0 if all(good for good, _ in judged.values()) else 1)


def judge(verdict):
    """Return for each thing that was promised whether it was kept, and the figures."""
    live = sum(verdict["live"].values())
    wanted = verdict["articles"] * len(verdict["live"])
    unknown = sum(map(abs, verdict["unknown_to_us"].values()))
    memory, database = verdict["memory_mb_a_day"], verdict["database_kb_a_day"]
    return {
        "missed": (not verdict["missed"], f"{len(verdict['missed'])} of {wanted} posts"),
        "doubled": (not verdict["doubled"], f"{len(verdict['doubled'])} of {live} live posts"),
        "known to the bot": (not unknown, f"{unknown} live posts are not in its books"),
        "finished": (
            not verdict["not_finished"],
            f"{sum(verdict['not_finished'].values())} posts are not verified at the end",
        ),
        "audit log": (not verdict["audit"], f"{len(verdict['audit'])} findings"),
        "memory": (
            memory is not None and memory <= FLAT,
            f"{memory} MB a day after warm-up; {FLAT} may be",
        ),
        "database": (True, f"{database} kB a day, {verdict['articles']} articles in all"),
    }


if __name__ == "__main__":
    main()
