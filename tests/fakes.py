"""Working stand-ins for what a test cannot have for real: time, and an account."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.domain.delivery import Account, Receipt, Ticket, Verification
from bot.domain.meter import charge


@dataclass
class FakeClock:
    """Time that moves only when a test says so."""

    at: datetime = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    up: float = 1000.0
    boot_id: str = "boot-1"

    def now(self):
        return self.at

    def uptime(self):
        return self.up

    def boot(self):
        return self.boot_id

    def wait(self, seconds):
        self.advance(seconds)

    def advance(self, seconds):
        self.at += timedelta(seconds=seconds)
        self.up += seconds

    def set(self, at):
        """Somebody sets the wall clock; the machine's uptime goes on."""
        self.at = at


@dataclass
class FakeAccount:
    """An account whose platform does what the test says.

    `answers` are played one per send: a Receipt to return, or an exception to raise.
    """

    answers: list = field(default_factory=list)
    live: list = field(default_factory=list)
    prepare_error: Exception | None = None
    follow_error: Exception | None = None
    find_error: Exception | None = None
    seen: Verification = field(default_factory=lambda: Verification(readable=True))
    prepared: int = 0
    sent: list = field(default_factory=list)
    on_send: object = None
    bills: dict = field(default_factory=dict)
    read: dict = field(default_factory=dict)
    account: str = "1"

    def check(self):
        return Account(id="1", name="The ShiftMaker", handle="shiftmaker")

    def prepare(self, content, card, *, fingerprint, pictures=(), have=()):
        self.prepared += 1
        if self.prepare_error:
            raise self.prepare_error
        return Ticket(
            platform="x",
            request='{"text":"…"}',
            text=content.text,
            fingerprint=fingerprint,
            account=self.account,
        )

    def follow(self, content, live, *, fingerprint):
        if self.follow_error:
            raise self.follow_error
        words, part = content.parts[len(live) - 1], len(live)
        request = f'{{"text":"…","reply":"{live[-1].remote_id}"}}'
        return Ticket(platform="x", request=request, text=words, fingerprint=fingerprint, part=part)

    def send(self, ticket):
        self.sent.append(ticket)
        if self.on_send:
            self.on_send()
        answer = self.answers.pop(0) if self.answers else Receipt(remote_id="1", permalink="p/1")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def bill(self, deed, ticket=None, *, count=1):
        return self.bills.get(deed, {})

    def find(self, ticket, *, since, known=()):
        if self.find_error:
            raise self.find_error
        return self.live[0] if self.live else None

    def verify(self, ticket, receipt):
        for item, count in self.read.items():
            charge(item, count)
        if isinstance(self.seen, Exception):
            raise self.seen
        return self.seen
