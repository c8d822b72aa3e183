"""Can every account post: credentials tried, what runs out soon, pauses, what it may cost."""

from collections.abc import Iterator

from bot import platforms
from bot.app import App
from bot.app.money import reports
from bot.domain.errors import BotError
from bot.domain.health import Check, Lasting


def accounts(app: App) -> Iterator[Check]:
    """Try every account's credentials without posting; one that answers again is resumed."""
    for channel in app.settings.channels:
        try:
            account = app.connect(channel).check()
        except BotError as exc:
            fix = "See README, “Your first real post”; then run `bot preflight` again."
            yield Check(name=f"{channel} account", ok=False, detail=str(exc), fix=fix)
            continue
        now = app.clock.now()
        resumed = app.store.pauses.resume(channel, by="preflight", now=now, only_own=True)
        who = account.name + (f" (@{account.handle})" if account.handle else "")
        detail = who + (", sends again" if resumed else "")
        said = ". ".join((detail, *account.notices))
        yield Check(name=f"{channel} account", ok=True, detail=said)


def spending(app: App) -> Iterator[Check]:
    """Look whether what waits can be paid: what was billed this month, and the caps.

    No platform tells what is left of its credits; that they are used up it says when asked, which
    `accounts` reports.
    """
    for said in reports(app):
        channel = said["channel"]
        if channel not in app.prices:
            continue
        spent, cap, waits = said["month_usd"], said["month_cap_usd"], said["waiting_usd"]
        ok = cap is None or spent + waits <= cap
        of = "no cap is set" if cap is None else f"of ${cap:.2f}"
        detail = (
            f"${spent:.2f} this month, {of}; approved posts will cost ${waits:.2f}, the month about "
            f"${said['forecast_usd']:.2f}"
        )
        fix = "" if ok else f"Raise BOT_{channel.upper()}_CAPS__MONTH, or let posts wait."
        yield Check(name=f"{channel} spending", ok=ok, detail=detail, fix=fix)


def lasting(app: App) -> Iterator[Check]:
    """Look at what runs out at a known time: API versions, sign-ins."""
    now, least = app.clock.now(), app.settings.preflight.lasting_days
    for channel in app.settings.channels:
        for one in ending(app, channel):
            days = (one.until - now).total_seconds() / 86_400
            when = f"{one.until:%d %B %Y}"
            detail = f"until {when}, {days:.0f} days" if days > 0 else f"ended {when}"
            ok = days >= max(least, one.least_days)
            yield Check(
                name=f"{channel} {one.what}", ok=ok, detail=detail, fix="" if ok else one.fix
            )


def ending(app: App, channel: str) -> Iterator[Lasting]:
    """Yield what of a channel runs out at a known time."""
    yield from platforms.lasting(channel, app.settings.platform(channel))
    for one in app.accounts.all():
        if one.channel == channel and one.ends_at is not None:
            fix = f"Sign in again: bot auth {one.platform}."
            yield Lasting(what="sign-in", until=one.ends_at, fix=fix)
