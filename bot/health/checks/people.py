"""Will somebody decide, and hear of it: approvers, and messages that arrive."""

from collections.abc import Iterator

from bot.app import App
from bot.deciding.house import cautions, rules
from bot.domain.errors import ConfigError
from bot.domain.health import Check
from bot.domain.people import Role


def approver(app: App) -> Iterator[Check]:
    """Look whether somebody may approve and can be told that something waits."""
    yield from _policies(app)
    able = [user.name for user in app.store.people.all() if user.may(Role.APPROVER)]
    try:
        app.messages.editors  # noqa: B018 -- read now, so that a wrong address is found
    except ConfigError as exc:
        yield Check(name="approver", ok=False, detail=str(exc), fix="Correct the address.")
        return
    who = ", ".join(able) if able else "nobody at the desk; only the command line"
    if app.settings.messages.editors:
        yield Check(name="approver", ok=True, detail=f"{who}; told by message")
    else:
        # Fine for somebody who sits before it; no address means nobody is woken.
        hint = "BOT_MESSAGES__EDITORS tells them; try it with `bot notify test`."
        yield Check(
            name="approver", ok=True, detail=f"{who}; not told that something waits", fix=hint
        )


def _policies(app: App) -> Iterator[Check]:
    """Say where posts may go out that no person has approved."""
    automatic = dict.fromkeys(rule.channel for rule in rules(app) if rule.automatic)
    if automatic:
        detail = f"clean posts may go out without a person: {', '.join(automatic)}"
        yield Check(name="policy", ok=True, detail=detail, fix=" ".join(cautions(app)))
