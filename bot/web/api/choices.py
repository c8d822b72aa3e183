"""Settings: schedule and policies, templates and vocabulary, checked before they are kept."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from bot import steering, wordsmith
from bot.domain.article import Article
from bot.web.api.access import Caller, Managing
from bot.web.api.models import FindingOut, Fingerprint, Taken, example, findings_out
from bot.web.api.once import OnceRoute
from bot.web.api.problems import ALWAYS, CHANGES, ONE, NotThere, as_missing, as_usage

router = APIRouter(route_class=OnceRoute, tags=["settings"], responses=ALWAYS)

Page = Literal["schedule", "policies"]
File = Annotated[str, Path(max_length=60, description="`name` of the file.")]


class ChoiceOut(BaseModel):
    """One setting."""

    name: str
    description: str
    value: str = Field(description="As it would be written in .env.")
    default: str
    choices: list[str] = Field(description="What there is to choose from; empty for free text.")
    fixed: bool = Field(description="Set in .env or the environment: not to be changed here.")


class ChoiceList(BaseModel):
    """The settings of a page."""

    items: list[ChoiceOut]


class Changes(Taken):
    """Settings by name; what is left out stays."""

    values: dict[Annotated[str, Field(max_length=80)], Annotated[str, Field(max_length=2000)]] = (
        Field(min_length=1, max_length=200)
    )

    model_config = example({"values": {"BOT_DESK__UNDO_SECONDS": "30"}})


class WordFileOut(BaseModel):
    """A template or the vocabulary."""

    name: str
    text: str
    own: bool = Field(description="Your own; false for one of the bot's.")
    seen: str = Field(description="Digest of the text: bring it along to change it.")


class WordFileList(BaseModel):
    """The files of words."""

    items: list[str]


class Attempt(Taken):
    """A file as it could be, and on which article to try it."""

    text: str = Field(max_length=wordsmith.LONGEST)
    article: str = Field("", max_length=120, description='"" for the newest.')

    model_config = example({"text": "{{ headline }} {{ link }}", "article": ""})


class NewText(Taken):
    """A file as it shall be."""

    text: str = Field(max_length=wordsmith.LONGEST)
    seen: Fingerprint

    model_config = example({"text": "{{ headline }} {{ link }}\n", "seen": "0" * 64})


class TrialOut(BaseModel):
    """What a changed file makes of one article on one channel."""

    channel: str
    text: str | None
    length: int | None
    limit: int | None
    findings: list[FindingOut]
    trouble: str = Field(description='Why there is no post; "" where there is one.')


class Trials(BaseModel):
    """What a changed file makes of an article."""

    items: list[TrialOut]


@router.get("/settings/{page}")
def settings(caller: Managing, page: Page) -> ChoiceList:
    """List the settings that can be changed at the desk."""
    return _list(caller, page)


@router.patch("/settings/{page}", responses=CHANGES)
def change_settings(caller: Managing, page: Page, wanted: Changes) -> ChoiceList:
    """Keep other settings and use them from now on; all of them or none."""
    with as_usage():
        steering.change(caller.app, page, wanted.values, by=caller.user.name)
    return _list(caller, page)


@router.get("/words")
def word_files(caller: Managing) -> WordFileList:
    """List templates and vocabulary."""
    return WordFileList(items=list(wordsmith.names(caller.app)))


@router.get("/words/{name}", responses=ONE)
def word_file(caller: Managing, name: File) -> WordFileOut:
    """Return a template or the vocabulary as it is in use."""
    return _file(caller, name)


@router.post("/words/{name}/try", responses=ONE | CHANGES)
def try_words(caller: Managing, name: File, wanted: Attempt) -> Trials:
    """Say what a changed file would make of an article; nothing is kept."""
    _file(caller, name)
    article = _article(caller, wanted.article)
    with as_usage():
        trials = wordsmith.attempt(caller.app, name, wanted.text, article)
    return Trials(
        items=[
            TrialOut(
                channel=one.channel,
                text=one.content.text if one.content else None,
                length=one.measure.length if one.measure else None,
                limit=one.measure.limit if one.measure else None,
                findings=findings_out(one.findings),
                trouble=one.trouble,
            )
            for one in trials
        ]
    )


@router.put("/words/{name}", responses=ONE | CHANGES)
def save_words(caller: Managing, name: File, wanted: NewText) -> WordFileOut:
    """Keep a change of a file and use it from now on, once it has worked on the newest articles."""
    _file(caller, name)
    with as_usage():
        wordsmith.save(caller.app, name, wanted.text, seen=wanted.seen, by=caller.user.name)
    return _file(caller, name)


def _list(caller: Caller, page: str) -> ChoiceList:
    return ChoiceList(
        items=[
            ChoiceOut(
                name=one.name,
                description=one.description,
                value=one.value,
                default=one.default,
                choices=list(one.choices),
                fixed=one.fixed,
            )
            for one in steering.choices(caller.app, page)
        ]
    )


def _file(caller: Caller, name: str) -> WordFileOut:
    with as_missing():
        found = wordsmith.read(caller.app, name)
    return WordFileOut(name=found.name, text=found.text, own=found.own, seen=found.seen)


def _article(caller: Caller, key: str) -> Article:
    store = caller.app.store
    newest = store.pages.newest_articles(1)
    found = store.archive.find(key) if key else newest[0] if newest else None
    if found is None:
        raise NotThere(f"There is no article {key} to try it on.")
    return found
