"""Docs that can be computed are computed, and compared here. `make docs` rewrites them."""

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.architecture.documents import diagram, example, index
from tests.errors import page

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "bot").rglob("*.py"))
DOMAIN = sorted((ROOT / "bot" / "domain").rglob("*.py"))
PURE = (
    sys.stdlib_module_names
    - {"socket", "sqlite3", "os", "logging", "urllib", "time", "random", "subprocess"}
) | {"bot"}


def test_the_example_is_written_from_the_settings():
    assert (ROOT / ".env.example").read_text() == example()


def test_the_state_diagram_is_the_table():
    assert diagram() in (ROOT / "ARCHITECTURE.md").read_text()


def test_the_index_of_commands_is_written_from_their_modules():
    assert (ROOT / "bot" / "cli" / "index.py").read_text() == index()


def test_the_page_of_errors_is_written_from_their_tests():
    assert (ROOT / "docs" / "errors.md").read_text() == page()


def test_every_room_is_on_the_map():
    text = (ROOT / "ARCHITECTURE.md").read_text()
    rooms = {p.parent.name for p in (ROOT / "bot").glob("*/__init__.py")}
    assert {room for room in rooms if f"bot/{room}/" not in text} == set()


def test_every_command_in_the_readme_exists():
    from bot.cli.index import COMMANDS

    known = set(COMMANDS)
    text = (ROOT / "README.md").read_text()
    used = set(re.findall(r"(?:^|[`/\s])bot ([a-z]+)\b", "\n".join(_code(text))))
    assert used <= known, used - known
    assert used


def _code(text):
    return re.findall(r"```(?:sh|console)?\n(.*?)```", text, re.DOTALL) + re.findall(
        r"`(bot [^`]+)`", text
    )


@pytest.mark.parametrize("path", DOMAIN, ids=lambda p: p.name)
def test_the_domain_is_pure(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        for name in names:
            pure = name.split(".")[0] in PURE or name == "urllib.parse"
            assert pure, f"{path}: {name}"
            assert not name.startswith("bot.") or name.startswith("bot.domain"), f"{path}: {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_are_small(path):
    assert len(path.read_text().splitlines()) <= 320


def test_every_dependency_has_a_reason():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    start = lines.index("dependencies = [")
    block = lines[start + 1 : lines.index("]", start)]
    unexplained = [line for line in block if line.strip().startswith('"') and "#" not in line]
    assert unexplained == []
