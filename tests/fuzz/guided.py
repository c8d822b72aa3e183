"""Documents that libFuzzer grows towards code nobody has run yet (github.com/google/atheris).

    pip install -e '.[fuzz]'
    python -m tests.fuzz --atheris --minutes 2 [--folder FOLDER]

The first byte of an input chooses the kind, the rest is the document; the samples of the contract
tests are where it begins. It ends with libFuzzer's exit code, and the input that failed in FOLDER.
"""

import argparse
import logging
import sys
import tempfile
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["bot.sources", "bot.markup", "bot.domain", "feedparser"]):
    from bot.sources import (  # noqa: F401 -- readers are loaded when they are needed: too late
        copied,
        document,
        feed,
        jsonfeed,
        page,
        sitemap,
        webhook,
        wordpress,
    )
    from tests.fuzz.__main__ import examine
from tests.contract.stories import SAMPLES
from tests.fuzz.mutate import WEIGHTS

KINDS = ("", *WEIGHTS)

#: Seconds for one document, and MB: instrumented code takes several times what it takes at work.
SLOW, HUNGRY = 10, 1000


def one(data: bytes) -> None:
    """Read one input; raises what a reader must not."""
    examine(KINDS[data[0] % len(KINDS)] if data else "", data[1:])


def main() -> None:
    """Fuzz until the time is over or something fails."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--atheris", action="store_true")
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--folder", type=Path, default=Path(), help="for an input that breaks it")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as seeds:
        for number, kind in enumerate(KINDS):
            if kind:
                (Path(seeds) / kind).write_bytes(bytes([number]) + SAMPLES[kind].encode())
        options = {
            "max_total_time": int(60 * asked.minutes), "timeout": SLOW, "rss_limit_mb": HUNGRY,
            "max_len": 20_000, "artifact_prefix": f"{asked.folder}/",
        }  # fmt: skip
        flags = [f"-{name}={value}" for name, value in options.items()]
        atheris.Setup([sys.argv[0], *flags, seeds], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
