"""Every choice an operator has, from BOT_* variables, `.env`, and NAME_FILE secrets.

The only module that reads the environment.
"""

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, cast

from dotenv.parser import parse_stream
from pydantic import (
    BaseModel,
    Field,
    SecretStr,
    ValidationError,
    create_model,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    SettingsConfigDict,
    SettingsError,
)
from pydantic_settings import PydanticBaseSettingsSource as Source

from bot import platforms
from bot.choices import (
    Cards,
    Desk,
    Fetch,
    Links,
    Log,
    Publish,
    Schedule,
    Site,
    Threads,
    XPrices,
)
from bot.choices.accounts import Accounts
from bot.choices.approval import Approval
from bot.choices.asking import Asking
from bot.choices.caps import Caps
from bot.choices.chat import Chat
from bot.choices.messages import Messages
from bot.choices.sources import Sources
from bot.choices.telemetry import Otel, Sentry
from bot.choices.times import Times
from bot.choices.watch import Alarms, Health, Preflight
from bot.domain.errors import ConfigError

PREFIX = "BOT_"
NESTED = "__"

#: In BOT_DATA_DIR: what was chosen at the desk, the weakest source but the defaults.
OWN_FILE = "desk.env"


class Base(BaseSettings):
    """Settings of the bot itself; each platform adds its own group."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=NESTED,
        extra="ignore",  # unknown names are reported by `_check_names`, with a suggestion
        frozen=True,
    )

    data_dir: Path = Field(
        Path("data"), description="Folder of the database, the cards and the lock."
    )
    database_url: str = Field(
        "", description="SQLAlchemy address of the database; empty: bot.db in BOT_DATA_DIR."
    )
    templates_dir: Path | None = Field(
        None, description="Your own templates; a file here wins over the shipped one."
    )
    inbox_dir: Path | None = Field(
        None, description="Folder watched for new articles: .html, .txt, .json, .md."
    )
    channels: Annotated[tuple[str, ...], NoDecode] = Field(
        ("x", "linkedin"), description="Where to post, separated by commas."
    )
    site: Site = Site()
    links: Links = Links()
    threads: Threads = Threads()
    cards: Cards = Cards()
    fetch: Fetch = Fetch()
    sources: Sources = Sources()
    schedule: Schedule = Schedule()
    approval: Approval = Approval()
    desk: Desk = Desk()
    publish: Publish = Publish()
    messages: Messages = Messages()
    asking: Asking = Asking()
    chat: Chat = Chat()
    preflight: Preflight = Preflight()
    alarms: Alarms = Alarms()
    health: Health = Health()
    x_prices: XPrices = XPrices()
    accounts: Accounts = Accounts()
    log: Log = Log()
    otel: Otel = Otel()
    sentry: Sentry = Sentry()

    @field_validator("channels", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            value = tuple(name.strip() for name in value.split(",") if name.strip())
        unknown = [name for name in value if name not in platforms.names()]
        if unknown or not value:
            known = ", ".join(platforms.names())
            raise ValueError(f"name at least one of {known}; not {', '.join(unknown) or 'nothing'}")
        return value

    @field_validator("templates_dir", "inbox_dir", mode="before")
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        return value or None

    @classmethod
    def settings_customise_sources(  # type: ignore[override]  # called by keyword
        cls, settings_cls: type[BaseSettings], init_settings: Source, **others: Source
    ) -> tuple[Source, ...]:
        """Take only what is passed in; `load` adds the environment."""
        del settings_cls, others
        return (init_settings,)

    @property
    def url(self) -> str:
        """Address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir / 'bot.db'}"

    def platform(self, name: str) -> BaseModel:
        """Return the settings of one platform."""
        return cast("BaseModel", getattr(self, name))

    def times(self, channel: str) -> Times:
        """Return when one channel posts."""
        return cast("Times", getattr(self, f"{channel}_times", None) or Times())

    def caps(self, channel: str) -> Caps:
        """Return what one channel may spend."""
        return cast("Caps", getattr(self, f"{channel}_caps", None) or Caps())


def model() -> type[Base]:
    """Return the settings class with one group per platform of this installation."""
    groups: dict[str, Any] = {}
    for name in platforms.names():
        group = platforms.settings_class(name)
        groups[name] = (group, Field(default_factory=group))
        groups[f"{name}_caps"] = (Caps, Field(default_factory=Caps))
        groups[f"{name}_times"] = (Times, Field(default_factory=Times))
    return create_model("Settings", __base__=Base, **groups)


def load(env_file: Path = Path(".env"), environ: Mapping[str, str] | None = None) -> Base:
    """Read the settings: the environment wins over `.env`, which wins over the defaults.

    Raises:
        ConfigError: a line of `.env` cannot be read, a variable is unknown or has a value that
            cannot be used; the message names it.
    """
    settings = model()
    given = {**_read_env_file(env_file), **(os.environ if environ is None else environ)}
    ours = {name.upper(): v for name, v in given.items() if name.upper().startswith(PREFIX)}
    ours = {**read_own(Path(ours.get("BOT_DATA_DIR") or "data")), **ours}
    known = dict(variables(settings))
    values = _read_secret_files(ours, known)
    _check_names(values, known)

    class Loaded(settings):  # type: ignore[misc, valid-type]
        @classmethod
        def settings_customise_sources(
            cls, settings_cls: type[BaseSettings], init_settings: Source, **others: Source
        ) -> tuple[Source, ...]:
            del others
            return (init_settings, _Given(settings_cls, values))

    try:
        return cast("Base", Loaded())
    except ValidationError as exc:
        raise ConfigError(_explain(exc)) from None  # pydantic's own text may quote a secret
    except SettingsError as exc:
        raise ConfigError(f"A BOT_ variable cannot be read: {exc}.") from None


def read_own(data_dir: Path) -> dict[str, str]:
    """Return what was chosen at the desk. Raises ConfigError where its file cannot be read."""
    return _read_env_file(data_dir / OWN_FILE)


def given(
    env_file: Path = Path(".env"), environ: Mapping[str, str] | None = None
) -> frozenset[str]:
    """Return the names that the environment or `.env` set, which the desk cannot change."""
    outside = {**_read_env_file(env_file), **(os.environ if environ is None else environ)}
    return frozenset(name.upper() for name, value in outside.items() if value)


def overlaid(settings: Base, values: Mapping[str, str]) -> Base:
    """Return the settings with some variables changed, checked as a whole.

    Raises:
        ConfigError: a value cannot be used; the message names it.
    """
    data = settings.model_dump()
    for name, value in values.items():
        *groups, last = name.removeprefix(PREFIX).lower().split(NESTED)
        place = data
        for group in groups:
            place = place[group]
        place[last] = value
    try:
        return type(settings)(**data)
    except ValidationError as exc:
        raise ConfigError(_explain(exc)) from None


def variables(
    settings: type[BaseModel] | None = None, prefix: str = PREFIX
) -> Iterator[tuple[str, Any]]:
    """Yield every variable's name and its field, groups flattened."""
    for name, field in (settings or model()).model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from variables(kind, f"{prefix}{name.upper()}{NESTED}")
        else:
            yield prefix + name.upper(), field


def secrets(settings: BaseModel) -> Iterator[str]:
    """Yield the value of every secret, so that the log can leave it out."""
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, SecretStr) and one.get_secret_value():
                yield one.get_secret_value()
        if isinstance(value, BaseModel):
            yield from secrets(value)


class _Given(EnvSettingsSource):
    """The environment, `.env` and secret files, merged and checked before."""

    def __init__(self, settings_cls: type[BaseSettings], values: Mapping[str, str]) -> None:
        self.values = {name.lower(): value for name, value in values.items()}
        super().__init__(settings_cls)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return self.values


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8") as stream:
            for line in parse_stream(stream):
                if line.error or (line.key and line.value is None):
                    text = re.split(r"[\s=]", line.original.string.strip(), maxsplit=1)[0][:40]
                    raise ConfigError(
                        f"{path}, line {line.original.line}: cannot read {text!r}. Write NAME=value, "
                        "with quotes around a value that has spaces."
                    )
                if line.key:
                    found[line.key] = line.value or ""
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigError(f"{path} cannot be read: {exc}. Fix or remove it.") from exc
    return found


def _read_secret_files(values: Mapping[str, str], known: Mapping[str, Any]) -> dict[str, str]:
    result = {name: value for name, value in values.items() if value != ""}
    for name in [n for n in result if n.endswith("_FILE") and n not in known]:
        target = name.removesuffix("_FILE")
        if target not in known:
            continue
        try:
            result[target] = Path(result.pop(name)).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as exc:
            raise ConfigError(f"{name}: the file cannot be read: {exc}.") from exc
    return result


def _check_names(values: Mapping[str, str], known: Mapping[str, Any]) -> None:
    for name in sorted(values):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else " See .env.example for all of them."
            raise ConfigError(f"{name} is not a setting of this bot.{hint}")


def _explain(exc: ValidationError) -> str:
    lines = []
    for error in exc.errors(include_url=False, include_input=False, include_context=False):
        name = PREFIX + NESTED.join(str(part).upper() for part in error["loc"])
        lines.append(f"{name}: {error['msg'].removeprefix('Value error, ')}.")
    return " ".join(lines)
