"""What policies need of both databases: how posts stand, what was done, and no decision in a race."""

import threading
from datetime import timedelta

import pytest

from bot.domain.errors import BotError, NotApproved
from bot.domain.policy import streak
from bot.domain.post import Finding, Level, State

HOUR = timedelta(hours=1)


def entry(store, post):
    return store.inbox.of([post.id])[post.id]


def test_a_post_is_handled_once_it_was_changed_or_came_back(store, drafted, edited, clock):
    now = clock.now()
    assert not entry(store, drafted).handled
    store.agenda.snooze(drafted, now + HOUR, by="asha", now=now)
    store.agenda.schedule(drafted, now + HOUR, now + 2 * HOUR, by="asha", now=now)
    assert not entry(store, drafted).handled, "another time is no other word"
    store.desk.edit(drafted, edited, (), by="asha", now=now)
    assert entry(store, drafted).handled


def test_what_was_approved_and_taken_back_is_handled(store, approved, clock):
    store.desk.decide(approved, "drafted", by="asha", reason="", now=clock.now())
    assert entry(store, approved).handled


def test_undecided_posts_are_found_by_their_time(store, drafted, clock):
    before = store.inbox.undecided(due_by=drafted.due_at - HOUR)
    assert [one.post.id for one in before] == []
    for found in (store.inbox.undecided(due_by=drafted.due_at), store.inbox.undecided()):
        assert [one.post.id for one in found] == [drafted.id]
    store.desk.decide(drafted, "on_hold", by="asha", reason="…", now=clock.now())
    assert store.inbox.undecided() == []


def test_trust_is_read_from_what_was_done(store, drafted, clock):
    section = entry(store, drafted).section
    assert streak(store.trust.deeds("x", section)) == 0
    approved = store.desk.approve(drafted, by="asha", via="web", now=clock.now())
    assert streak(store.trust.deeds("x", section.upper())) == 1
    assert store.trust.deeds("x", f"not {section}") == []
    assert store.trust.deeds("linkedin", section) == []
    store.desk.decide(approved, "rejected", by="asha", reason="Tone", now=clock.now())
    assert streak(store.trust.deeds("x", section)) == 0


def test_a_policy_decides_only_about_what_it_has_seen(store, drafted, edited, clock):
    now = clock.now()
    store.agenda.snooze(drafted, now + HOUR, by="asha", now=now)
    with pytest.raises(NotApproved):
        store.desk.approve(drafted, by="policy:veto", via="policy", now=now, unchanged=True)
    with pytest.raises(NotApproved):
        store.desk.decide(drafted, "on_hold", by="policy:hold", reason="…", now=now, unchanged=True)
    warned = Finding(rule="any", level=Level.WARN, message="Look.")
    changed = store.desk.edit(store.desk.post(drafted.id), edited, [warned], by="asha", now=now)
    with pytest.raises(NotApproved):
        store.desk.approve(changed, by="policy:veto", via="policy", now=now, unchanged=True)
    assert store.desk.post(drafted.id).state is State.DRAFTED
    assert store.desk.approvals(changed) == []


def test_of_a_person_and_a_policy_at_once_the_person_is_never_overruled(store, drafted, clock):
    """Whoever comes second sees what the first has done: a no after a policy's yes still stands."""
    now, gate, refused = clock.now(), threading.Barrier(2), []

    def policy():
        gate.wait()
        try:
            store.desk.approve(drafted, by="policy:veto", via="policy", now=now, unchanged=True)
        except BotError as exc:
            refused.append(exc)

    beside = threading.Thread(target=policy)
    beside.start()
    gate.wait()
    store.desk.decide(drafted, "on_hold", by="asha", reason="Timing", now=now)
    beside.join()
    held = store.desk.post(drafted.id)
    assert held.state is State.ON_HOLD
    assert store.desk.approvals(held) == []


def test_the_days_decisions_of_policies_are_found(store, drafted, clock):
    store.desk.decide(
        drafted, "on_hold", by="policy:hold", reason="Nobody decided.", now=clock.now()
    )
    (one,) = store.record.by_policy(clock.now(), clock.now() + HOUR)
    assert (one.post_id, one.by, one.to) == (drafted.id, "hold", "on_hold")
    assert one.reason == "Nobody decided."
    assert store.record.by_policy(clock.now() + HOUR, clock.now() + 2 * HOUR) == []
