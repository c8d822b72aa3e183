"""A few days of the month that `python -m tests.soak` plays whole: nothing missed, nothing doubled."""

from datetime import UTC, datetime

import pytest

from tests.soak.month import KOLKATA, Month


@pytest.mark.parametrize(
    "begin",
    [
        datetime(2026, 10, 24, tzinfo=KOLKATA),  # clocks go back in London on the 25th
        datetime(2026, 11, 14, tzinfo=KOLKATA),  # the API version ends on the 15th
    ],
    ids=["clocks-change", "version-ends"],
)
def test_days_pass_without_a_post_missed_or_doubled(tmp_path, begin):
    month = Month(tmp_path, days=2, articles=2, seed=7, begin=begin.astimezone(UTC), step=6)
    month.play()
    verdict = month.verdict
    assert (verdict["missed"], verdict["doubled"]) == ([], []), verdict
    assert verdict["live"] == {"x": 4, "linkedin": 4}
    assert verdict["unknown_to_us"] == {"x": 0, "linkedin": 0}
    assert verdict["audit"] == ()
    assert sum(day.faults for day in month.played) > 0
