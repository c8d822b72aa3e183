"""JSON from elsewhere: read once, and asked for its parts without trusting their kinds."""

import json
from typing import Any

from bot.domain.errors import IllFormed


def load(text: str, origin: str) -> Any:
    """Return what a JSON document says. Raises IllFormed."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as exc:
        raise IllFormed(
            f"{origin}, line {exc.lineno}: not JSON ({exc.msg}); nothing was read."
        ) from exc
    except (RecursionError, ValueError) as exc:
        raise IllFormed(f"{origin}: nested too deeply or too large; nothing was read.") from exc


def peek(text: str) -> Any:
    """Return what a JSON document says, None where it is none."""
    if text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "["):
        return None
    try:
        return load(text, "")
    except IllFormed:
        return None


def words(value: Any, *path: str | int) -> str:
    """Return the text at a path of keys; "" where there is none."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step] if -len(value) <= step < len(value) else None
        else:
            return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value)


def rows(value: Any, *path: str) -> list[dict[str, Any]]:
    """Return the objects of the list at a path of keys; none where there is none."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
