"""What becomes of posts when their article is changed or taken down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Protocol

from bot.domain.article import Article
from bot.domain.delivery import Receipt, Ticket
from bot.domain.post import Content, Post

#: Parts of an article that readers see, beside its body.
PARTS = ("title", "dek", "section")


#: What an editor did who took the post down.
DELETED = "deleted"


class Kind(StrEnum):
    """What happened to the article."""

    CHANGED = "changed"
    GONE = "gone"


class Option(StrEnum):
    """What an editor can do about a post that is live."""

    EDIT = "edit"  # give it other words, where the platform lets this account
    DELETE = "delete"  # take it down
    POST = "post"  # say so in a post of its own, by hand
    LEAVE = "leave"  # it is still right


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One passage that reads differently now.

    Attributes:
        part: "title", "dek", "section" or "body".
        before, after: its words; "" where there were or are none.
    """

    part: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A question to an editor about one post of an article that is not what it was.

    Attributes:
        before: what the article said when the post was made or last judged.
        after: what it says now; None where it is gone.
        live: the post was or may have been live when the question arose.
        outcome: what an editor did, "" while nobody has.
    """

    id: int = 0
    article_key: str
    post_id: int
    kind: Kind
    before: Article
    after: Article | None
    live: bool
    at: datetime
    done_at: datetime | None = None
    done_by: str = ""
    outcome: str = ""
    note: str = ""

    @property
    def changes(self) -> Sequence[Change]:
        """What reads differently; empty where the article is gone."""
        return changes(self.before, self.after) if self.after else ()


class Corrections(Protocol):
    """The questions. Every method is one transaction."""

    def ask(self, correction: Correction) -> Correction:
        """Put a question; one that is open about the same post is brought up to date instead."""
        ...

    def open(self) -> Sequence[Correction]:
        """Return what no editor has answered yet, oldest first."""
        ...

    def touched(self, post: Post) -> bool:
        """Whether a person has ever changed the words of a post."""
        ...

    def done(
        self, correction: Correction, outcome: str, *, by: str, note: str, now: datetime
    ) -> None:
        """Write down what an editor did."""
        ...

    def amended(
        self,
        post: Post,
        content: Content,
        ticket: Ticket,
        receipt: Receipt,
        *,
        by: str,
        now: datetime,
    ) -> Post:
        """Write down that a live post has other words now, by an editor's own hand."""
        ...


def changes(before: Article, after: Article) -> Sequence[Change]:
    """Return the passages that read differently, in the order in which they stand."""
    found = [
        Change(part=part, before=old, after=new)
        for part in PARTS
        if (old := str(getattr(before, part))) != (new := str(getattr(after, part)))
    ]
    matcher = SequenceMatcher(None, before.body, after.body, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            old, new = "\n".join(before.body[a:b]), "\n".join(after.body[c:d])
            found.append(Change(part="body", before=old, after=new))
    return tuple(found)
