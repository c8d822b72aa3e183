"""Whose yes a post needs before it may go out: one step or two, anybody or everybody."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.people import Role

#: Tells whether these people's yes is enough for a post to go out.
Enough = Callable[[Sequence[str]], bool]

_STEP = re.compile(r"(any|all) (editor|approver|admin)")


def whoever(names: Sequence[str]) -> bool:
    """Let the yes of anybody be enough."""
    return bool(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an approval.

    Attributes:
        everybody: all who have just this role, and not any one person of at least this role.
    """

    role: Role
    everybody: bool = False

    def __str__(self) -> str:
        """Return the step as it is written in the settings."""
        return f"{'all' if self.everybody else 'any'} {self.role}"


def read(written: str) -> tuple[Step, ...]:
    """Return the steps of a setting such as "any editor, any approver".

    Raises:
        ValueError: it does not say one or two steps.
    """
    parts = [" ".join(part.split()) for part in written.split(",")]
    matches = [_STEP.fullmatch(part) for part in parts]
    if not 1 <= len(matches) <= 2 or not all(matches):
        raise ValueError(
            f'write one or two steps, such as "any approver" or "any editor, all approver"; '
            f"not {written!r}"
        )
    return tuple(Step(role=Role(m[2]), everybody=m[1] == "all") for m in matches if m)


def missing(
    steps: Sequence[Step], said_yes: Sequence[str], people: Mapping[str, Role]
) -> tuple[str, ...]:
    """Return what is still missing, in words; nothing where the post may go out.

    A person's yes counts for one step only; the step that few can take is filled first.

    Args:
        steps: of the house.
        said_yes: names of those who approved just this content.
        people: who may sign in, and their roles. A name that is not there is the machine's own
            owner at the terminal, who may do what an admin may.
    """
    left = list(dict.fromkeys(said_yes))
    found = []
    for step in sorted(steps, key=lambda s: (s.everybody, list(Role).index(s.role)), reverse=True):
        wanted = [name for name, role in people.items() if role is step.role]
        if step.everybody and wanted:
            found += [f"{name} ({step.role})" for name in wanted if name not in left]
            left = [name for name in left if name not in wanted]
            continue
        able = [name for name in left if people.get(name, Role.ADMIN).covers(step.role)]
        if able:
            left.remove(min(able, key=lambda name: _rank(people.get(name, Role.ADMIN))))
        else:
            article = "an" if str(step.role)[0] in "aeiou" else "a"
            found.append(f"{article} {step.role}")
    return tuple(found)


def lowest(steps: Sequence[Step]) -> Role:
    """Return the least role whose yes can count."""
    return min((step.role for step in steps), key=_rank)


def _rank(role: Role) -> int:
    return list(Role).index(role)
