"""No state without a deadline: what is overdue is named, alarmed, and left to somebody who can act.

The deadlines, by state:

* drafted, on_hold, failed: until `expires_at`, then expired (see `bot.pipeline.tick`);
* approved, begun: `Rules.late` after they could go out an alarm, at `expires_at` as above;
* sending: two leases, then an alarm: its worker lives, or somebody would have taken over;
* unclear, published: a look that nobody managed for `Rules.give_up` becomes a question;
* any question to an editor: after `Rules.unanswered` an alarm, and again each time that passes.
"""

from datetime import timedelta

import structlog

from bot.domain.post import Post, State
from bot.domain.schedule import Ruling
from bot.pipeline.publish import Outbox
from bot.pipeline.reconcile import question
from bot.pipeline.rules import Timed
from bot.pipeline.verify import unread

log = structlog.get_logger(__name__)


def reap(outbox: Outbox, timed: Timed) -> int:
    """Deal with everything that is overdue; return how many posts that were. Raises StoreError."""
    clock, rules = outbox.clock, outbox.rules
    found = outbox.lookout.overdue(
        now=clock.now(), uptime=clock.uptime(), boot=clock.boot(), patience=rules.patience
    )
    return sum(_deal_with(post, outbox, timed) for post in found)


def _deal_with(post: Post, outbox: Outbox, timed: Timed) -> bool:
    now = outbox.clock.now()
    if post.state is State.APPROVED and timed(post) is Ruling.WAIT:
        return False  # its timetable holds it back; nobody is late
    if post.state is State.UNCLEAR and not post.asks:
        asks = question(post, "nobody managed to look it up for too long")
        outbox.lookout.ask(post, asks, now=now)
    elif post.state is State.PUBLISHED and not post.asks:
        asks = unread(post, "nobody managed to look at it for too long")
        outbox.lookout.ask(post, asks, now=now, alarm="post.unread")
    else:
        outbox.lookout.alarm(post, _words(post, outbox), now=now)
    log.error("post.overdue", post=post.id, channel=post.channel, state=post.state)
    return True


def _words(post: Post, outbox: Outbox) -> str:
    """Return what an operator has to know about a post that is overdue."""
    if post.asks:
        waits = timedelta(seconds=outbox.rules.unanswered)
        return f"A question about post {post.id} is unanswered for more than {waits}: {post.asks}"
    if post.state is State.SENDING:
        return (
            f"Post {post.id} is being sent for more than {2 * outbox.rules.lease:.0f} seconds. Its "
            "worker lives but does not go on: look at its log, and start it anew. The post is then "
            "looked up, not sent again."
        )
    why = post.reason or "Is `bot run` running, and the channel not paused? `bot queue` tells."
    due = f"{post.due_at:%d %b %H:%M} UTC" if post.due_at else "long ago"
    return f"Post {post.id} was due at {due} and has not gone out. {why}"
