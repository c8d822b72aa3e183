"""Commands about words, which need no database: check, preview."""

from dataclasses import asdict, replace
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.app import App
from bot.cli.base import Json, answer, opened, read_text
from bot.domain import lint
from bot.domain.article import Article
from bot.domain.errors import UsageError
from bot.domain.ports import Dialect, Measure
from bot.domain.post import Content, Finding, Level
from bot.domain.price import cost
from bot.pipeline.compose import house_style, proofread
from bot.pipeline.draft import propose

Platform = Annotated[str, typer.Option("--platform", "-p", help="x or linkedin.")]

#: Rules about a whole post; a text on its own is not asked for its card.
_NEEDS_CARD = ("alt-text", "card-legible")


def register(cli: typer.Typer) -> None:
    """Add this module's commands."""
    cli.command()(check)
    cli.command()(preview)


def check(
    text: Annotated[
        str, typer.Argument(metavar="FILE|-", help="The text; - reads standard input.")
    ],
    platform: Platform,
    article: Annotated[
        str, typer.Option("--article", help="Also check the text against this file or address.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Measure a text as its platform does, and judge it by the house's rules."""
    said = read_text(text)
    with opened() as app:
        dialect = _dialect(app, platform)
        story = app.read(article) if article else None
        measure = dialect.measure(said)
        content = _content(said, measure)
        findings = [
            found for found in _judge(content, dialect, story, app) if found.rule not in _NEEDS_CARD
        ]
        price = _price(content, dialect, app)
    value = _measured(platform, measure, price, findings)

    def show(console: Console) -> None:
        state = "fits" if measure.valid else "does not fit"
        console.print(f"{measure.length} of {measure.limit}: {state}. Costs ${price}.")
        _show_findings(console, findings)

    answer(value, as_json=as_json, show=show)
    if not value["valid"]:
        raise typer.Exit(1)


def preview(
    article: Annotated[str, typer.Argument(metavar="ARTICLE", help="An address or a file.")],
    as_json: Json = False,
) -> None:
    """Show the posts an article would get, as followers would see them; keeps nothing."""
    with opened() as app:
        story = app.read(article)
        posts = [_proposed(story, channel, app) for channel in app.settings.channels]
    value = {"article": {"id": story.key, **asdict(story)}, "posts": posts}

    def show(console: Console) -> None:
        for post in posts:
            _show_post(console, post)

    answer(value, as_json=as_json, show=show)


def _dialect(app: App, platform: str) -> Dialect:
    if platform not in app.dialects:
        raise UsageError(f"--platform {platform}: there is {', '.join(app.dialects)}.")
    return app.dialects[platform]


def _content(text: str, measure: Measure) -> Content:
    """Return the text as a post whose link is the first address written out in it."""
    urls = [e.text for e in measure.entities if e.kind == "url" and "://" in e.text]
    tags = tuple(e.text.lstrip("#＃") for e in measure.entities if e.kind == "hashtag")
    return Content(text=text, link=urls[0] if urls else None, hashtags=tags)


def _judge(
    content: Content, dialect: Dialect, article: Article | None, app: App
) -> tuple[Finding, ...]:
    if article is not None:
        options = app.options(dialect.name, article.section)
        return proofread(
            content, article=article, dialect=dialect, words=app.words, options=options
        )
    style = house_style(app.words, app.options(dialect.name), dialect)
    link = "text" if content.link else "none"
    tagged = "utm_" in (content.link or "")
    return lint.check(content, dialect=dialect, style=replace(style, link=link, utm=tagged))


def _price(content: Content, dialect: Dialect, app: App) -> Decimal:
    prices = app.prices.get(dialect.name)
    return cost(content, dialect=dialect, prices=prices) if prices else Decimal(0)


def _measured(
    platform: str, measure: Measure, price: Decimal, findings: list[Finding]
) -> dict[str, Any]:
    value: dict[str, Any] = {
        "platform": platform,
        "length": measure.length,
        "limit": measure.limit,
        "valid": measure.valid and not lint.blocks(tuple(findings)),
        **{
            f"{kind}s": [asdict(e) for e in measure.entities if e.kind == kind]
            for kind in ("url", "hashtag", "mention")
        },
        "estimated_cost_usd": float(price),
        "findings": [asdict(found) for found in findings],
    }
    if platform != "x":  # X sends the text as it is
        value |= {"wire_text": measure.wire_text, "escaped_length": measure.wire_length}
    return value


def _proposed(article: Article, channel: str, app: App) -> dict[str, Any]:
    dialect = app.dialects[channel]
    proposal = propose(article, channel, app.tools)
    content = proposal.content
    measure = dialect.measure(content.text)
    return {
        "platform": dialect.name,
        "text": content.text,
        "wire_text": measure.wire_text,
        "length": measure.length,
        "limit": measure.limit,
        "parts": content.parts,
        "link": content.link,
        "hashtags": content.hashtags,
        "alt_text": content.alt_text,
        "estimated_cost_usd": float(_price(content, dialect, app)),
        "content_hash": content.fingerprint(channel),
        "variants": [variant.text for variant in proposal.variants],
        "findings": [asdict(found) for found in proposal.findings],
    }


def _show_post(console: Console, post: dict[str, Any]) -> None:
    title = f"{post['platform']} · {post['length']} of {post['limit']} · ${post['estimated_cost_usd']:.3f}"
    console.print(Panel(Text(post["text"]), title=Text(title), title_align="left", width=80))
    for part in post["parts"]:
        console.print(Panel(Text(part), title="below it", title_align="left", width=80))
    console.print(Text(f"alt   {post['alt_text']}"))
    _show_findings(
        console, [Finding(**{**f, "level": Level(f["level"])}) for f in post["findings"]]
    )
    for number, variant in enumerate(post["variants"], 2):
        console.print(Panel(Text(variant), title=f"wording {number}", title_align="left", width=80))


def _show_findings(console: Console, findings: list[Finding]) -> None:
    for found in findings:
        style = "bold red" if found.level is Level.BLOCK else "yellow"
        mended = f" → {found.fix!r}" if found.fix is not None else ""
        line = Text.assemble((f"{found.level:<6}", style), f"{found.rule}: {found.message}{mended}")
        console.print(line)
