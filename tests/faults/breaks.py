"""Ways to break the bot in its real processes, each of which the harness must catch.

`python -m tests.faults --mutation NAME` plays with one of them; every function here is one. They
are the counterpart of `tests.faults.mutations`, which breaks the protocol in its simulation.
"""

from dataclasses import replace

from sqlalchemy import text, update

from bot.app import turn
from bot.domain.delivery import Outcome
from bot.domain.errors import NotReadable
from bot.domain.ledger import Settlement
from bot.domain.post import State
from bot.http import client
from bot.pipeline import publish as publishing
from bot.pipeline import reconcile as reconciling
from bot.pipeline import tick as ticking
from bot.platforms.linkedin import publisher as linkedin
from bot.platforms.x import failures
from bot.platforms.x import publisher as x
from bot.store import moves, schema
from bot.store.engine import writing
from bot.store.leases import Leases
from bot.store.ledger import Ledger
from bot.store.lookout import Lookout


def send_before_commit():
    """The attempt is written down after the request, not before."""

    def publish(post, publisher, outbox):
        ticket = publishing._prepare(post, publisher, outbox)
        if ticket is None:
            return post.state
        dummy = type("Attempt", (), {"ticket": ticket})
        deadline = outbox.clock.uptime() + 60
        settlement = publishing._send(post, dummy, publisher, outbox, deadline)
        attempt = outbox.ledger.claim(post, ticket, now=outbox.clock.now())
        if attempt:
            outbox.ledger.settle(attempt, settlement, now=outbox.clock.now())
        return post.state

    ticking.publish = publish


def unclear_is_sent_again():
    """A dead line is taken for a refusal."""

    def unclear(reason, status, outbox):
        return Settlement(outcome=Outcome.NOT_SENT, reason=reason, retry_at=outbox.clock.now())

    publishing._unclear = unclear


def request_is_repeated():
    """The HTTP client tries again by itself."""
    real = client.post_once

    def twice(send, content):
        try:
            return real(send, content)
        except client.Unclear:
            return real(send, content)

    linkedin.post_once = x.post_once = twice


def duplicate_is_a_failure():
    """'You said that already' is taken for a refusal."""
    failures._is_duplicate = lambda body: False


def recover_skipped():
    """What an earlier process left `sending` is not looked at."""
    turn.recover = ticking.recover = lambda outbox: 0


def recovered_is_sent_again():
    """What an earlier process left `sending` is simply sent again."""
    posts = schema.posts

    def recover(self, look, *, rebooted, now):
        with writing(self.engine) as connection:
            connection.execute(
                update(schema.attempts)
                .where(schema.attempts.c.outcome.is_(None))
                .values(outcome=Outcome.NOT_SENT)
            )
            left = posts.c.state == State.SENDING
            connection.execute(update(posts).where(left).values(state=State.APPROVED))
        return []

    Lookout.recover = recover


def unreadable_is_absent():
    """Not being allowed to look is taken for not there."""
    real = linkedin.LinkedInPublisher.find

    def find(self, ticket, *, since, known=()):
        try:
            return real(self, ticket, since=since, known=known)
        except NotReadable:
            return None

    linkedin.LinkedInPublisher.find = find


def nobody_is_asked():
    """The question to the editor is never written down."""
    Lookout.ask = lambda self, post, question, *, now, alarm="": None


def unclear_is_forgotten():
    """What is unclear is not looked up."""
    real = Ledger.due

    def due(self, *, now, uptime, boot):
        found = real(self, now=now, uptime=uptime, boot=boot)
        return [post for post in found if post.state is not State.UNCLEAR]

    Ledger.due = due


def other_words_than_approved():
    """What is sent is not what was approved."""

    def broken(real):
        def prepare(self, content, card, **others):
            text = content.text.replace(" v1:", " v9:")
            return real(self, replace(content, text=text), card, **others)

        return prepare

    x.XPublisher.prepare = broken(x.XPublisher.prepare)


def unclear_is_a_success():
    """No answer is taken for a yes."""

    def could_be(post, publisher, outbox):
        outbox.lookout.adopt(
            post,
            reconciling.Receipt(remote_id="1", permalink="p/1"),
            reconciling.look_after(outbox.clock, 0),
            now=outbox.clock.now(),
        )
        return State.PUBLISHED

    ticking.reconcile = could_be


def unrecorded():
    """A post changes its state without a row in the audit log."""
    real = moves.record

    def record(connection, event, **hashes):
        if event.to_state != State.SENDING:
            real(connection, event, **hashes)

    moves.record = record


def lease_only():
    """Work is taken over as soon as its lease has run out, whether or not its worker lives."""

    def abandoned(self, connection, post_id):
        late = text("SELECT held_until < clock_timestamp() FROM posts WHERE id = :id")
        return connection.execute(late, {"id": post_id}).scalar() is not False

    Leases.abandoned = abandoned


#: These need several workers on PostgreSQL.
SHARED = [lease_only]

ALL = [
    send_before_commit,
    unclear_is_sent_again,
    request_is_repeated,
    duplicate_is_a_failure,
    recover_skipped,
    recovered_is_sent_again,
    unreadable_is_absent,
    nobody_is_asked,
    unclear_is_forgotten,
    other_words_than_approved,
    unclear_is_a_success,
    unrecorded,
]
