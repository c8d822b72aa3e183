"""Changing the house's templates and vocabulary: tried on a real article before they are kept."""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot import templates
from bot.app import App
from bot.domain.article import Article
from bot.domain.errors import BotError, ConfigError, NotApproved, UsageError
from bot.domain.ledger import Event
from bot.domain.ports import Measure
from bot.domain.post import Content, Finding
from bot.pipeline.draft import composed_for
from bot.pipeline.words import Words, load

_PART = "posts"
_NAME = re.compile(r"[a-z0-9_]{1,40}\.(txt\.j2|toml)")

#: The most a file may have; no house needs more words.
LONGEST = 200_000
#: Newest articles on which a change must work before it is kept.
TRIED_ON = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class WordFile:
    """A template or the vocabulary.

    Attributes:
        own: the user's own; False for a shipped one.
        seen: digest of the text, so that two editors do not overwrite each other.
    """

    name: str
    text: str
    own: bool

    @property
    def seen(self) -> str:
        """Digest of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a change makes of one article on one channel."""

    channel: str
    content: Content | None
    measure: Measure | None
    findings: Sequence[Finding]
    trouble: str = ""


def names(app: App) -> Sequence[str]:
    """Return the files that can be changed."""
    found = set()
    for folder in templates.search_path(_PART, app.settings.templates_dir):
        if folder.is_dir():
            found |= {path.name for path in folder.iterdir() if _NAME.fullmatch(path.name)}
    return sorted(found)


def read(app: App, name: str) -> WordFile:
    """Return a file as it is in use. Raises UsageError."""
    if name not in names(app):
        raise UsageError(f"There is no file {name[:60]!r} of words.")
    path = templates.find(_PART, name, app.settings.templates_dir)
    own = app.settings.templates_dir
    inside = own is not None and path.is_relative_to(own.resolve())
    return WordFile(name=name, text=path.read_text(encoding="utf-8"), own=inside)


def attempt(app: App, name: str, text: str, article: Article) -> Sequence[Trial]:
    """Return what the changed file would make of an article on every channel.

    Raises:
        ConfigError: the text is wrong; the message names the line.
        UsageError: there is no such file.
    """
    with _changed(app, name, text) as words:
        return [_try(app, words, channel, article) for channel in app.settings.channels]


def save(app: App, name: str, text: str, *, seen: str, by: str) -> None:
    """Keep a change and use it from now on, after it has worked on the newest articles.

    Raises:
        NotApproved: somebody else changed the file meanwhile.
        ConfigError: it is wrong; the one in use stays.
        UsageError: there is no folder for templates of one's own.
    """
    current = read(app, name)
    if current.seen != seen:
        raise NotApproved(
            f"{name} was changed since you opened it; nothing was saved. Copy your text, load the "
            "page again and put it in anew."
        )
    with _changed(app, name, text) as words:
        for article in _newest(app):
            for channel in app.settings.channels:
                trial = _try(app, words, channel, article)
                if trial.trouble:
                    raise ConfigError(f"{channel}, {article.title}: {trial.trouble}")
    own = app.settings.templates_dir
    if own is None:
        raise UsageError(
            "Set BOT_TEMPLATES_DIR to a folder of yours, so that there is a place to keep it; "
            "nothing was saved."
        )
    _write(own / _PART / name, text)
    app.reload()
    after = hashlib.sha256(text.encode()).hexdigest()
    detail = {"file": name, "before": current.seen, "after": after}
    app.store.history.note(Event(at=app.clock.now(), name="words.changed", who=by, detail=detail))


@contextmanager
def _changed(app: App, name: str, text: str) -> Iterator[Words]:
    """Load all words with one file changed, from a folder that is gone afterwards."""
    read(app, name)
    if len(text) > LONGEST:
        raise UsageError(f"More than {LONGEST:,} characters; nothing was saved.")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / _PART
        own = app.settings.templates_dir
        if own is not None and (own / _PART).is_dir():
            shutil.copytree(own / _PART, folder)
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        try:
            words = load(Path(temporary))
        except ConfigError as exc:
            raise ConfigError(str(exc).replace(f"{folder}/", "")) from None
        yield words


def _try(app: App, words: Words, channel: str, article: Article) -> Trial:
    tools = replace(app.tools, words=words)
    try:
        composed = composed_for(article, channel, tools)
    except BotError as exc:
        return Trial(channel=channel, content=None, measure=None, findings=(), trouble=str(exc))
    measure = app.dialects[channel].measure(composed.content.text)
    return Trial(
        channel=channel, content=composed.content, measure=measure, findings=composed.findings
    )


def _newest(app: App) -> Sequence[Article]:
    return app.store.pages.newest_articles(TRIED_ON)


def _write(path: Path, text: str) -> None:
    if path.is_symlink():
        raise UsageError(f"{path} is a link to another file; change that one instead.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    except OSError as exc:
        raise UsageError(f"{path} cannot be written ({exc.strerror}); nothing was saved.") from exc
