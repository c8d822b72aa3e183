"""The store's promises kept in memory: fast enough for a hundred thousand schedules.

`test_simulation.py` plays the same schedules against this and against the real database and
compares every post and attempt, so that what is proven here is proven of the protocol.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.delivery import Attempt, Outcome
from bot.domain.errors import NotApproved
from bot.domain.ledger import after
from bot.domain.post import Post, State, move
from bot.store.moves import twice

SENDABLE = (State.APPROVED, State.BEGUN)
OPEN = (State.APPROVED, State.DRAFTED, State.ON_HOLD, State.FAILED)


@dataclass
class Row:
    post: Post
    look: Any = None
    first_sent_at: Any = None
    approved: str | None = None
    approvals: set = field(default_factory=set)
    tickets: list = field(default_factory=list)
    attempts: dict = field(default_factory=dict)  # fence → [ticket, outcome or None]
    receipts: list = field(default_factory=list)


class Memory:
    """Ledger, Lookout, Pauses and Desk in one; every method is one transaction."""

    def __init__(self):
        self.rows: dict[int, Row] = {}
        self.paused: dict[str, str] = {}

    # ---- the desk -----------------------------------------------------------

    def draft(self, draft, *, now):
        number = len(self.rows) + 1
        post = Post(
            id=number,
            article_key=draft.article_key,
            platform=draft.platform,
            channel=draft.channel,
            content=draft.content,
            state=State.DRAFTED,
            due_at=draft.due_at,
            expires_at=draft.expires_at,
        )
        self.rows[number] = Row(post)
        return post

    def approve(self, post, *, by, via, now, grace_until=None):
        row = self.rows[post.id]
        if row.post.fingerprint != post.fingerprint:
            raise NotApproved("changed meanwhile")
        row.approvals.add(post.fingerprint)
        row.approved = post.fingerprint
        return self._to(row, State.APPROVED, reason="")

    def decide(self, post, decision, *, by, reason, now):
        row = self.rows[post.id]
        self._to(row, State(decision), reason=reason)
        row.approved = None
        return row.post

    def edit(self, post, content, *, by, now):
        row = self.rows[post.id]
        if row.post.fingerprint != post.fingerprint:
            raise NotApproved("changed meanwhile")
        if row.post.state is not State.DRAFTED:
            move(row.post.state, State.DRAFTED)
        row.approved = None
        row.post = replace(row.post, state=State.DRAFTED, content=content, reason="")
        return row.post

    # ---- the ledger ---------------------------------------------------------

    def post(self, post_id):
        return self.rows[post_id].post

    def due(self, *, now, uptime, boot):
        found = [row.post for row in self.rows.values() if self._due(row, now, uptime, boot)]
        return sorted(found, key=lambda post: (post.due_at, post.id))

    def _due(self, row, now, uptime, boot):
        post = row.post
        if post.state in (*OPEN, State.BEGUN) and post.expires_at <= now:
            return True
        if post.state in SENDABLE:
            return (
                post.due_at <= now
                and (post.retry_at is None or post.retry_at <= now)
                and post.channel not in self.paused
            )
        if post.state in (State.UNCLEAR, State.PUBLISHED) and not post.asks and row.look:
            return self.settled(row.look, now, uptime, boot)
        return False

    @staticmethod
    def settled(look, now, uptime, boot):
        return look.uptime <= uptime if look.boot == boot else look.at <= now

    def expire(self, post, *, now):
        row = self.rows[post.id]
        if row.post.state in OPEN:
            reason = f"Not sent before {post.expires_at:%d %b %H:%M} UTC: too old to be news."
            if row.post.reason:
                reason += f" Before that: {row.post.reason}"
            self._to(row, State.EXPIRED, reason=reason)

    def uploaded(self, post, *, account, now):
        return []

    def ticket(self, post, *, part, now, account=""):
        tickets = self.rows[post.id].tickets
        good = [t for t in tickets if t.fingerprint == post.fingerprint and t.part == part]
        return good[-1] if good else None

    def save_ticket(self, post, ticket, *, now):
        kept = self.ticket(post, part=ticket.part, now=now)
        if kept is None:
            self.rows[post.id].tickets.append(ticket)
        return kept or ticket

    def postpone(self, post, reason, *, retry_at, now):
        row = self.rows[post.id]
        if row.post.state in SENDABLE:
            row.post = replace(row.post, reason=reason, retry_at=retry_at, tries=row.post.tries + 1)

    def fail(self, post, reason, *, now):
        row = self.rows[post.id]
        if row.post.state is State.APPROVED:
            self._to(row, State.FAILED, reason=reason)

    def abandon(self, post, question, *, now):
        row = self.rows[post.id]
        if row.post.state is State.BEGUN:
            self._to(row, State.PUBLISHED, asks=question)

    def claim(self, post, ticket, *, now, cost=None, quotas=()):
        row = self.rows[post.id]
        if not self.sendable(row, post, ticket, now):
            return None
        row.first_sent_at = row.first_sent_at or now
        fence = row.post.fence + 1
        self._to(row, State.SENDING, fence=fence, tries=row.post.tries + 1, retry_at=None)
        row.attempts[fence] = [ticket, None]
        return Attempt(id=fence, post_id=post.id, fence=fence, ticket=ticket, started_at=now)

    def sendable(self, row, seen, ticket, now):
        current = row.post
        return (
            current.state in SENDABLE
            and ticket.part == len(row.receipts)
            and current.channel not in self.paused
            and current.fence == seen.fence
            and current.fingerprint == seen.fingerprint == ticket.fingerprint
            and current.due_at <= now < current.expires_at
            and current.fingerprint in row.approvals
        )

    def settle(self, attempt, settlement, *, now):
        row = self.rows[attempt.post_id]
        self._close(row, attempt.fence, settlement.outcome)
        if self.mine(row.post, attempt):
            if settlement.receipt:
                row.receipts.append(settlement.receipt)
            row.look = settlement.look
            part, parts = attempt.ticket.part, len(row.post.content.parts)
            self._to(
                row,
                after(settlement.outcome, part, parts),
                reason=settlement.reason,
                asks=settlement.asks,
                retry_at=settlement.retry_at,
                checks=0,
            )
        elif settlement.receipt:
            self._late(row, attempt.ticket.part, settlement)
        return row.post

    @staticmethod
    def mine(post, attempt):
        return post.fence == attempt.fence and post.state is State.SENDING

    def _late(self, row, part, settlement):
        if part == len(row.receipts) and row.post.state in (State.UNCLEAR, *SENDABLE):
            row.receipts.append(settlement.receipt)
            row.look = settlement.look
            if row.post.state in SENDABLE:
                self._to(row, State.SENDING)
            to = after(Outcome.PUBLISHED, part, len(row.post.content.parts))
            self._to(row, to, fence=row.post.fence + 1, asks="")
            return
        known = row.receipts[part].remote_id if part < len(row.receipts) else None
        if known != settlement.receipt.remote_id:
            row.post = replace(row.post, asks=twice(row.post, known, settlement.receipt))

    # ---- the lookout --------------------------------------------------------

    def recover(self, look, *, rebooted, now):
        found = [row for row in self.rows.values() if row.post.state is State.SENDING]
        was = [row.post for row in found]
        for row in self.rows.values():
            waits = row.post.state in (State.UNCLEAR, State.PUBLISHED) and not row.post.asks
            if waits and row.look and row.look.boot != rebooted.boot:
                row.look = rebooted
        for row in found:
            self._close(row, row.post.fence, Outcome.UNCLEAR)
            reason = "The bot stopped while this was being sent."
            self._to(row, State.UNCLEAR, fence=row.post.fence + 1, checks=0, reason=reason)
            row.look = look
        return was

    def attempted(self, post):
        row = self.rows[post.id]
        ticket, _ = row.attempts[max(row.attempts)]
        return ticket, row.first_sent_at

    def adopt(self, post, receipt, look, *, now, by=""):
        row = self.rows[post.id]
        if row.post.state is State.UNCLEAR and row.post.fence == post.fence:
            row.look = look
            to = after(Outcome.PUBLISHED, len(row.receipts), len(row.post.content.parts))
            row.receipts.append(receipt)
            self._to(row, to, asks="", reason="")

    def absent(self, post, *, again, look, now, by=""):
        row = self.rows[post.id]
        if row.post.state is State.UNCLEAR and row.post.fence == post.fence:
            checks = row.post.checks + 1
            told = f"{by} looked" if by else f"Looked {checks} times"
            reason = f"{told}: it is not on {post.platform}."
            row.look = None if again else look
            outcome = Outcome.NOT_SENT if again else Outcome.UNCLEAR
            to = after(outcome, len(row.receipts), len(row.post.content.parts))
            self._to(row, to, checks=checks, reason=reason, asks="")

    def look_later(self, post, reason, look, *, now):
        row = self.rows[post.id]
        if row.post.state is post.state and row.post.fence == post.fence:
            row.post, row.look = replace(row.post, reason=reason), look

    def ask(self, post, question, *, now, alarm="post.asks"):
        row = self.rows[post.id]
        same = (row.post.state, row.post.fence) == (post.state, post.fence)
        if same and post.state in (State.UNCLEAR, State.PUBLISHED):
            row.post = replace(row.post, asks=question)

    def receipt(self, post):
        return next(iter(self.rows[post.id].receipts), None)

    def known(self, post, *, since):
        return set()

    def receipts(self, post):
        return list(self.rows[post.id].receipts)

    def delivered(self, post):
        row = self.rows[post.id]
        sent = {ticket.part: ticket for _, (ticket, _) in sorted(row.attempts.items())}
        return [(sent[part], receipt) for part, receipt in enumerate(row.receipts)]

    def verified(self, post, *, now, note=""):
        row = self.rows[post.id]
        if row.post.state is State.PUBLISHED:
            row.look = None
            self._to(row, State.PUBLISHED if note else State.VERIFIED, reason=note)

    def overdue(self, *, now, uptime, boot, patience):
        look = patience.look
        return [  # the others are alarms only: they move nothing
            row.post
            for row in self.rows.values()
            if row.post.state in (State.UNCLEAR, State.PUBLISHED)
            and not row.post.asks
            and row.look
            and self.settled(row.look, now - look, uptime - look.total_seconds(), boot)
        ]

    # ---- pauses -------------------------------------------------------------

    def all(self):
        return dict(self.paused)

    def pause(self, channel, reason, *, now):
        self.paused[channel] = reason

    def resume(self, channel, *, by, now):
        return self.paused.pop(channel, None) is not None

    # ---- what both stores can tell ------------------------------------------

    def story(self):
        """Return all that can be compared with another store."""
        return {
            row.post.id: (
                row.post,
                list(row.receipts),
                [(fence, outcome) for fence, (_, outcome) in sorted(row.attempts.items())],
            )
            for row in self.rows.values()
        }

    def _close(self, row, fence, outcome):
        attempt = row.attempts.get(fence)
        if attempt and attempt[1] is None:
            attempt[1] = outcome

    def _to(self, row, to, **values):
        if to is not row.post.state:
            move(row.post.state, to)
        row.post = replace(row.post, state=to, **values)
        return row.post
