"""The bot's work in figures and plots."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

from bot.app import App
from bot.domain.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What went out, day by day of the newsroom.

    Attributes:
        posts: by channel, how many on each of `days`.
        delays: by channel, seconds from each post's time until it was live.
        cost: US dollars, as they were billed.
    """

    days: tuple[date, ...]
    posts: Mapping[str, list[int]]
    delays: Mapping[str, list[float]]
    cost: float

    def delay(self, channel: str) -> tuple[float, float]:
        """Return the median and the 95th percentile in seconds; zeros where nothing went out."""
        found = self.delays.get(channel, [])
        if len(found) < 2:
            return (found[0], found[0]) if found else (0.0, 0.0)
        cuts = quantiles(found, n=20, method="inclusive")
        return cuts[9], cuts[18]

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain JSON values."""
        return {
            "days": [day.isoformat() for day in self.days],
            "posts": dict(self.posts),
            "delay_seconds": {
                channel: dict(zip(("median", "p95"), self.delay(channel), strict=True))
                for channel in self.posts
            },
            "cost_usd": round(self.cost, 3),
        }


def figures(app: App, count: int) -> Figures:
    """Return the figures of the last days, today included."""
    zone = app.house.zone
    today = app.clock.now().astimezone(zone).date()
    days = tuple(today - timedelta(days=n) for n in range(count - 1, -1, -1))
    start = datetime.combine(days[0], time(), zone)
    end = datetime.combine(today + timedelta(days=1), time(), zone)
    place = {day: number for number, day in enumerate(days)}
    posts = {channel: [0] * count for channel in app.settings.channels}
    for channel, at in app.store.record.times(start, end):
        posts.setdefault(channel, [0] * count)[place[at.astimezone(zone).date()]] += 1
    delays: dict[str, list[float]] = {}
    for channel, seconds in app.store.vitals.delays(since=start):
        delays.setdefault(channel, []).append(seconds)
    cost = float(app.store.spending.spent_in_all(start))
    return Figures(days=days, posts=posts, delays=delays, cost=cost)


def plots(found: Figures, *, width: int) -> str:
    """Return a bar plot of posts a day for a terminal, in plain characters."""
    import plotext  # noqa: PLC0415 -- loaded by the one command that plots

    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(width, 14)
    plotext.title("Posts a day")
    labels = [f"{day:%d %b}" for day in found.days]
    channels = list(found.posts)
    plotext.multiple_bar(labels, [found.posts[one] for one in channels], labels=channels)
    return str(plotext.uncolorize(plotext.build()))


def draw(found: Figures, path: Path) -> None:
    """Draw posts a day and delays into a PNG or SVG file. Raises ConfigError."""
    try:
        import matplotlib as mpl  # noqa: PLC0415 -- an extra
    except ImportError as exc:
        raise ConfigError(
            'Charts need matplotlib: pip install "shiftmaker-bot[charts]". Nothing was drawn; the '
            "plots in the terminal need nothing."
        ) from exc
    mpl.use("agg")
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(9, 5.5), layout="constrained")
    above, below = figure.subplots(2, 1)
    labels = [f"{day:%d %b}" for day in found.days]
    base = [0] * len(labels)
    for channel, counts in found.posts.items():
        above.bar(labels, counts, bottom=base, label=channel)
        base = [a + b for a, b in zip(base, counts, strict=True)]
    above.set_ylabel("posts")
    above.legend()
    above.tick_params(axis="x", rotation=60, labelsize=7)
    named = {channel: late for channel, late in found.delays.items() if late}
    if named:
        below.hist(list(named.values()), bins=30, label=list(named))
        below.legend()
    below.set_xlabel("seconds from a post's time until it was live")
    below.set_ylabel("posts")
    try:
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    except OSError as exc:
        raise ConfigError(f"{path} cannot be written ({exc.strerror}). Name another file.") from exc
