"""Where templates are: the shipped folder, and the user's own, which wins file by file."""

from pathlib import Path

from bot.domain.errors import ConfigError

_HERE = Path(__file__).resolve().parent


def shipped() -> Path:
    """Return the templates that came with this installation.

    In a wheel they lie inside the package; in a checkout beside it.
    """
    packed = _HERE / "_templates"
    return packed if packed.is_dir() else _HERE.parent / "templates"


def search_path(part: str, own: Path | None = None) -> list[Path]:
    """Return the folders to look in for `part` ("posts", "cards", …), the user's first.

    Raises:
        ConfigError: `own` is set and is not a folder.
    """
    if own is None:
        return [shipped() / part]
    if not own.is_dir():
        raise ConfigError(f"BOT_TEMPLATES_DIR: {own} is not a folder. Create it, or unset it.")
    return [own / part, shipped() / part]


def find(part: str, name: str, own: Path | None = None) -> Path:
    """Return the file `name` of `part`, the user's own if there is one.

    A name or a link that leads out of its folder is not found.

    Raises:
        ConfigError: no such file.
    """
    for folder in search_path(part, own):
        path = (folder / name).resolve()
        if path.is_file() and path.is_relative_to(folder.resolve()):
            return path
    raise ConfigError(f"There is no template {part}/{name}. Was it renamed or removed?")
