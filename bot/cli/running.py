"""Commands that run the bot: demo, run, publish, preflight, sandbox."""

import contextlib
import json
import signal
import sys
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.app import App, SystemClock
from bot.app.loading import LOADING
from bot.cli.base import Json, answer, opened, settings
from bot.courier import Courier, local
from bot.domain.errors import ConfigError, UsageError
from bot.domain.post import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

    from bot.domain.health import Check


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    cli.command()(demo)
    cli.command()(run)
    cli.command()(publish)
    cli.command("preflight")(check_all)
    cli.command()(sandbox)


def demo(
    data_dir: Annotated[
        Path, typer.Option("--data-dir", help="Where the demo keeps its database and cards.")
    ] = Path("demo"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget earlier demos first.")] = False,
    serve: Annotated[
        bool, typer.Option("--serve", help="Keep the timeline page open until Ctrl-C.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Of the page; 0: any free one.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Publish a real article to stand-ins of X and LinkedIn: no keys, no network."""
    from bot import log
    from bot.demo.run import Demo
    from bot.demo.show import View

    log.set_up(style="console", level="error", secrets=())
    view = View(as_json=as_json)
    with Demo(data_dir, SystemClock(), fresh=fresh, port=port, say=view.say) as running:
        with view:
            result = running.play()
        if as_json:
            sys.stdout.write(json.dumps(result.as_json(), ensure_ascii=False, indent=2) + "\n")
        else:
            view.table(result)
        if serve:
            view.serving(running.url)
            _until_stopped()
    if not result.complete:
        raise typer.Exit(3)


def run(
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="web, scheduler or publisher; give it again for two of them."),
    ] = None,
    cluster: Annotated[
        bool,
        typer.Option(
            "--cluster",
            help="As one of several processes or machines on a PostgreSQL database; without "
            "--only: one of each and a second publisher, on this machine.",
        ),
    ] = False,
) -> None:
    """Read, queue and publish by the clock until stopped."""
    from bot import worker
    from bot.cli.trial import Trial

    parts = tuple(only or worker.PARTS)
    unknown = [part for part in parts if part not in worker.PARTS]
    if unknown:
        raise UsageError(f"--only {unknown[0]}: there are {', '.join(worker.PARTS)}.")
    found = settings()
    if cluster and not only:
        with opened(found, quiet=False) as app:
            _courier(app, parts)  # refuses what cannot work, before anything is started
        Trial().run()
        return
    with opened(found, quiet=False) as app, contextlib.ExitStack() as beside:
        courier = _courier(app, parts) if cluster else local(app)

        def ready() -> None:
            _caution(app)
            if "web" in parts:
                _serve_desk(app, beside)

        def rehearsal(stopping: "Callable[[], bool]") -> None:
            with LOADING:
                from bot.health.apart import rehearse
            rehearse(app, stopping)

        worker.run(app, ready=ready, parts=parts, courier=courier, rehearsal=rehearsal)


def _caution(app: App) -> None:
    """Say what speaks against letting posts go out without a person, where they may."""
    import structlog

    from bot.deciding.house import cautions

    for text in cautions(app):
        structlog.get_logger(__name__).warning("policy.caution", reason=text)


def desk(app: App) -> "Iterator[Check]":
    """Look whether the desk can be shown."""
    with LOADING:
        from bot.web.proof import pages
    yield from pages(app)


def _courier(app: App, parts: tuple[str, ...]) -> Courier:
    from bot.courier.cluster import Cluster  # needs an extra, and says which

    return Cluster(app, delivers="publisher" in parts)


def _serve_desk(app: App, beside: contextlib.ExitStack) -> None:
    if not app.settings.desk.enabled:
        return
    import structlog

    from bot.cli.people import greet
    from bot.web.server import DeskServer, refuse_open_door

    refuse_open_door(app)
    try:
        server = DeskServer(app)
    except ConfigError as exc:
        # What is approved goes out, desk or no desk.
        structlog.get_logger(__name__).warning("desk.not_served", reason=str(exc))
        return
    beside.enter_context(server)
    greet(server)


def publish(as_json: Json = False) -> None:
    """Send everything that is approved and due, now."""
    from bot.deciding.rounds import decide

    with opened() as app, app.publishing():
        decide(app)
        handled = app.publish_due()
        waiting = len(
            app.store.desk.posts((State.APPROVED, State.SENDING, State.BEGUN, State.UNCLEAR))
        )
    text = f"{handled} posts handled; {waiting} still wait. What went out: bot log"
    value = {"handled": handled, "waiting": waiting}
    answer(value, as_json=as_json, show=lambda console: console.print(text))


def check_all(
    tell: Annotated[
        bool, typer.Option("--tell", help="Send the result to the operators, too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Check, without posting, that the next edition will go out."""
    from bot.health.preflight import preflight, told

    with opened() as app:
        checks = preflight(app, [partial(desk, app)])
        if tell:
            checks.append(told(app, checks))
    ok = all(check.ok for check in checks)
    answer(
        {"ok": ok, "checks": checks}, as_json=as_json, show=lambda console: _show(console, checks)
    )
    if not ok:
        raise typer.Exit(1)


def sandbox(
    data_dir: Annotated[Path, typer.Option("--data-dir", help="Where it keeps its state.")] = Path(
        "sandbox"
    ),
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = 8701,
    scenario: Annotated[
        Path | None, typer.Option("--scenario", help="A file of what shall go wrong.")
    ] = None,
) -> None:
    """Run the stand-ins of X and LinkedIn, with their timeline page."""
    from rich.console import Console

    from bot.demo.sandbox import stand_ins, variables
    from bot.http.sandbox.scenario import keep, read

    server = stand_ins(data_dir / "sandbox.db", SystemClock(), port=port)
    if scenario:
        keep(read(scenario, server.endpoints()), server.state)
    console = Console(highlight=False, markup=False)
    console.print(f"Timeline: {server.url}/   (Ctrl-C stops)")
    for name, value in variables(server):
        console.print(f"{name}={value}", soft_wrap=True)
    server.serve_forever()


def _show(console: "Console", checks: "list[Check]") -> None:
    for check in checks:
        console.print(f"{'ok ' if check.ok else 'NO '} {check.name}: {check.detail}")
        if check.fix:
            console.print(f"    {check.fix}")


def _until_stopped() -> None:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    stopping.wait()
