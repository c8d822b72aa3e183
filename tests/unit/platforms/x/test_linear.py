"""The work on a hostile text grows as its length does.

Counted are the lines of our own code that run, not seconds; what happens inside a regular
expression is not seen here (its repeats are possessive where they could meet twice) and is
measured by `python -m tests.benchmarks.parse_x`.
"""

import sys
from types import FrameType, SimpleNamespace
from typing import Any

import pytest

from bot.platforms.x import dialect

X = dialect.make(SimpleNamespace(limit=280))
HOSTILE = (
    *("a.", "@", "#", "1", "#1", "(", "a.co/(", "a.co ", "a.co,", ".", "_", "a_", "の.", "の_"),
    *(
        "xn--",
        "a.com",
        "a.comの",
        "の_a.com",
        "-.com",
        "$A ",
        "rt@a",
        "@a/b-",
        "http://a.",
        "http://",
    ),
    *(
        "a.co:1",
        "a.co?",
        "a.co/((a)",
        "\u200d",
        "👨‍",
        "🇮",
        "\u0301\u0323",
        ".みんa",
        "e\u0301",
        '"',
    ),
)


def steps(text: str) -> int:
    """Return how many lines of the platform's code run to measure `text`."""
    counted = 0

    def on_line(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal counted
        counted += event == "line"
        return on_line

    def on_call(frame: FrameType, event: str, _: Any) -> Any:
        ours = "platforms/x" in frame.f_code.co_filename.replace("\\", "/")
        return on_line if ours else None

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        X.measure(text)
    finally:
        sys.settrace(before)
    return counted


@pytest.mark.parametrize("tail", ["", "a.com", "の.みんな"])
@pytest.mark.parametrize("piece", HOSTILE)
def test_four_times_the_text_is_four_times_the_work(piece, tail):
    X.measure("x.ai 👨‍👩‍👧")  # the tables are loaded once
    short, long = (
        steps((piece * size)[: size - size % len(piece)] + tail) for size in (1200, 4800)
    )
    assert long <= 4.2 * short + 200


def test_the_count_sees_work_that_grows_faster():
    rows = steps("a.co " * 200)
    assert steps("a.co " * 800) > 3.5 * rows > 3.5 * 200
