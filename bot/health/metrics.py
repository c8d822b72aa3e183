"""What Prometheus may know: read from the database when it asks, so that it is true at a restart."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import quantiles

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot import __version__
from bot.app import App
from bot.app.money import reports
from bot.domain.post import State
from bot.health.checks.accounts import ending
from bot.health.life import Life

_EVER = datetime(2000, 1, 1, tzinfo=UTC)


def exposition(app: App, life: Life) -> bytes:
    """Return all metrics in Prometheus' text format. Raises StoreError."""
    registry = CollectorRegistry()
    registry.register(_Metrics(app, life))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _Metrics(Collector):
    def __init__(self, app: App, life: Life) -> None:
        self.app = app
        self.life = life

    def collect(self) -> Iterator[Metric]:
        """Yield every metric as it is now."""
        yield from self._posts()
        yield from self._delivery()
        yield from self._what_lasts()
        yield from self._health()

    def _posts(self) -> Iterator[Metric]:
        posts = GaugeMetricFamily("bot_posts", "Posts by state.", labels=["channel", "state"])
        counts = self.app.store.vitals.states()
        for channel in self.app.settings.channels:
            for state in State:
                posts.add_metric([channel, state], counts.get((channel, state), 0))
        yield posts
        asking = self.app.store.vitals.asking()
        yield GaugeMetricFamily("bot_posts_asking", "Posts that ask somebody.", value=asking)

    def _delivery(self) -> Iterator[Metric]:
        vitals, now = self.app.store.vitals, self.app.clock.now()
        tries = CounterMetricFamily("bot_attempts", "Tries to send.", labels=["channel", "outcome"])
        for (channel, outcome), count in vitals.attempts(since=_EVER).items():
            tries.add_metric([channel, outcome], count)
        yield tries
        last = GaugeMetricFamily(
            "bot_last_live_timestamp_seconds", "When a post went live last.", labels=["channel"]
        )
        for channel, at in vitals.last_live().items():
            last.add_metric([channel], at.timestamp())
        yield last
        yield self._delays(now)
        paused = GaugeMetricFamily("bot_channel_paused", "1 while paused.", labels=["channel"])
        for channel in self.app.settings.channels:
            paused.add_metric([channel], float(channel in vitals.paused()))
        yield paused
        yield from self._money()

    def _money(self) -> Iterator[Metric]:
        spent = GaugeMetricFamily(
            "bot_spend_month_dollars", "Spent this month, as it was billed.", labels=["channel"]
        )
        ahead = GaugeMetricFamily(
            "bot_spend_forecast_dollars", "What this month will have cost.", labels=["channel"]
        )
        cap = GaugeMetricFamily(
            "bot_spend_cap_dollars", "What this month may cost.", labels=["channel"]
        )
        for said in reports(self.app):
            channel = said["channel"]
            spent.add_metric([channel], float(said["month_usd"]))
            ahead.add_metric([channel], float(said["forecast_usd"]))
            if said["month_cap_usd"] is not None:
                cap.add_metric([channel], float(said["month_cap_usd"]))
        yield from (spent, ahead, cap)

    def _delays(self, now: datetime) -> Metric:
        late = GaugeMetricFamily(
            "bot_delay_seconds",
            "From a post's time until it was live, in the last seven days.",
            labels=["channel", "quantile"],
        )
        delays: dict[str, list[float]] = {}
        for channel, seconds in self.app.store.vitals.delays(since=now - timedelta(days=7)):
            delays.setdefault(channel, []).append(seconds)
        for channel, found in delays.items():
            cuts = quantiles(found, n=20, method="inclusive") if len(found) > 1 else found * 19
            late.add_metric([channel, "0.5"], cuts[9])
            late.add_metric([channel, "0.95"], cuts[18])
        return late

    def _what_lasts(self) -> Iterator[Metric]:
        lasting = GaugeMetricFamily(
            "bot_lasting_days", "Days until it runs out.", labels=["channel", "what"]
        )
        for channel in self.app.settings.channels:
            for one in ending(self.app, channel):
                left = (one.until - self.app.clock.now()).total_seconds() / 86_400
                lasting.add_metric([channel, one.what], left)
        yield lasting

    def _health(self) -> Iterator[Metric]:
        alarms = GaugeMetricFamily("bot_alarm", "1 while an alarm lasts.", labels=["key"])
        for key in self.app.store.alarms.all():
            alarms.add_metric([key], 1)
        yield alarms
        failures = GaugeMetricFamily(
            "bot_source_failures", "Readings in a row that failed.", labels=["source"]
        )
        for source in self.app.store.sources.all():
            failures.add_metric([source.name], source.failures)
        yield failures
        age = GaugeMetricFamily("bot_duty_age_seconds", "Since it ended last.", labels=["duty"])
        for duty, seconds in self.life.ages().items():
            age.add_metric([duty], seconds)
        yield age
        ill = GaugeMetricFamily("bot_duty_failing", "1 while it fails.", labels=["duty"])
        failing = self.life.failing()
        for duty in self.life.ages():
            ill.add_metric([duty], float(duty in failing))
        yield ill
        about = GaugeMetricFamily("bot_info", "Always 1.", labels=["version"])
        about.add_metric([__version__], 1)
        yield about
