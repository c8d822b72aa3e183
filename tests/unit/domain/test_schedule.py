"""When a channel posts: every day of the year, in zones with and without summer time."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ConfigError
from bot.domain.schedule import (
    Late,
    Ruling,
    Timetable,
    closed,
    days,
    instant,
    latest,
    next_open,
    planned,
    read_holidays,
    ruling,
)

KOLKATA, LONDON, NEW_YORK = map(ZoneInfo, ("Asia/Kolkata", "Europe/London", "America/New_York"))
HOUR = timedelta(hours=1)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def table(zone=KOLKATA, **given):
    return Timetable(zone=zone, edition=given.pop("edition", time(7)), **given)


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        (date(2026, 11, 23), time(7), KOLKATA, utc(2026, 11, 23, 1, 30)),
        (date(2027, 3, 28), time(7), LONDON, utc(2027, 3, 28, 6)),
        (date(2027, 3, 27), time(7), LONDON, utc(2027, 3, 27, 7)),
        (date(2027, 3, 28), time(1, 30), LONDON, utc(2027, 3, 28, 1)),  # the gap: 02:00 BST
        (date(2026, 10, 25), time(1, 30), LONDON, utc(2026, 10, 25, 0, 30)),  # twice: the first
        (date(2027, 3, 14), time(2, 30), NEW_YORK, utc(2027, 3, 14, 7)),  # 03:00 EDT
        (date(2026, 11, 1), time(1, 30), NEW_YORK, utc(2026, 11, 1, 5, 30)),
        # The spring change at midnight, at which a cron of APScheduler skips a day.
        (date(2018, 11, 4), time(0), ZoneInfo("America/Sao_Paulo"), utc(2018, 11, 4, 3)),
    ],
)
def test_the_instant_of_a_local_time(day, at, zone, expected):
    assert instant(day, at, zone) == expected


@given(
    st.sampled_from([KOLKATA, LONDON, NEW_YORK, ZoneInfo("Australia/Lord_Howe")]),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_there_is_one_edition_on_every_day_of_two_years(zone, at):
    first = date(2026, 1, 1)
    found = [instant(first + timedelta(days=n), at, zone) for n in range(730)]
    for day, (one, next_one) in enumerate(pairwise(found)):
        assert timedelta(hours=22) <= next_one - one <= timedelta(hours=26)
        assert one.astimezone(zone).date() == first + timedelta(days=day)


def test_the_last_edition_is_today_s_once_it_was():
    assert latest(time(7), KOLKATA, utc(2026, 11, 23, 1, 30)) == utc(2026, 11, 23, 1, 30)
    assert latest(time(7), KOLKATA, utc(2026, 11, 23, 1, 29)) == utc(2026, 11, 22, 1, 30)


def test_quiet_hours_run_over_midnight():
    quiet = table(quiet=(time(22), time(6, 30)))
    assert closed(utc(2026, 11, 23, 17), quiet) == "quiet hours 22:00 to 06:30"  # 22:30
    assert next_open(utc(2026, 11, 23, 17), quiet) == utc(2026, 11, 24, 1)
    assert closed(utc(2026, 11, 24, 1), quiet) == ""


def test_quiet_hours_that_end_in_the_gap_end_after_it():
    quiet = table(LONDON, quiet=(time(22), time(1, 30)))
    assert next_open(utc(2027, 3, 27, 23), quiet) == utc(2027, 3, 28, 1)


def test_weekends_and_holidays_are_waited_out():
    strict = table(weekdays=frozenset(range(5)), holidays=frozenset({date(2026, 11, 23)}))
    saturday = utc(2026, 11, 21, 6)
    assert next_open(saturday, strict).astimezone(KOLKATA) == datetime(2026, 11, 24, tzinfo=KOLKATA)


def test_a_timetable_without_any_time_says_so():
    never = table(slots=(time(23),), quiet=(time(22), time(6)))
    with pytest.raises(ConfigError, match="no time to post"):
        next_open(utc(2026, 11, 23), never)


def test_posts_wait_for_their_channel_s_edition():
    late = table(edition=time(8, 30), waits=True)
    now = utc(2026, 11, 23, 1, 30)
    assert planned(date(2026, 11, 23), late, not_before=now) == utc(2026, 11, 23, 3)
    after = utc(2026, 11, 23, 5)
    assert planned(date(2026, 11, 23), late, not_before=after) == after


def test_an_embargo_is_kept_within_the_slots():
    slots = table(slots=(time(7), time(12, 30), time(18)))
    embargo = utc(2026, 11, 23, 3)  # 08:30
    noon = utc(2026, 11, 23, 7)
    assert planned(date(2026, 11, 23), slots, not_before=embargo) == noon
    evening = planned(date(2026, 11, 23), slots, not_before=embargo, taken=[noon])
    assert evening == utc(2026, 11, 23, 12, 30)


@given(st.lists(st.integers(0, 600), max_size=12), st.integers(1, 120))
def test_spacing_holds_against_every_other_post(minutes, apart):
    spaced = table(spacing=timedelta(minutes=apart))
    start = utc(2026, 11, 23, 1, 30)
    taken = [start + timedelta(minutes=n) for n in minutes]
    at = planned(date(2026, 11, 23), spaced, not_before=start, taken=taken)
    assert at >= start
    assert all(abs(at - other) >= spaced.spacing for other in taken)


def test_a_late_post_goes_where_the_policy_says():
    due = utc(2026, 11, 23, 1, 30)
    woke = due + 5 * HOUR
    assert ruling(woke, table(), ready=due) is Ruling.SEND
    assert ruling(woke, table(late=Late.SKIP), ready=due) is Ruling.MISSED
    assert ruling(due + HOUR, table(late=Late.SKIP), ready=due) is Ruling.SEND
    following = table(late=Late.NEXT)
    assert ruling(woke, following, ready=due) is Ruling.WAIT
    assert ruling(due + 24 * HOUR, following, ready=due) is Ruling.SEND


def test_a_post_approved_late_is_not_a_late_post():
    due = utc(2026, 11, 23, 1, 30)
    assert ruling(due + 5 * HOUR, table(late=Late.SKIP), ready=due + 5 * HOUR) is Ruling.SEND


def test_spacing_is_kept_when_many_posts_are_due_at_once():
    spaced = table(spacing=HOUR)
    now = utc(2026, 11, 23, 6)
    assert ruling(now, spaced, ready=now, last=now - HOUR / 2) is Ruling.WAIT
    assert ruling(now, spaced, ready=now, last=now - HOUR) is Ruling.SEND


def test_a_clock_set_back_holds_no_post_up_for_a_day():
    spaced = table(spacing=HOUR)
    now = utc(2026, 11, 23, 6)
    assert ruling(now, spaced, ready=now, last=now + 24 * HOUR) is Ruling.SEND


def test_the_week_says_when_and_why_not():
    week = list(
        days(
            table(weekdays=frozenset(range(6)), holidays=frozenset({date(2026, 11, 25)})),
            utc(2026, 11, 23, 1),
        )
    )
    assert [day.date.day for day in week] == list(range(23, 30))
    assert week[0].at == (utc(2026, 11, 23, 1, 30),)
    assert {day.date.day: day.closed for day in week if day.closed} == {
        25: "holiday",
        29: "no posting day",
    }


def test_a_holidays_file_has_comments_and_names_its_wrong_line():
    text = "# 2026\n2026-11-25 Guru Nanak Jayanti\n\n2026-12-25  # Christmas\n"
    assert read_holidays(text, "h") == {date(2026, 11, 25), date(2026, 12, 25)}
    with pytest.raises(ConfigError, match=r"h, line 2: '25\.12\.2026' is not a day"):
        read_holidays("2026-11-25\n25.12.2026 Christmas", "h")
    with pytest.raises(ConfigError, match="line 1"):
        read_holidays("2026-02-30", "h")
