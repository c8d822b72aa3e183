"""How the stand-in X reads a request and words a refusal."""

from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.http.sandbox import Answer, Call, Refused

#: Milliseconds of X's first id (X, "X IDs").
_EPOCH_MS = 1288834974657

Model = TypeVar("Model", bound=BaseModel)


class Strict(BaseModel):
    """A body with `additionalProperties: false`, as X's specification has it."""

    model_config = ConfigDict(extra="forbid", strict=True)


def snowflake(call: Call) -> str:
    """Return a new id: time-ordered, never given twice."""
    milliseconds = int(call.now.timestamp() * 1000) - _EPOCH_MS
    return str(call.state.next("x.ids", at_least=milliseconds << 22))


def stamp(moment: datetime) -> str:
    """Return a time as X writes it: `2026-11-23T06:30:00.000Z`."""
    moment = moment.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def problem(status: int, detail: str, *, title: str = "", kind: str = "") -> Refused:
    """Return X's problem document as something to raise. `kind` is the type's last part."""
    titles = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
    body = {
        "title": title or titles.get(status, "Error"),
        "detail": detail,
        "type": f"https://api.twitter.com/2/problems/{kind}" if kind else "about:blank",
        "status": status,
    }
    return Refused(Answer(status=status, body=body))


def invalid(message: str, **parameters: Any) -> Refused:
    """Return X's 400 for a parameter as something to raise."""
    shown = {name: [str(value)] for name, value in parameters.items()}
    body = {
        "errors": [{"parameters": shown, "message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": "https://api.x.com/2/problems/invalid-request",
    }
    return Refused(Answer(status=400, body=body))


def missing(value: str, parameter: str = "id", resource: str = "tweet") -> dict[str, str]:
    """Return X's entry in `errors` for something that is not there."""
    return {
        "value": value,
        "detail": f"Could not find {resource} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": "https://api.twitter.com/2/problems/resource-not-found",
    }


def json_object(call: Call) -> dict[str, Any]:
    """Return the body's JSON object, or refuse."""
    try:
        body = call.json()
    except ValueError as exc:
        raise invalid("The request body is not valid JSON.") from exc
    if not isinstance(body, dict):
        raise invalid("$: object expected")
    return body


def unknown_field(path: str) -> Refused:
    """Return the 400 for a field the specification does not have."""
    return invalid(
        f"$.{path}: is not defined in the schema and the schema does not allow additional"
        " properties"
    )


def parsed(model: type[Model], call: Call) -> Model:
    """Return the body as `model`, or refuse it the way X does."""
    body = json_object(call)
    try:
        return model.model_validate(body)
    except ValidationError as exc:
        error = exc.errors(include_url=False, include_context=False)[0]
        path = ".".join(str(part) for part in error["loc"])
        if error["type"] == "extra_forbidden":
            raise unknown_field(path) from exc
        raise invalid(f"$.{path}: {error['msg'].lower()}", **{path: error.get("input")}) from exc
