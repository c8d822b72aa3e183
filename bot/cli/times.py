"""Commands about when things happen: schedule."""

from datetime import datetime
from typing import Any

import typer
from rich.console import Console

from bot.app import App
from bot.cli.base import Json, answer, local, opened
from bot.deciding.outlook import Outlooks
from bot.domain.post import State
from bot.domain.schedule import Day, Timetable, days


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    cli.command()(schedule)


def schedule(as_json: Json = False) -> None:
    """Show when posts go out in the next seven days, in plain words."""
    with opened() as app:
        now = app.clock.now()
        waiting = app.store.desk.posts((State.DRAFTED, State.APPROVED))
        next_for = Outlooks(app, now).of_posts(waiting)
        channels: dict[str, dict[str, Any]] = {
            name: {
                "words": words(table),
                "zone": table.zone.key,
                "days": [_day(day, table) for day in days(table, now)],
                "posts": [
                    {
                        "post": post.id,
                        "state": post.state,
                        "due_at": post.due_at,
                        "outlook": next_for[post.id].text,
                    }
                    for post in waiting
                    if post.channel == name
                ],
            }
            for name, table in app.timing.tables.items()
        }
        value = {"newsroom": app.house.zone.key, "now": now, "channels": channels}

        def show(console: Console) -> None:
            zone = app.house.zone
            console.print(
                f"Now {local(now, zone)}. Articles are read at {_edition(app)} and all day."
            )
            for name, table in app.timing.tables.items():
                console.print(f"\n{name}: {words(table)}")
                for day in days(table, now):
                    console.print(f"  {day.date:%a %d %b}  {_plain(day, table, app)}")
                for post in channels[name]["posts"]:
                    due = _both(post["due_at"], table, app) if post["due_at"] else "no time yet"
                    console.print(
                        f"  post {post['post']} ({post['state']}): {due}. {post['outlook']}"
                    )

        answer(value, as_json=as_json, show=show)


def words(table: Timetable) -> str:
    """Return a timetable in plain words."""
    at = ", ".join(f"{each:%H:%M}" for each in table.times())
    if table.slots:
        said = [f"one post at each of {at} ({table.zone.key})"]
    elif table.waits:
        said = [f"from the edition at {at} ({table.zone.key})"]
    else:
        said = [f"when the article appears; edition at {at} ({table.zone.key})"]
    names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    if len(table.weekdays) < len(names):
        said.append("on " + " ".join(names[day] for day in sorted(table.weekdays)))
    if table.holidays:
        said.append(f"not on {len(table.holidays)} holidays")
    if table.quiet:
        said.append(f"never between {table.quiet[0]:%H:%M} and {table.quiet[1]:%H:%M}")
    if table.spacing:
        said.append(f"at least {table.spacing.total_seconds() / 60:g} minutes apart")
    late = {"send": "at once", "next": "with the next edition or slot", "skip": "never"}[table.late]
    said.append(f"a late post goes out {late}")
    return "; ".join(said) + "."


def _edition(app: App) -> str:
    return f"{app.settings.schedule.edition:%H:%M} ({app.house.zone.key})"


def _day(day: Day, table: Timetable) -> dict[str, Any]:
    here = [moment.astimezone(table.zone) for moment in day.at]
    return {"date": day.date, "at": here, "utc": day.at, "closed": day.closed}


def _plain(day: Day, table: Timetable, app: App) -> str:
    return day.closed or ", ".join(_both(moment, table, app) for moment in day.at)


def _both(moment: datetime, table: Timetable, app: App) -> str:
    """Say a time in the channel's zone and the newsroom's; in UTC where these are one."""
    here = f"{moment.astimezone(table.zone):%H:%M %Z}"
    if table.zone.key == app.house.zone.key:
        return f"{here} ({moment:%H:%M} UTC)"
    return f"{here} ({moment.astimezone(app.house.zone):%H:%M %Z} in the newsroom)"
