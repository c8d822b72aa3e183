"""What a rehearsal or a test in another process asks the sandbox itself."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from bot.domain.errors import ConfigError
from bot.http.sandbox.faults import Fault
from bot.http.sandbox.scenario import Scenario, check, keep
from bot.http.sandbox.state import State


class FaultOrder(BaseModel):
    """Which fault, for which endpoint, how often."""

    model_config = ConfigDict(extra="forbid")

    endpoint: str
    fault: Fault
    times: int = Field(default=1, ge=1, le=1000)


def mount(app: FastAPI, state: State, endpoints: Sequence[str]) -> None:
    """Add `/_sandbox/*` to `app`; faults may be ordered for `endpoints` ("x.create", …)."""

    async def order(wanted: FaultOrder) -> dict[str, Any]:
        if wanted.endpoint not in endpoints:
            known = ", ".join(sorted(endpoints))
            raise HTTPException(422, f"There is no endpoint {wanted.endpoint}; there are {known}.")
        state.fault(wanted.endpoint, wanted.fault, wanted.times)
        return {"queued": len(state.faults())}

    async def queued() -> list[dict[str, Any]]:
        return [{"endpoint": endpoint, "fault": fault} for endpoint, fault in state.faults()]

    async def script(wanted: Scenario) -> dict[str, Any]:
        try:
            check(wanted, endpoints)
        except ConfigError as exc:
            raise HTTPException(422, str(exc)) from exc
        keep(wanted, state)
        return {"rules": len(wanted.rules)}

    app.add_api_route("/_sandbox/faults", order, methods=["POST"])
    app.add_api_route("/_sandbox/faults", queued, methods=["GET"])
    app.add_api_route("/_sandbox/scenario", script, methods=["POST"])
    _mount_reading(app, state)


def _mount_reading(app: FastAPI, state: State) -> None:
    async def posts(platform: str = "", deleted: bool = False) -> dict[str, Any]:
        names = [platform] if platform else state.platforms()
        return {name: state.posts(name, deleted=deleted) for name in names}

    async def calls(endpoint: str | None = None) -> list[dict[str, Any]]:
        return state.calls(endpoint)

    async def reset() -> dict[str, Any]:
        state.reset()
        return {"reset": True}

    app.add_api_route("/_sandbox/posts", posts, methods=["GET"])
    app.add_api_route("/_sandbox/calls", calls, methods=["GET"])
    app.add_api_route("/_sandbox/reset", reset, methods=["POST"])
