"""An admin lets people in, changes what they may do, and shuts them out; each is an audit row."""

from bot.app import App
from bot.domain.errors import UsageError
from bot.domain.people import Role, User
from bot.web.links import one_time


def named(app: App, name: str) -> User:
    """Return somebody by name. Raises UsageError where there is nobody."""
    found = app.store.people.find(name)
    if found is None:
        raise UsageError(f"There is nobody called {name[:60]}; nothing was changed.")
    return found


def invite(app: App, name: str, role: Role, *, url: str, by: str) -> tuple[User, str]:
    """Make an account; return it and the one-time link by which its password is set.

    Raises:
        UsageError: the name cannot be one, or is taken.
    """
    made = app.store.people.add(name, role, by=by, now=app.clock.now())
    return made, one_time(app, made, url, by=by)


def change(
    app: App, user: User, *, role: Role | None = None, disabled: bool | None = None, by: str
) -> User:
    """Give somebody another role, or close or open their account; they are signed out.

    Raises:
        UsageError: it is one's own account, or nobody would be left who is admin.
    """
    if user.name == by:
        raise UsageError("Another admin changes your own account; nothing was changed.")
    now = app.clock.now()
    return app.store.people.change(user, by=by, now=now, role=role, disabled=disabled)


def ask_no_code(app: App, user: User, *, by: str) -> None:
    """Ask somebody for no code at sign-in any more, such as when their phone is lost."""
    people = app.store.people
    was = people.second(user.name)
    people.set_second(user, "", was=was, event="user.code_off", by=by, now=app.clock.now())


def forget_passkeys(app: App, user: User, *, by: str) -> None:
    """Let nobody sign in with somebody's passkeys any more, such as when a device is lost.

    Raises:
        UsageError: they have none.
    """
    app.store.passkeys.remove(user, by=by, now=app.clock.now())
