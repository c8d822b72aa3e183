"""People: who may sign in, and what each may do."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from starlette.responses import Response

from bot.domain.people import Role, User
from bot.web import people
from bot.web.api.access import Caller, Managing
from bot.web.api.models import Taken, example
from bot.web.api.once import OnceRoute
from bot.web.api.problems import ALWAYS, CHANGES, ONE, as_missing
from bot.web.links import one_time

router = APIRouter(route_class=OnceRoute, tags=["people"], responses=ALWAYS)

Name = Annotated[str, Path(max_length=40)]


class Person(BaseModel):
    """Somebody who may sign in."""

    name: str
    role: Role
    disabled: bool
    created_at: datetime


class Everybody(BaseModel):
    """Everybody who may sign in."""

    items: list[Person]


class NewPerson(Taken):
    """Somebody to let in."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")
    role: Role

    model_config = example({"name": "ravi.k", "role": "editor"})


class Invited(Person):
    """Somebody, and the one-time link by which they set their password."""

    link: str


class ChangedPerson(Taken):
    """What shall be different about somebody."""

    role: Role | None = None
    disabled: bool | None = None

    model_config = example({"role": "approver"})


@router.get("/users")
def users(caller: Managing) -> Everybody:
    """List everybody who may sign in."""
    return Everybody(items=[_person(user) for user in caller.app.store.people.all()])


@router.post("/users", responses=CHANGES)
def invite(caller: Managing, wanted: NewPerson) -> Invited:
    """Let somebody in; the link is for them alone."""
    app, by = caller.app, caller.user.name
    made, link = people.invite(app, wanted.name, wanted.role, url=app.settings.desk.address, by=by)
    return Invited(**dict(_person(made)), link=link)


@router.patch("/users/{name}", responses=ONE | CHANGES)
def change_user(caller: Managing, name: Name, wanted: ChangedPerson) -> Person:
    """Give somebody another role, or close or open their account; they are signed out."""
    found, by = _named(caller, name), caller.user.name
    changed = people.change(caller.app, found, role=wanted.role, disabled=wanted.disabled, by=by)
    return _person(changed)


@router.post("/users/{name}/link", responses=ONE | CHANGES)
def new_link(caller: Managing, name: Name) -> Invited:
    """Make somebody a new one-time link; an earlier one is void."""
    found = _named(caller, name)
    link = one_time(caller.app, found, caller.app.settings.desk.address, by=caller.user.name)
    return Invited(**dict(_person(found)), link=link)


@router.delete("/users/{name}/code", status_code=204, responses=ONE | CHANGES)
def ask_no_code(caller: Managing, name: Name) -> Response:
    """Ask somebody for no code at sign-in any more, such as when their phone is lost."""
    people.ask_no_code(caller.app, _named(caller, name), by=caller.user.name)
    return Response(status_code=204)


@router.delete("/users/{name}/passkeys", status_code=204, responses=ONE | CHANGES)
def forget_passkeys(caller: Managing, name: Name) -> Response:
    """Let nobody sign in with somebody's passkeys any more, such as when a device is lost."""
    people.forget_passkeys(caller.app, _named(caller, name), by=caller.user.name)
    return Response(status_code=204)


def _named(caller: Caller, name: str) -> User:
    with as_missing():
        return people.named(caller.app, name)


def _person(user: User) -> Person:
    closed = user.disabled_at is not None
    return Person(name=user.name, role=user.role, disabled=closed, created_at=user.created_at)
