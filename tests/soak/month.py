"""A month of the bot's life, played fast: real store, real HTTP, time that jumps.

What happens in it: several articles a day; editors who take their time; broken lines in every
fifth post; a token that expires and is replaced; a LinkedIn API version that ends; an inbox that
cannot be read for hours; a machine that sleeps over the edition; a process that dies with a post
on its way; and, from the end of October on, clocks that change in London and New York.
"""

import contextlib
import ctypes
import gc
import json
import random
import re
import resource
import statistics
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import App
from bot.deciding.rounds import was_unanswered
from bot.domain.post import LIVE, State
from bot.duties import Duties
from bot.edition import approve_by_policy
from bot.health.checks.accounts import accounts
from bot.http.sandbox.faults import Fault, Kind
from bot.pipeline import review
from bot.settings import model
from tests.fakes import FakeClock
from tests.soak.around import beside

KOLKATA = ZoneInfo("Asia/Kolkata")

#: Clocks change on 25 October 2026 in London and on 1 November in New York.
BEGIN = datetime(2026, 10, 20, 0, 0, tzinfo=KOLKATA).astimezone(UTC)

#: How a line can break; hanging ones would make the play wait for real time.
BREAKS = (
    Fault(kind=Kind.ACCEPT_THEN_DROP),
    Fault(kind=Kind.ACCEPT_THEN_500),
    Fault(kind=Kind.DROP_BEFORE),
    Fault(kind=Kind.STATUS, status=503),
    Fault(kind=Kind.EMPTY_201),
)


@dataclass
class Clock(FakeClock):
    """Time that tells others when it moves."""

    follow: object = None

    def advance(self, seconds):
        super().advance(seconds)
        if self.follow:
            self.follow(self.at)


@dataclass
class Day:
    """What one day came to."""

    date: str
    articles: int = 0
    live: int = 0
    faults: int = 0
    told: int = 0
    memory_mb: float = 0
    database_kb: float = 0
    notes: list = field(default_factory=list)


class Month:
    """Plays some days; `judge` says what was missed, doubled or left."""

    def __init__(self, folder, *, days, articles, seed, begin=BEGIN, step=1, around=beside):
        self.folder, self.days, self.articles = folder, days, articles
        self.chance = random.Random(seed)
        self.clock = Clock(at=begin)
        self.around = around
        self.token_works = True
        self.step = step
        self.played = []
        self.written = {}
        self.yes_at = {}
        (folder / "inbox").mkdir(parents=True)

    def play(self):
        with self.around(self.folder, self.clock) as self.world:
            self._start()
            for number in range(self.days):
                self.played.append(self._day(number))
            self._until_all_is_done()
            self.verdict = self._judge()
            self._stop()
        return self.played

    def _settings(self):
        keys = {name: dict(found) for name, found in self.world.keys.items()}
        keys["linkedin"]["version"] = "202511"  # ends in the middle of November 2026
        if not self.token_works:
            keys["linkedin"]["access_token"] = "an-expired-token-0123456789"
        return model()(
            data_dir=self.folder / "data",
            inbox_dir=self.folder / "inbox",
            messages={"operators": self.world.address},
            linkedin_times={"timezone": "Europe/London", "quiet": "23:00-00:30"},
            schedule={"expire_hours": 40, "max_age_hours": 72},
            **keys,
        )

    def _start(self):
        self.app = App(self._settings(), self.clock)
        self.duties = Duties(self.app, threading.Event())
        self.turn = self.app.publishing()
        self.turn.__enter__()

    def _restart(self, *, token_works):
        self._stop()
        self.token_works = token_works
        self._start()

    def _stop(self):
        self.turn.__exit__(None, None, None)
        self.app.close()

    def _day(self, number):
        local = self.clock.now().astimezone(KOLKATA)
        day = Day(date=f"{local:%Y-%m-%d}")
        told = self.world.heard()
        plan = self._happenings(number)
        times = sorted(
            [*self.chance.sample(range(5 * 60, 22 * 60), self.articles - 1), 6 * 60 + 50]
        )
        for minute in self._minutes():
            while self._minute_of_day() < minute:
                self.clock.advance(60 * (minute - self._minute_of_day()))
            while times and times[0] <= minute:
                self._article(times.pop(0), day)
            self._happen(plan, minute, day)
            if minute not in plan.get("asleep", ()):
                self._beat(day)
        self.clock.advance(60 * (24 * 60 - self._minute_of_day()))
        day.told = self.world.heard() - told
        day.live = sum(len(self.world.state.posts(name)) for name in self.world.keys)
        day.memory_mb = _held_mb()
        day.database_kb = (
            sum(path.stat().st_size for path in (self.folder / "data").glob("bot.db*")) / 1024
        )
        return day

    def _minutes(self):
        """Every `step` minutes around the editions of both zones, else every quarter of an hour."""
        near = ((6 * 60 + 45, 8 * 60), (11 * 60 + 30, 12 * 60 + 45))
        close = {minute for start, end in near for minute in range(start, end, self.step)}
        return sorted(close | set(range(0, 24 * 60, 15)))

    def _minute_of_day(self):
        local = self.clock.now().astimezone(KOLKATA)
        return local.hour * 60 + local.minute

    def _happenings(self, number):
        plan = {}
        if number % 7 == 2:
            plan["asleep"] = range(6 * 60, 9 * 60)
        if number % 6 == 3:
            plan["inbox gone"] = range(8 * 60, 14 * 60)
        if number % 10 == 4:
            plan["token expired"] = range(7 * 60, 10 * 60)
        if number % 5 == 1:
            plan["process dies"] = range(7 * 60 + 3, 7 * 60 + 4)
        return plan

    def _happen(self, plan, minute, day):
        self._inbox(plan.get("inbox gone"), minute, day)
        self._token(plan.get("token expired"), minute, day)
        if minute == plan.get("process dies", range(-1, 0)).start:
            day.notes.append("process started anew")
            self._restart(token_works=self.token_works)
        if minute == plan.get("asleep", range(-1, 0)).start:
            day.notes.append("machine asleep 06–09")

    def _inbox(self, gone, minute, day):
        inbox, away = self.folder / "inbox", self.folder / "away"
        if gone and minute in gone and inbox.exists():
            inbox.rename(away)
            day.notes.append("inbox unreadable 6 h")
        elif gone and minute >= gone.stop and away.exists():
            away.rename(inbox)

    def _token(self, expired, minute, day):
        if expired and minute in expired and self.token_works:
            day.notes.append("LinkedIn token expired 3 h")
            self._restart(token_works=False)
        elif expired and minute >= expired.stop and not self.token_works:
            self._restart(token_works=True)
            assert all(check.ok for check in accounts(self.app))  # resumes what was paused

    def _article(self, minute, day):
        local = self.clock.now().astimezone(KOLKATA)
        key = f"{local:%Y-%m-%d}-{minute}"
        percent = self.chance.randint(11, 989) / 10
        crore = self.chance.randint(100, 9_999)
        text = {
            "url": f"https://theshiftmaker.com/articles/{key}",
            "title": f"Bank {key} lends {percent} % more to makers of machines",
            "dek": f"Orders worth ₹{crore} crore came in within a week.",
            "published_at": local.isoformat(),
            "body": [
                f"Bank {key} lent {percent} % more to makers of machines, it said on {local:%A}.",
                f"Orders worth ₹{crore} crore came in within a week, its chief Asha Rao said.",
            ],
        }
        folder = self.folder / ("inbox" if (self.folder / "inbox").exists() else "away")
        (folder / f"{key}.json").write_text(json.dumps(text))
        self.written[key] = self.clock.now()
        day.articles += 1

    def _beat(self, day):
        """Do what the clock would have called, and what an editor does."""
        if self.chance.random() < 0.2 and not self.world.state.faults():
            channel = self.chance.choice(("x", "linkedin"))
            self.world.state.fault(f"{channel}.create", self.chance.choice(BREAKS))
            day.faults += 1
        self.duties.edition()
        self.duties.read()
        self.duties.tick()
        self._editor()
        self.duties.tick()
        self.duties.alarms()
        self.duties.rehearse()

    def _editor(self):
        now = self.clock.now()
        waiting = self.app.store.desk.posts((State.DRAFTED, State.ON_HOLD))
        for post in waiting:
            wait = self.yes_at.setdefault(
                post.id, now + timedelta(minutes=self.chance.randint(0, 45))
            )
            if now < wait:
                continue
            if was_unanswered(post):  # the machine slept through its time
                released = review.release(post, self.app.store.desk, self.clock, by="asha")
                self._approve(released)
            elif post.state is State.DRAFTED:
                self._approve(post)

    def _approve(self, post):
        approve_by_policy(self.app, [post], by="asha", via="desk", despite_warnings=True)

    def _until_all_is_done(self):
        for _ in range(60):
            self.clock.advance(600)
            self._beat(Day(date="after"))
            left = self.app.store.desk.posts(
                (
                    State.DRAFTED,
                    State.ON_HOLD,
                    State.APPROVED,
                    State.SENDING,
                    State.UNCLEAR,
                    State.PUBLISHED,
                )
            )
            if not left:
                return

    def _judge(self):
        posts = self.app.store.desk.posts(tuple(State), limit=100_000)
        live = {channel: self.world.state.posts(channel) for channel in ("x", "linkedin")}
        known = Counter(post.channel for post in posts if post.state in LIVE)
        texts = Counter((channel, _marker(one)) for channel, found in live.items() for one in found)
        expected = {(channel, key) for channel in live for key in self.written}
        return {
            "articles": len(self.written),
            "posts": len(posts),
            "live": {channel: len(found) for channel, found in live.items()},
            "missed": sorted(expected - set(texts)),
            "doubled": sorted(key for key, count in texts.items() if count > 1),
            "unknown_to_us": {c: len(found) - known[c] for c, found in live.items()},
            "not_finished": Counter(p.state for p in posts if p.state is not State.VERIFIED),
            "asks": [post.asks for post in posts if post.asks],
            "audit": self.app.store.audit.verify().findings,
            "database_kb_a_day": self._growth("database_kb", after=0),
            "memory_mb_a_day": self._growth("memory_mb", after=len(self.played) // 3),
        }

    def _growth(self, what, *, after):
        """Return what a day adds by the straight line through all days but the first `after`."""
        found = [getattr(day, what) for day in self.played][after:]
        if len(found) < 2:
            return None
        return round(statistics.linear_regression(range(len(found)), found).slope, 3)


def _marker(post):
    """Return which article a live post is about: every text names its bank."""
    found = re.search(r"\d{4}-\d{2}-\d{2}-\d+", json.dumps(post))
    return found[0] if found else "?"


def _held_mb():
    """Return what this process holds: resident, without what it has freed and glibc kept."""
    gc.collect()
    with contextlib.suppress(AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize() / 1e6
