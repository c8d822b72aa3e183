"""What is missing that should be there by now, and what else is wrong: the causes of alarms."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

from bot.app import App
from bot.app.money import reports
from bot.domain.health import Trouble
from bot.domain.post import Post
from bot.domain.schedule import closed, instant

#: Tries of an hour below which a share says nothing.
_FEW = 4

#: Events that are told for so long, and how many of the newest are looked through.
_REMEMBERED = timedelta(hours=1)
_RECENT = 500

#: Alarms of the history that no state tells of by itself.
_HAPPENED = {
    "post.double_alarm": "may be live twice",
    "post.expired": "has expired",
    "post.failed": "was refused",
    "post.incomplete": "is live in part",
    "post.overdue": "is overdue",
}

_NO_ARTICLE = (
    "None of the sources has shown a new article today. Nothing was posted. Is the site "
    "publishing? `bot source list` and `bot doctor` show what can be read."
)
_NOT_APPROVED = (
    "Today's posts wait for somebody to approve them; nothing goes out before. `bot queue` and "
    "the desk show them."
)
_NOT_LIVE = (
    "Posts were approved, and none is live today. They are kept. `bot queue` says what holds them "
    "up."
)


def causes(app: App) -> Iterator[Trouble]:
    """Yield everything that is wrong just now. Raises StoreError."""
    for find in _CAUSES:
        yield from find(app)


def morning(app: App) -> Iterator[Trouble]:
    """Say which link of the chain is missing today: article, approval, post. Only the first one."""
    choices, vitals, now = app.settings.alarms, app.store.vitals, app.clock.now()
    if not _posting_day(app, now):
        return
    zone = app.house.zone
    today = now.astimezone(zone).date()
    since = instant(today, time(0), zone)
    chain = (
        (vitals.articles, choices.article_by, "No article", _NO_ARTICLE),
        (vitals.approvals, choices.approved_by, "Nothing approved", _NOT_APPROVED),
        (vitals.live, choices.live_by, "Nothing live", _NOT_LIVE),
    )
    for count, by, title, text in chain:
        if count(since=since):
            continue
        if now >= instant(today, by, zone):
            yield Trouble(
                key=f"{title.lower()} {today}",
                title=f"{title} by {by:%H:%M}",
                text=text,
                until=instant(today + timedelta(days=1), time(0), zone),
            )
        return


def stuck(app: App) -> Iterator[Trouble]:
    """Find approved posts whose time is long over, which no timetable or pause holds back."""
    minutes, now = app.settings.alarms.stuck_minutes, app.clock.now()
    paused = app.store.vitals.paused()
    late = [
        (number, channel)
        for number, channel, _, _ in app.store.vitals.stuck(
            due_before=now - timedelta(minutes=minutes)
        )
        if channel not in paused and _may_go(app, app.store.desk.post(number))
    ]
    if late:
        numbers = ", ".join(str(number) for number, _ in late[:10])
        yield Trouble(
            key="queue-stuck",
            title=f"{len(late)} approved posts do not go out",
            text=f"Posts {numbers} are more than {minutes:g} minutes late. They are kept. Is "
            "`bot run` running with its publisher? `bot show POST` says what held each up.",
        )


def paused(app: App) -> Iterator[Trouble]:
    """Say which channels send nothing."""
    for channel, reason in app.store.vitals.paused().items():
        yield Trouble(
            key=f"paused {channel}",
            title=f"{channel} is paused",
            text=f"{reason} Nothing is sent there; posts wait. `bot preflight` tries the account, "
            f"`bot resume {channel}` goes on.",
        )


def questions(app: App) -> Iterator[Trouble]:
    """Say that posts ask somebody something."""
    if asking := app.store.vitals.asking():
        yield Trouble(
            key="questions",
            title="The bot asks about posts",
            text=f"{asking} posts need an answer from somebody who looks at the platform. Nothing "
            "is sent twice meanwhile. `bot queue` shows the questions.",
        )


def errors(app: App) -> Iterator[Trouble]:
    """Find a channel most of whose tries fail."""
    since = app.clock.now() - timedelta(hours=1)
    tries: dict[str, list[int]] = {}
    for (channel, outcome), count in app.store.vitals.attempts(since=since).items():
        total = tries.setdefault(channel, [0, 0])
        total[0] += count
        total[1] += 0 if outcome == "published" else count
    for channel, (all_, failed) in tries.items():
        if all_ >= _FEW and failed / all_ >= app.settings.alarms.error_rate:
            yield Trouble(
                key=f"errors {channel}",
                title=f"{channel}: {failed} of {all_} tries failed within an hour",
                text="What failed is kept and tried again where that is safe. `bot show POST` says "
                "what the platform answered.",
            )


def sources(app: App) -> Iterator[Trouble]:
    """Say which sources cannot be read."""
    for source in app.store.sources.all():
        if source.failures >= _FEW and not source.paused:
            yield Trouble(
                key=f"source {source.name}",
                title=f"The source {source.name} cannot be read",
                text=f"{source.trouble} It failed {source.failures} times in a row; its articles "
                "are read as soon as it answers.",
            )


def sign_ins(app: App) -> Iterator[Trouble]:
    """Say who has to sign in again soon; each number of days left is a trouble of its own."""
    for one in app.accounts.warnings():
        title = f"{one.channel}: sign in again" + (
            f" within {one.days} days" if one.days else " now"
        )
        yield Trouble(
            key=f"sign-in {one.channel} {one.days}",
            title=title,
            text=one.message,
            until=app.clock.now(),  # a nearer number of days takes its place without an all-clear
        )


def spending(app: App) -> Iterator[Trouble]:
    """Say when this month will have cost too much, by what was really billed (`bot spend`)."""
    most, now = app.settings.alarms.spend_month, app.clock.now().astimezone(app.house.zone)
    if not most:
        return
    found = reports(app)
    spent = sum(float(one["month_usd"]) for one in found)
    forecast = sum(float(one["forecast_usd"]) for one in found)
    if forecast > most:
        start = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        yield Trouble(
            key=f"spending {start:%Y-%m}",
            title=f"The platforms will cost about ${forecast:.2f} this month, more than ${most:.2f}",
            text=f"${spent:.2f} were spent so far. Nothing was stopped; BOT_X_CAPS__MONTH would. "
            "Posts without a link cost a thirteenth: BOT_LINKS__X=card_only. `bot spend` shows on "
            "what it went.",
            until=(start + timedelta(days=32)).replace(day=1),
        )


def happened(app: App) -> Iterator[Trouble]:
    """Say what became of posts within the last hour that nobody can undo, only know.

    What still is as it was then (a paused channel, a question) is a trouble of its own.
    """
    now, history = app.clock.now(), app.store.history
    for number, event in history.alarms(after=history.newest() - _RECENT, limit=_RECENT):
        if event.name in _HAPPENED and now - event.at < _REMEMBERED:
            said = event.detail.get("reason") or event.detail.get("alarm") or ""
            post = f"Post {event.post_id}" if event.post_id else "A post"
            yield Trouble(
                key=f"event {number}",
                title=f"{post} {_HAPPENED[event.name]}",
                text=f"{said} `bot show {event.post_id}` has every try.".strip(),
                until=now,  # nobody is told that it is right again
            )


_CAUSES: tuple[Callable[[App], Iterator[Trouble]], ...] = (
    morning,
    stuck,
    paused,
    questions,
    errors,
    sources,
    sign_ins,
    spending,
    happened,
)


def _posting_day(app: App, now: datetime) -> bool:
    tables = app.timing.tables.values()
    zone = app.house.zone
    today = now.astimezone(zone).date()
    return any(
        not closed(instant(today, at, table.zone), table)
        for table in tables
        for at in table.times()
    )


def _may_go(app: App, post: Post) -> bool:
    return app.timing.ruling(post) == "send" and (
        post.grace_until is None or post.grace_until <= app.clock.now()
    )
