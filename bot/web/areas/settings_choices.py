"""Settings: schedule and policies, as the house's own file of choices."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from bot import steering
from bot.deciding.house import cautions, rules
from bot.domain.errors import ConfigError
from bot.web.areas.settings_people import PAGES
from bot.web.desk import AtDesk, Desk, Managing, go

router = APIRouter()


@router.get("/settings/schedule")
def schedule(request: Request, desk: AtDesk, user: Managing) -> Response:
    """Show when articles are read and posts go out."""
    del user
    return _page(request, desk, "schedule")


@router.get("/settings/policies")
def policies(request: Request, desk: AtDesk, user: Managing) -> Response:
    """Show who approves, where links go, how cards look, when editors are asked."""
    del user
    return _page(request, desk, "policies")


async def fields(request: Request) -> dict[str, str]:
    """Return what was typed."""
    form = await request.form()
    return {
        name: value for name, value in form.items() if name != "csrf" and isinstance(value, str)
    }


Typed = Annotated[dict[str, str], Depends(fields)]


@router.post("/settings/schedule")
def save_schedule(request: Request, desk: AtDesk, user: Managing, typed: Typed) -> Response:
    """Keep another schedule."""
    return _save(request, desk, user.name, "schedule", typed)


@router.post("/settings/policies")
def save_policies(request: Request, desk: AtDesk, user: Managing, typed: Typed) -> Response:
    """Keep other policies."""
    return _save(request, desk, user.name, "policies", typed)


def _save(request: Request, desk: Desk, by: str, page: str, typed: dict[str, str]) -> Response:
    try:
        changed = steering.change(desk.app, page, typed, by=by)
    except ConfigError as exc:
        return _page(request, desk, page, typed=typed, trouble=str(exc))
    text = f"Saved: {', '.join(changed)}." if changed else "Nothing was different."
    if any(name.startswith("BOT_APPROVAL__") for name in changed):
        text = " ".join([text, *cautions(desk.app)])
    return go(f"/settings/{page}", flash=text)


def _page(
    request: Request,
    desk: Desk,
    page: str,
    *,
    typed: dict[str, str] | None = None,
    trouble: str = "",
) -> Response:
    return desk.page(
        request,
        "settings_choices.html",
        status=422 if trouble else 200,
        pages=PAGES,
        page=page,
        choices=steering.choices(desk.app, page),
        rules=rules(desk.app) if page == "policies" else [],
        typed=typed or {},
        trouble=trouble,
    )
