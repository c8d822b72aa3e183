"""Kill real `bot` processes and see whether the promise holds.

    python -m tests.faults --runs 50 --seed 1

Each run has its own database, stand-in platforms and seed (run n of seed S has seed S + n, so
that `--runs 1 --seed S+n` plays it again). Ends with one line of JSON and 0 only if nothing was
doubled, lost or otherwise wrong; a run that broke a promise keeps its folder, which is named.
"""

import argparse
import hashlib
import io
import json
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from PIL import Image

from bot.domain.card import Card
from tests.faults.places import places
from tests.faults.processes import preload
from tests.faults.storm import Outcome, Run


def card():
    """Return a plain picture; what is on it does not matter here."""
    file = io.BytesIO()
    Image.new("RGB", (1200, 675), (10, 20, 90)).save(file, "PNG")
    png = file.getvalue()
    digest = hashlib.sha256(png).hexdigest()
    return Card(png=png, sha256=digest, width=1200, height=675, layout="headline", alt_text="Blue")


def job(numbers, wanted, folder, place, told):
    """Play these runs one after the other; write a line of JSON about each to `told`."""
    picture = card()
    until = time.monotonic() + wanted.minutes * 60 if wanted.minutes else float("inf")
    for number in numbers:
        if time.monotonic() > until:
            break
        home = folder / str(number)
        run = Run(
            number,
            home,
            place.of(number),
            picture,
            kills=wanted.kills,
            workers=wanted.workers,
            members=wanted.members,
            broken=wanted.mutation,
        )
        outcome = run.play()
        if not outcome.broken:
            shutil.rmtree(home)
            place.of(number).drop(number)
        os.write(told, (json.dumps(asdict(outcome)) + "\n").encode())
        if outcome.broken and wanted.mutation:
            break  # caught


def play(wanted, folder):
    """Play all runs in `wanted.jobs` processes; return their outcomes."""
    with places(wanted.database, folder) as place:
        return _play(wanted, folder, place)


def _play(wanted, folder, place):
    children = []
    for number in range(wanted.jobs):
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                os.close(reading)
                numbers = range(wanted.seed + number, wanted.seed + wanted.runs, wanted.jobs)
                job(numbers, wanted, folder, place, writing)
                code = 0
            except BaseException as exc:  # noqa: BLE001 -- told by the exit code and its words
                print(f"{type(exc).__name__}: {exc}", file=sys.stderr)
            finally:
                os._exit(code)
        os.close(writing)
        children.append((pid, reading))
    outcomes = []
    for pid, reading in children:
        with os.fdopen(reading, encoding="utf-8") as pipe:
            outcomes.extend(Outcome(**json.loads(line)) for line in pipe)
        _, status = os.waitpid(pid, 0)
        if status:
            raise SystemExit("The harness itself failed; see above. This says nothing of the bot.")
    return outcomes


def total(outcomes, seconds):
    """Return the one line of JSON."""
    return {
        "runs": len(outcomes),
        "kills": sum(one.kills for one in outcomes),
        "faults": sum(sum(one.faults.values()) for one in outcomes),
        "doubles": sum(one.doubles for one in outcomes),
        "lost": sum(one.lost for one in outcomes),
        "unclear": sum(len(one.unclear) for one in outcomes),
        "seconds": round(seconds, 1),
    }


def table(outcomes):
    """Return what happened, by kind, as lines."""
    points, faults = Counter(), Counter()
    for one in outcomes:
        points.update(one.points)
        faults.update(one.faults)
    yield f"posts live: {sum(one.posts for one in outcomes)}"
    kinds = Counter()
    for one in outcomes:
        kinds[one.kind] += one.kills
    for title, found in (("kills by kind of run", kinds), ("killed", points), ("faults", faults)):
        yield f"{title}:"
        yield from (f"  {count:5}  {name}" for name, count in found.most_common())
    why = Counter(
        text.split(": ", 1)[1].split("(", 1)[-1][:70] for o in outcomes for text in o.unclear
    )
    if why:
        yield "left to a person:"
        yield from (f"  {count:5}  {text}" for text, count in why.most_common())


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=4, help="in each run")
    parser.add_argument("--jobs", type=int, default=4, help="runs at the same time")
    parser.add_argument("--minutes", type=float, default=0, help="begin no run after so long")
    parser.add_argument("--workers", type=int, help="publishers at once; usually one or two")
    parser.add_argument("--members", action="store_true", help="LinkedIn's are all members")
    parser.add_argument(
        "--database",
        choices=("sqlite", "postgresql", "both"),
        default="",
        help="both by default, where PostgreSQL is installed: every third run is on it",
    )
    parser.add_argument("--mutation", default="", help="a name of tests.faults.breaks")
    parser.add_argument("--folder", type=Path, help="where runs are kept that broke a promise")
    wanted = parser.parse_args(arguments)
    folder = wanted.folder or Path(tempfile.mkdtemp(prefix="faults-"))
    began = time.monotonic()
    preload()
    outcomes = play(wanted, folder)
    print(*table(outcomes), sep="\n", file=sys.stderr)
    broken = [one for one in outcomes if one.broken]
    for one in broken:
        print(
            f"seed {one.seed}, see {folder / str(one.seed)}:",
            *one.broken,
            sep="\n    ",
            file=sys.stderr,
        )
    print(json.dumps(total(outcomes, time.monotonic() - began)))
    if not broken and wanted.folder is None:
        shutil.rmtree(folder)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
