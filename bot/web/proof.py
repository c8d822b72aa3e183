"""That the desk can be shown, tried before the first visitor comes."""

from collections.abc import Iterator

from jinja2 import TemplateError

from bot.app import App
from bot.domain.health import Check
from bot.web.desk import Desk
from bot.web.server import load


def pages(app: App) -> Iterator[Check]:
    """Load the desk as its first visitor would, and compile every page. Raises ConfigError."""
    if not app.settings.desk.enabled:
        yield Check(name="desk", ok=True, detail="is switched off")
        return
    load(app)
    environment = Desk(app).environment
    names = environment.list_templates(extensions=["html"])
    try:
        for name in names:
            environment.get_template(name)
    except TemplateError as exc:
        fix = "Correct the file it names, or remove your own copy of it."
        yield Check(name="desk", ok=False, detail=f"{name}: {exc}", fix=fix)
        return
    yield Check(name="desk", ok=True, detail=f"{len(names)} pages can be shown")
