"""What can be computed in the documents: `python -m tests.architecture.documents` rewrites it."""

import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from bot.cli import MODULES
from bot.cli.lazy import commands_of
from bot.domain.post import NEXT
from bot.settings import NESTED, PREFIX, model
from tests import errors

ROOT = Path(__file__).resolve().parents[2]

_HEAD = """\
# Every setting of the bot, with its default. Copy to .env and remove the # before what you change.
# The environment wins over .env. Any NAME may also be given as NAME_FILE: the path of a file that
# holds the value (for secrets). An unknown or malformed name stops the bot and is named.
"""


def example() -> str:
    """Return the text of `.env.example`."""
    return _HEAD + "\n".join(_group(model(), PREFIX, "General")) + "\n"


def _group(settings: type[BaseModel], prefix: str, title: str) -> Iterator[str]:
    groups = {}
    yield f"\n# ---- {title} " + "-" * (90 - len(title))
    for name, field in settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            groups[name] = kind
            continue
        yield from textwrap.wrap(
            field.description or "", 98, initial_indent="# ", subsequent_indent="# "
        )
        yield f"#{prefix}{name.upper()}={_shown(field)}"
    for name, kind in groups.items():
        first = (kind.__doc__ or name).strip().splitlines()[0]
        yield from _group(kind, f"{prefix}{name.upper()}{NESTED}", first.rstrip("."))


def _shown(field: FieldInfo) -> str:
    value: Any = field.get_default(call_default_factory=True)
    if isinstance(value, SecretStr) or value is None:
        return ""
    if value == {}:
        return ""
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Path):
        return str(value)
    return f"{value:%H:%M}" if hasattr(value, "hour") else str(value)


def diagram() -> str:
    """Return the state diagram in Mermaid."""
    arrows = [f"    {a} --> {b}" for a, following in NEXT.items() for b in sorted(following)]
    return "\n".join(["stateDiagram-v2", "    [*] --> drafted", *arrows])


def index() -> str:
    """Return the text of `bot/cli/index.py`: every command, its module and what it is for."""
    lines = [
        '"""Every command, its module and what it is for; written by `make docs`."""\n',
        "COMMANDS: dict[str, tuple[str, str]] = {",
    ]
    for module in MODULES:
        for name, command in commands_of(module).items():
            text = " ".join((command.help or "").split("\n\n")[0].split())
            one = f"    {json.dumps(name)}: ({json.dumps(module)}, {json.dumps(text, ensure_ascii=False)}),"
            lines += [one] if len(one) <= 100 else _folded(name, module, text)
    return "\n".join([*lines, "}"]) + "\n"


def _folded(name: str, module: str, text: str) -> list[str]:
    return [
        f"    {json.dumps(name)}: (",
        *(f"        {json.dumps(part, ensure_ascii=False)}," for part in (module, text)),
        "    ),",
    ]


def main() -> None:
    """Write `.env.example`, `docs/errors.md`, the index of commands, and the diagram."""
    (ROOT / "docs" / "errors.md").write_text(errors.page(), encoding="utf-8")
    (ROOT / "bot" / "cli" / "index.py").write_text(index(), encoding="utf-8")
    (ROOT / ".env.example").write_text(example(), encoding="utf-8")
    page = ROOT / "ARCHITECTURE.md"
    text = page.read_text(encoding="utf-8")
    drawn = re.sub(r"(?s)stateDiagram-v2.*?(?=\n```)", lambda _: diagram(), text)
    page.write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
