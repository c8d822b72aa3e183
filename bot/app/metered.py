"""An account whose costs are written down, whoever uses it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.delivery import Account, Deed, Item, Media, Metrics, Receipt, Ticket, Verification
from bot.domain.errors import Unclear
from bot.domain.ports import Publisher
from bot.domain.post import Content

#: Writes down what was billed.
Note = Callable[[Mapping[Item, int]], None]


@dataclass(frozen=True)
class Metered:
    """Implements `bot.domain.ports.Publisher`.

    What is about a post of the queue (sending, looking, counting) is booked by who asks for it.

    Attributes:
        publisher: the account.
        note: writes down what checking, changing and deleting was billed.
    """

    publisher: Publisher
    note: Note

    @property
    def account(self) -> str:
        """Who it posts as."""
        return self.publisher.account

    def check(self) -> Account:
        """Try the credentials."""
        found = self.publisher.check()
        self.note(self.publisher.bill(Deed.CHECK))
        return found

    def prepare(
        self,
        content: Content,
        card: bytes | None,
        *,
        fingerprint: str,
        pictures: Sequence[bytes] = (),
        have: Sequence[Media] = (),
    ) -> Ticket:
        """Upload media and build the request."""
        return self.publisher.prepare(
            content, card, fingerprint=fingerprint, pictures=pictures, have=have
        )

    def follow(self, content: Content, live: Sequence[Receipt], *, fingerprint: str) -> Ticket:
        """Build what follows."""
        return self.publisher.follow(content, live, fingerprint=fingerprint)

    def send(self, ticket: Ticket) -> Receipt:
        """Post."""
        return self.publisher.send(ticket)

    def find(
        self, ticket: Ticket, *, since: datetime, known: Collection[str] = ()
    ) -> Receipt | None:
        """Look for the post."""
        return self.publisher.find(ticket, since=since, known=known)

    def verify(self, ticket: Ticket, receipt: Receipt) -> Verification:
        """Read the post back."""
        return self.publisher.verify(ticket, receipt)

    def amend(self, ticket: Ticket, receipt: Receipt, text: str, *, fingerprint: str) -> Ticket:
        """Build a change."""
        return self.publisher.amend(ticket, receipt, text, fingerprint=fingerprint)

    def edit(self, amended: Ticket, receipt: Receipt) -> Receipt:
        """Change a live post; one that may have been changed may have been billed."""
        try:
            changed = self.publisher.edit(amended, receipt)
        except Unclear:
            self.note(self.publisher.bill(Deed.EDIT, amended))
            raise
        self.note(self.publisher.bill(Deed.EDIT, amended))
        return changed

    def delete(self, receipt: Receipt) -> None:
        """Take a post down."""
        self.publisher.delete(receipt)
        self.note(self.publisher.bill(Deed.DELETE))

    def metrics(self, receipts: Sequence[Receipt]) -> Mapping[str, Metrics]:
        """Read how posts do; who asks books it, with the post it is about."""
        return self.publisher.metrics(receipts)

    def bill(
        self, deed: Deed, ticket: Ticket | None = None, *, count: int = 1
    ) -> Mapping[Item, int]:
        """Return what a deed will be billed."""
        return self.publisher.bill(deed, ticket, count=count)
