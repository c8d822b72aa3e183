"""A script of what goes wrong: read from a file or ordered by an admin call, the same every time.

    seed: 7
    rules:
      - endpoint: x.create          # or linkedin.*, or *
        fault: {kind: accept_then_drop}
        times: 1                    # at most so often; for ever where it is left out
        after: 2                    # leave the first two alone
      - endpoint: "*.upload"
        fault: {kind: status, status: 503}
        chance: 0.2                 # of each request, by the seed

The first rule that fits a request wins. Which requests a chance hits depends on the seed and on
the request's number alone, so that a rehearsal can be repeated.
"""

import hashlib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.errors import ConfigError
from bot.http.sandbox.faults import Fault
from bot.http.sandbox.state import State


class Rule(BaseModel):
    """One thing that goes wrong, and when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoint: str
    fault: Fault
    times: int | None = Field(default=None, ge=1)
    after: int = Field(default=0, ge=0)
    chance: float = Field(default=1.0, ge=0, le=1)


class Scenario(BaseModel):
    """Rules, and the seed of their chances."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int = 0
    rules: tuple[Rule, ...] = ()


def read(path: Path, endpoints: Sequence[str]) -> Scenario:
    """Return the scenario in a YAML or JSON file. Raises ConfigError, naming what is wrong."""
    try:
        found = Scenario.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        text = " ".join(str(exc).split())
        raise ConfigError(f"The scenario {path} cannot be read: {text}. Fix the file.") from exc
    except ValidationError as exc:
        error = exc.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in error["loc"])
        raise ConfigError(f"The scenario {path} is wrong at {where}: {error['msg']}.") from exc
    check(found, endpoints)
    return found


def check(scenario: Scenario, endpoints: Sequence[str]) -> None:
    """Refuse a rule that fits no endpoint there is. Raises ConfigError."""
    for rule in scenario.rules:
        if not any(fnmatchcase(name, rule.endpoint) for name in endpoints):
            known = ", ".join(sorted(endpoints))
            raise ConfigError(f"No endpoint is called {rule.endpoint}; there are {known}.")


def keep(scenario: Scenario, state: State) -> None:
    """Let a scenario begin anew, in place of an earlier one."""
    with state.transaction():
        number = state.next("scenarios")
        body = {"number": number, "scenario": scenario.model_dump(mode="json")}
        state.put("scenario", "now", body)


def fault(endpoint: str, state: State) -> Fault | None:
    """Return what goes wrong with this request by the scenario, None for nothing."""
    kept = state.get("scenario", "now")
    if kept is None:
        return None
    scenario = Scenario.model_validate(kept["scenario"])
    with state.transaction():
        for index, rule in enumerate(scenario.rules):
            if fnmatchcase(endpoint, rule.endpoint) and _hits(rule, index, kept, scenario, state):
                return rule.fault
    return None


def _hits(rule: Rule, index: int, kept: dict[str, Any], scenario: Scenario, state: State) -> bool:
    name = f"scenario {kept['number']} rule {index}"
    count = state.get("scenario", name) or {"seen": 0, "hit": 0}
    count["seen"] += 1
    spent = rule.times is not None and count["hit"] >= rule.times
    hits = count["seen"] > rule.after and not spent
    hits = hits and _roll(scenario.seed, index, count["seen"]) < rule.chance
    state.put("scenario", name, count | {"hit": count["hit"] + hits})
    return hits


def _roll(*parts: int) -> float:
    digest = hashlib.sha256("/".join(str(part) for part in parts).encode()).digest()
    return int.from_bytes(digest[:7]) / 2**56
