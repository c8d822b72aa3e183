"""What becomes of a post that waits: who lets it go out, and what if nobody answers in time.

`prospect` is the one place that knows. The clock acts on what it says, and the desk, the messages
and the command line show just that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.post import Post, State

#: Before the policy's name, where an approval or an event says who decided.
BY_POLICY = "policy:"

#: How the reason of a hold by the clock begins.
UNANSWERED = "Nobody decided by "


class Policy(StrEnum):
    """Who lets a post go out."""

    REQUIRED = "required"  # a person, each time
    AUTO = "auto"  # nobody, where nothing was found against it
    VETO = "veto"  # nobody, at its time, unless somebody says no before
    EARNED = "earned"  # as auto, once people have approved enough of its kind as they were


class Unanswered(StrEnum):
    """What becomes of a post that needs a person, when nobody has answered by its time."""

    HOLD = "hold"  # kept back until somebody releases it
    SKIP = "skip"  # never sent
    POST_IF_CLEAN = "post_if_clean"  # sent, where nothing was found against it; else held


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the house has decided for one channel and section.

    Attributes:
        veto: the least time people have to say no, counted from the last change of the post.
        answer: the least time they have to answer, counted likewise.
        earned_after: clean approvals in a row after which trust is earned.
    """

    policy: Policy = Policy.REQUIRED
    unanswered: Unanswered = Unanswered.HOLD
    veto: timedelta = timedelta(minutes=15)
    answer: timedelta = timedelta(hours=1)
    earned_after: int = 10

    @property
    def automatic(self) -> bool:
        """Posts may go out that no person has approved."""
        return self.policy is not Policy.REQUIRED or self.unanswered is Unanswered.POST_IF_CLEAN


class Waiting(Protocol):
    """A post, and what decides about it."""

    @property
    def post(self) -> Post:
        """The post itself."""
        ...

    @property
    def updated_at(self) -> datetime:
        """When anything about it changed last."""
        ...

    @property
    def warnings(self) -> int:
        """How many findings stand against it, blocking ones too."""
        ...

    @property
    def handled(self) -> bool:
        """It was changed, held or taken back since it was made."""
        ...

    @property
    def corrected(self) -> bool:
        """Its article was changed or taken down, and somebody is asked about a post of it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What happens to a waiting post by itself.

    Attributes:
        at: when; not in the past only by chance: the clock acts at its next round.
        to: APPROVED, ON_HOLD or EXPIRED.
        by: the name of the policy that does it; "" where its time simply runs out.
        why: why no policy lets it go out, where one otherwise would; "" where that is plain.
    """

    at: datetime
    to: State
    by: str = ""
    why: str = ""

    @property
    def who(self) -> str:
        """Who decided, for the record."""
        return BY_POLICY + self.by


def prospect(waiting: Waiting, terms: Terms, trust: int = 0) -> Prospect | None:
    """Return what happens to a post if nobody does anything; None where it does not wait.

    A policy lets go only what is clean: nothing was found against it, nobody has changed it, held
    it or taken it back since it was made, and its article stands as it was. A person's words,
    and words about changed news, are a person's to approve.

    Args:
        waiting: the post.
        terms: of its channel and section.
        trust: clean approvals in a row, see `streak`.
    """
    post = waiting.post
    if post.state is not State.DRAFTED:
        return None
    flaw = _flaw(waiting)
    found = _goes_out(waiting, terms, trust) if not flaw else None
    if found is None:
        why = flaw or _unearned(terms, trust)
        found = _unanswered(waiting, terms, why, clean=not flaw)
    if post.expires_at is not None and post.expires_at <= found.at:
        return Prospect(at=post.expires_at, to=State.EXPIRED, why=found.why)
    return found


def _goes_out(waiting: Waiting, terms: Terms, trust: int) -> Prospect | None:
    """Return when its policy lets a clean post go; None where that takes a person."""
    match terms.policy:
        case Policy.AUTO:
            at = _latest(waiting.updated_at, waiting.post.snoozed_until)
        case Policy.EARNED if trust >= terms.earned_after:
            at = _latest(waiting.updated_at, waiting.post.snoozed_until)
        case Policy.VETO:
            at = _by(waiting, terms.veto)
        case _:
            return None
    return Prospect(at=at, to=State.APPROVED, by=terms.policy)


def _unanswered(waiting: Waiting, terms: Terms, why: str, *, clean: bool) -> Prospect:
    at = _by(waiting, terms.answer)
    said = why if terms.automatic else ""
    match terms.unanswered:
        case Unanswered.POST_IF_CLEAN if clean:
            return Prospect(at=at, to=State.APPROVED, by=terms.unanswered, why=said)
        case Unanswered.SKIP:
            return Prospect(at=at, to=State.EXPIRED, by=terms.unanswered, why=said)
        case _:
            return Prospect(at=at, to=State.ON_HOLD, by=Unanswered.HOLD, why=said)


def _by(waiting: Waiting, least: timedelta) -> datetime:
    """Return the post's time, or later: people have `least`, and what was put off is put off."""
    return _latest(waiting.updated_at + least, waiting.post.due_at, waiting.post.snoozed_until)


def _latest(first: datetime, *others: datetime | None) -> datetime:
    return max([first, *(moment for moment in others if moment is not None)])


def _unearned(terms: Terms, trust: int) -> str:
    if terms.policy is not Policy.EARNED:
        return ""
    return f"trust is not earned yet, {trust} of {terms.earned_after} were approved unchanged"


def _flaw(waiting: Waiting) -> str:
    """Return why no policy may let a post go out, in words; "" for a clean one."""
    if waiting.warnings:
        return "1 finding to look at" if waiting.warnings == 1 else "findings to look at"
    if waiting.post.asks:
        return "a question about it is open"
    if waiting.corrected:
        return "its article was changed"
    if waiting.handled:
        return "it was changed or taken back"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that was done to a post of one channel and section.

    Attributes:
        name: of its event: "post.drafted", "post.edited", "post.approved", "post.rejected".
        anew: it came back to those that wait, such as when an approval was taken back.
        clean: nothing was found against the post.
    """

    post_id: int
    name: str
    who: str
    anew: bool = False
    clean: bool = True


def streak(deeds: Iterable[Deed]) -> int:
    """Return how many posts in a row, up to now, people approved just as the bot had made them.

    A rejection, a person's edit, or a post with a finding begins the count anew. What a policy
    approved does not count.

    Args:
        deeds: oldest first.
    """
    counted: list[int] = []
    touched: set[int] = set()
    for deed in deeds:
        is_person = deed.who != "bot" and not deed.who.startswith(BY_POLICY)
        match deed.name:
            case "post.rejected":
                counted.clear()
            case "post.edited" if is_person:
                touched.add(deed.post_id)
                counted.clear()
            case "post.drafted" if not deed.anew and not deed.clean:
                counted.clear()
            case "post.drafted" if deed.anew:
                counted = [number for number in counted if number != deed.post_id]
            case "post.approved" if is_person and deed.clean and deed.post_id not in touched:
                counted = [*(n for n in counted if n != deed.post_id), deed.post_id]
    return len(counted)


def chosen(
    exceptions: Sequence[tuple[str, str]], channel: str, section: str
) -> tuple[str, bool] | None:
    """Return the exception for a channel and section, and whether it names the channel.

    The nearest wins: "x/AI" before "*/AI" before "x". Sections are compared without regard to case.
    """
    known = dict(exceptions)
    for key in (f"{channel}/{section.casefold()}", f"*/{section.casefold()}", channel):
        if key in known:
            return known[key], not key.startswith("*")
    return None
