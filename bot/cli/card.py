"""`bot card`: draw an article's card into a file, once or whenever a template changes."""

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.app import App
from bot.cards.draw import report
from bot.cli.base import Json, answer, console, opened
from bot.domain.card import Card
from bot.domain.errors import BotError, UsageError
from bot.domain.post import Level
from bot.pipeline.draft import composed_for, faced
from bot.templates import search_path

#: Seconds between two looks for a saved template.
PAUSE = 0.5


def register(cli: typer.Typer) -> None:
    """Add this module's command."""
    cli.command()(card)


def card(  # noqa: PLR0913, PLR0917 -- one option each
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="An address or a file.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The file to write; else card.png, or card.pdf."),
    ] = None,
    platform: Annotated[str, typer.Option("--platform", "-p", help="x or linkedin.")] = "x",
    layout: Annotated[str, typer.Option("--layout", help="Instead of BOT_CARDS__LAYOUT.")] = "",
    variant: Annotated[str, typer.Option("--variant", help="dark or light.")] = "",
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Draw again whenever a template or the article is saved."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Draw the card of an article, and say how well it can be read."""
    with opened() as app:
        if platform not in app.dialects:
            raise UsageError(f"--platform {platform}: there is {', '.join(app.dialects)}.")
        if watch:
            _watch(app, article, platform, (layout, variant), out)
            return
        made, value = _make(app, article, platform, (layout, variant), out)
    answer(value, as_json=as_json, show=lambda console: _show(console, value))
    if any(found.level is Level.BLOCK for found in made.findings):
        raise typer.Exit(1)


def _make(
    app: App, where: str, platform: str, wanted: tuple[str, str], out: Path | None
) -> tuple[Card, dict[str, Any]]:
    dialect, look = app.dialects[platform], app.look.but(*wanted)
    article = app.read(where)
    face = faced(
        article, composed_for(article, platform, app.tools), look, dialect, app.tools.picture
    )
    size = look.size(dialect, face.layout)
    made = app.draw(face, size)
    out = out or Path("card.pdf" if made.pdf else "card.png")
    try:
        out.write_bytes(made.sent)
    except OSError as exc:
        raise UsageError(f"--out {out}: {exc.strerror}; the card was not written.") from exc
    legibility = asdict(report(face, size, own=app.settings.templates_dir))
    legibility.pop("findings")
    return made, {
        "path": str(out),
        "width": made.width,
        "height": made.height,
        "bytes": len(made.sent),
        "sha256": made.sha256,
        "layout": made.layout,
        "alt_text": made.alt_text,
        "legibility": legibility,
        "findings": [asdict(found) for found in made.findings],
    }


def _watch(app: App, where: str, platform: str, wanted: tuple[str, str], out: Path | None) -> None:
    screen, seen = console(), ""
    screen.print("Watching the templates and the article (Ctrl-C stops).")
    while True:
        now = _state([Path(where), *search_path("cards", app.settings.templates_dir)])
        if now != seen:
            seen = now
            try:
                _, value = _make(app, where, platform, wanted, out)
                _show(screen, value)
            except BotError as exc:
                screen.print(f"! {exc}")
        try:
            app.clock.wait(PAUSE)
        except KeyboardInterrupt:
            return


def _state(places: list[Path]) -> str:
    """Return a digest of when anything in these places was saved last."""
    files = [f for place in places for f in ([place] if place.is_file() else place.rglob("*"))]
    stamps = sorted(f"{f} {f.stat().st_mtime_ns}" for f in files if f.is_file())
    return hashlib.sha256("\n".join(stamps).encode()).hexdigest()


def _show(console: Console, value: dict[str, Any]) -> None:
    kilobytes = value["bytes"] // 1024
    console.print(
        f"{value['path']}  {value['width']}×{value['height']}, {kilobytes} kB, {value['layout']}"
    )
    console.print(f"alt  {value['alt_text']}", soft_wrap=True)
    legible = value["legibility"]
    console.print(
        f"headline {legible['headline']:.0f} px ({legible['headline_phone']:.0f} on a phone), "
        f"smallest {legible['smallest']:.0f} px, "
        f"lowest contrast {min(legible['contrast'].values(), default=0):.1f}:1"
    )
    for found in value["findings"]:
        console.print(f"{found['level']:<6}{found['rule']}: {found['message']}")
