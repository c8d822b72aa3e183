"""How fast a post for X is counted: ours, X's own JavaScript and the parser on PyPI.

    python -m tests.benchmarks.parse_x

Installs `twitter-text` (npm) and `twitter-text-parser` (PyPI, with the old setuptools it
needs) into a temporary folder, measures all three on the same texts in one run, and prints a
table and a line of JSON. What cannot be installed is left out, and said so.
"""

import json
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from bot.platforms.x import dialect
from bot.platforms.x.text.parsing import parse

_NEWS = (
    "OpenAI and Anthropic both raised prices this week. Here’s what changes for Indian founders: "
    "inference costs rise 18%, credits shrink, and the free tier ends on 1 July. "
    "https://theshiftmaker.com/news/2026-06-26-openai-prices?utm_source=x #AI #Startups "
)
TEXTS = {
    "news": (_NEWS + "What it means for a team of five, in three charts. " * 2)[:280],
    "ascii": ("The quick brown fox jumps over the lazy dog. " * 7)[:280],
    "links": ("See https://www.example.com/a/b?c=d and foo.co.uk/x, then bit.ly/abcde. " * 4)[:280],
    "cjk": ("故人西辞黄鹤楼，烟花三月下扬州。" * 9)[:140],
    "emoji": "👨‍👩‍👧‍👦🙋🏽👨‍🎤 hi " * 17,
    "hindi": ("महात्मा गांधी की जय हो। #महात्मा " * 10)[:280],
}
SIZES = (280, 1120, 2500, 5000, 10000)
HOSTILE = {size: ("a." * size)[:size] for size in SIZES}
#: The PyPI parser needs minutes for the longest ones.
HOSTILE_FOR_PYPI = {size: text for size, text in HOSTILE.items() if size <= 1120}

_NODE = """
const {parseTweet} = require('twitter-text');
const work = JSON.parse(require('fs').readFileSync(0));
const answer = {};
for (const [name, text] of Object.entries(work.texts)) {
  for (let i = 0; i < work.rounds; i++) parseTweet(text);
  let best = Infinity;
  for (let turn = 0; turn < 5; turn++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < work.rounds; i++) parseTweet(text);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1000 / work.rounds);
  }
  answer[name] = best;
}
console.log(JSON.stringify(answer));
"""
_PYPI = """
import json, sys, time
from twitter_text import parse_tweet
work = json.load(sys.stdin)
answer = {}
for name, text in work["texts"].items():
    parse_tweet(text)
    best = float("inf")
    for turn in range(3):
        start = time.perf_counter()
        for _ in range(work["rounds"]):
            parse_tweet(text)
        best = min(best, (time.perf_counter() - start) / work["rounds"])
    answer[name] = best * 1e6
print(json.dumps(answer))
"""

Times = dict[str, float]


def ours(call: Callable[[str], object], texts: dict[str, str], rounds: int) -> Times:
    """Return µs for each text, the best of five turns."""
    times = {}
    for name, text in texts.items():
        call(text)
        best = float("inf")
        for _ in range(5):
            start = time.perf_counter()
            for _ in range(rounds):
                call(text)
            best = min(best, (time.perf_counter() - start) / rounds)
        times[name] = best * 1e6
    return times


def others(command: list[str], folder: Path, texts: dict[str, str], rounds: int) -> Times:
    """Return what the program of another implementation has measured."""
    work = json.dumps({"texts": texts, "rounds": rounds})
    done = subprocess.run(
        command, cwd=folder, input=work, capture_output=True, text=True, check=True
    )
    times: Times = json.loads(done.stdout)
    return times


def with_npm(folder: Path) -> list[str]:
    """Install X's own library and return the command that measures it."""
    subprocess.run(["npm", "init", "-y"], cwd=folder, check=True, capture_output=True)
    install = ["npm", "install", "--no-audit", "--no-fund", "twitter-text@3.1.0"]
    subprocess.run(install, cwd=folder, check=True, capture_output=True)
    (folder / "measure.js").write_text(_NODE, "utf-8")
    return ["node", "measure.js"]


def with_pypi(folder: Path) -> list[str]:
    """Install the parser of PyPI into its own environment and return the command."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    wanted = ["twitter-text-parser==3.0.0", "setuptools<81"]
    subprocess.run([python, "-m", "pip", "install", "-q", *wanted], check=True, capture_output=True)
    (folder / "measure.py").write_text(_PYPI, "utf-8")
    return [str(python), "-W", "ignore", "measure.py"]


def measured(name: str, install: Callable[[Path], list[str]], *, slow: bool) -> dict[str, object]:
    """Install and measure another implementation; an empty answer where that fails."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        hostile = HOSTILE_FOR_PYPI if slow else HOSTILE
        growing = {str(size): text for size, text in hostile.items()}
        try:
            command = install(folder)
            return {
                "texts": others(command, folder, TEXTS, 20 if slow else 3000),
                "growth": others(command, folder, growing, 1),
            }
        except (OSError, subprocess.CalledProcessError) as failure:
            print(f"{name} is left out: {failure}", file=sys.stderr)
            return {}


def main() -> None:
    """Measure, and print the table and the JSON."""
    x = dialect.make(SimpleNamespace(limit=280))
    growing = {str(size): text for size, text in HOSTILE.items()}
    results: dict[str, dict[str, object]] = {
        "ours, parse": {"texts": ours(parse, TEXTS, 1000), "growth": ours(parse, growing, 3)},
        "ours, measure": {
            "texts": ours(x.measure, TEXTS, 1000),
            "growth": ours(x.measure, growing, 3),
        },
        "npm twitter-text": measured("npm twitter-text", with_npm, slow=False),
        "PyPI twitter-text-parser": measured("twitter-text-parser", with_pypi, slow=True),
    }
    for part, columns in (("texts", list(TEXTS)), ("growth", [str(size) for size in SIZES])):
        print(f"\nµs, {part}".ljust(28) + "".join(column.rjust(12) for column in columns))
        for name, result in results.items():
            times = result.get(part, {})
            cells = (
                f"{times[column]:12.1f}" if column in times else "–".rjust(12) for column in columns
            )
            print(name.ljust(27) + "".join(cells))
    print("\n" + json.dumps(results))


if __name__ == "__main__":
    main()
