"""The house's words: templates that arrange a post, and the vocabulary they may draw on."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from jinja2 import meta
from jinja2.nodes import Name
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot import templates
from bot.domain.errors import ConfigError

#: Everything a post template may use.
VARIABLES = frozenset(
    {
        "article",
        "platform",
        "hook",
        "facts",
        "space",
        "why",
        "why_label",
        "link",
        "link_label",
        "hashtags",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who a company is on the platforms.

    Attributes:
        x: handle without the @, "" where unknown.
        linkedin: URN of its page.
        name: the page's exact name; LinkedIn shows no mention when it differs.
    """

    x: str = ""
    linkedin: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What the house writes and how.

    Attributes:
        labels: language → words the templates add.
        hashtags: spelling → what the article must say for the tag to be allowed.
        companies: name in an article → who that is.
        spellings: a name that platforms turn into a link → how to write it.
        acronyms: words that are written in capitals.
        sensitive: topic → words; a person decides about such a post.
    """

    labels: dict[str, dict[str, str]]
    hashtags: dict[str, tuple[str, ...]]
    companies: dict[str, Company]
    spellings: dict[str, str]
    acronyms: frozenset[str]
    sensitive: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Words:
    """Templates and vocabulary, checked once at start-up."""

    environment: jinja2.Environment
    vocabulary: Vocabulary

    def render(self, platform: str, **values: Any) -> str:
        """Return the platform's template filled in, or the default one's.

        Raises:
            ConfigError: the template asks for something that is not there.
        """
        names = [f"{platform}.txt.j2", "_default.txt.j2"]
        try:
            template = self.environment.select_template(names)
            return _tidy(template.render(platform=platform, **values))
        except jinja2.TemplateSyntaxError as error:
            raise _broken(error.filename or error.name, error.lineno, error.message) from error
        except jinja2.TemplatesNotFound as error:
            raise ConfigError(
                f"There is no template posts/{names[0]} or posts/{names[1]}."
            ) from error
        except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError) as error:
            raise _broken(template.filename, _line(error), str(error)) from error


def load(own: Path | None = None) -> Words:
    """Read templates and vocabulary, the user's own folder first, and check them.

    Raises:
        ConfigError: a template cannot be parsed or names an unknown variable, or the
            vocabulary is not what it should be; the message names file and line.
    """
    folders = templates.search_path("posts", own)
    # Plain text, not HTML: escaping would put "&amp;" before followers.
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(folders),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        autoescape=False,
    )
    for name in environment.list_templates(extensions=["j2"]):
        _check(environment, name)
    return Words(environment, _vocabulary(templates.find("posts", "vocabulary.toml", own)))


def _check(environment: jinja2.Environment, name: str) -> None:
    source, filename, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
    try:
        tree = environment.parse(source, name, filename)
        environment.compile(tree, name, filename)
    except jinja2.TemplateSyntaxError as error:
        raise _broken(filename, error.lineno, error.message) from error
    unknown = meta.find_undeclared_variables(tree) - VARIABLES
    for node in tree.find_all(Name):
        if node.name in unknown:
            known = ", ".join(sorted(VARIABLES))
            raise _broken(filename, node.lineno, f"there is no {node.name!r}; there are {known}")


def _vocabulary(path: Path) -> Vocabulary:
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        return Vocabulary(
            labels=read.get("labels", {}),
            hashtags={tag: tuple(said) for tag, said in read.get("hashtags", {}).items()},
            companies={name: Company(**who) for name, who in read.get("companies", {}).items()},
            spellings=read.get("spellings", {}),
            acronyms=frozenset(read.get("acronyms", {}).get("words", [])),
            sensitive={topic: tuple(said) for topic, said in read.get("sensitive", {}).items()},
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path}: {error}. Correct the vocabulary and start again.") from error


def _tidy(rendered: str) -> str:
    lines = [line.rstrip() for line in rendered.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _line(error: BaseException) -> int:
    """Return the template line an error came from; Jinja2 rewrites tracebacks to show it."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _broken(filename: str | None, line: int | None, why: str | None) -> ConfigError:
    return ConfigError(
        f"{filename}, line {line or '?'}: {why}. Correct the template and start again."
    )
