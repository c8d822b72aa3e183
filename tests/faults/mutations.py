"""Ways to break the publish protocol, each of which the tests must catch."""

from dataclasses import replace

from bot.domain.delivery import Outcome
from bot.domain.errors import BotError, NotReadable, NotSent, Rejected
from bot.domain.ledger import Settlement, after
from bot.domain.post import State
from bot.pipeline import publish as publishing
from bot.pipeline import reconcile as reconciling
from bot.pipeline import tick as ticking
from bot.pipeline.rules import Rules
from tests.faults import memory, simulation
from tests.faults.memory import SENDABLE, Memory
from tests.faults.world import Platform


def send_before_commit(patch):
    """The attempt is written down after the request, not before."""

    def publish(post, publisher, outbox):
        ticket = publishing._prepare(post, publisher, outbox)
        if ticket is None:
            return post.state
        deadline = outbox.clock.uptime() + 60
        dummy = type("Attempt", (), {"ticket": ticket})
        settlement = publishing._send(post, dummy, publisher, outbox, deadline)
        attempt = outbox.ledger.claim(post, ticket, now=outbox.clock.now())
        if attempt:
            outbox.ledger.settle(attempt, settlement, now=outbox.clock.now())
        return post.state

    patch(ticking, "publish", publish)


def unclear_is_sent_again(patch):
    """A dead line is taken for a refusal."""

    def unclear(reason, status, outbox):
        return Settlement(outcome=Outcome.NOT_SENT, reason=reason, retry_at=outbox.clock.now())

    patch(publishing, "_unclear", unclear)


def no_fence_in_settle(patch):
    """A worker that was overtaken may still write."""
    patch(Memory, "mine", staticmethod(lambda post, attempt: post.state in simulation.LOOSE))


def settled_by_the_wall_clock(patch):
    """How long to wait for the platform is told by a clock that may be set."""
    patch(Memory, "settled", staticmethod(lambda look, now, uptime, boot: look.at <= now))


def duplicate_is_a_failure(patch):
    """'You said that already' is taken for a refusal."""
    patch(Platform, "duplicate", lambda self: Rejected("duplicate", status=403))


def approval_not_checked(patch):
    """What is sent need not be what was approved."""

    def sendable(self, row, seen, ticket, now):
        return row.post.state in SENDABLE and row.post.due_at <= now < row.post.expires_at

    patch(Memory, "sendable", sendable)


def absent_once_suffices(patch):
    """One look that finds nothing is believed."""
    patch(simulation, "Rules", lambda **rest: Rules(need_absent=1, **rest))


def recover_skipped(patch):
    """What an earlier process left `sending` is not looked at."""
    patch(simulation, "recover", lambda outbox: 0)
    patch(ticking, "recover", lambda outbox: 0)


def recovered_is_sent_again(patch):
    """What an earlier process left `sending` is simply sent again."""

    def recover(self, look, *, rebooted, now):
        for row in self.rows.values():
            if row.post.state is State.SENDING:
                self._close(row, row.post.fence, Outcome.NOT_SENT)
                row.post = replace(row.post, state=State.APPROVED)
        return []

    patch(Memory, "recover", recover)


def ticket_rebuilt(patch):
    """A resend is a new request instead of the same one."""
    patch(Memory, "ticket", lambda self, post, *, part, now, account="": None)


def unreadable_is_absent(patch):
    """Not being allowed to look is taken for not there."""
    real = Platform.find

    def find(self, ticket, *, since, known=()):
        try:
            return real(self, ticket, since=since, known=known)
        except (NotReadable, NotSent):
            return None

    patch(Platform, "find", find)


def bug_is_not_sent(patch):
    """A bug while sending is taken for a refusal."""
    real = Platform.send

    def send(self, ticket):
        try:
            return real(self, ticket)
        except BotError:
            raise
        except Exception as exc:
            raise NotSent(str(exc)) from exc

    patch(Platform, "send", send)


def look_by_our_clock(patch):
    """Posts are looked for only after the moment our own clock gave for the attempt."""
    patch(reconciling, "SKEW", reconciling.timedelta(seconds=60))


def tail_is_forgotten(patch):
    """A post counts as published as soon as its first part is live."""
    patch(memory, "after", lambda outcome, part, parts: after(outcome, part, 0))


def part_sent_blindly(patch):
    """A part that ended unclear is sent again at once; "it is only a reply"."""
    real = publishing._send

    def send(post, attempt, *others):
        settled = real(post, attempt, *others)
        if attempt.ticket.part and settled.outcome is Outcome.UNCLEAR:
            return Settlement(outcome=Outcome.NOT_SENT, reason=settled.reason)
        return settled

    patch(publishing, "_send", send)


ALL = [
    tail_is_forgotten,
    part_sent_blindly,
    send_before_commit,
    unclear_is_sent_again,
    no_fence_in_settle,
    settled_by_the_wall_clock,
    duplicate_is_a_failure,
    approval_not_checked,
    absent_once_suffices,
    recover_skipped,
    recovered_is_sent_again,
    ticket_rebuilt,
    unreadable_is_absent,
    bug_is_not_sent,
    look_by_our_clock,
]
