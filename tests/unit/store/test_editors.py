"""What editors do to posts besides approving: times, wordings, comments, typing, pauses."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.delivery import Ticket
from bot.domain.errors import IllegalMove, UsageError
from bot.domain.people import Role
from bot.domain.post import State
from bot.store.inbox import Filter

HOUR = timedelta(hours=1)


def test_a_post_goes_on_waiting_until_enough_have_said_yes(store, drafted, clock):
    def two(names):
        return len(set(names)) >= 2

    now = clock.now()
    first = store.desk.approve(drafted, by="asha", via="web", now=now, enough=two)
    assert first.state is State.DRAFTED
    assert [a.by for a in store.desk.approvals(drafted)] == ["asha"]
    second = store.desk.approve(drafted, by="ravi", via="web", now=now, enough=two)
    assert second.state is State.APPROVED


def test_a_yes_taken_back_or_to_other_words_does_not_count(store, drafted, edited, clock):
    now = clock.now()
    approved = store.desk.approve(drafted, by="asha", via="web", now=now)
    store.desk.decide(approved, "drafted", by="asha", reason="", now=now)
    assert store.desk.approvals(drafted) == []
    store.desk.approve(drafted, by="asha", via="web", now=now)
    changed = store.desk.edit(drafted, edited, (), by="ravi", now=now)
    back = store.desk.edit(changed, drafted.content, (), by="ravi", now=now)
    assert back.fingerprint == drafted.fingerprint
    assert store.desk.approvals(back) == []


def test_an_approved_post_with_a_withdrawn_approval_is_not_sent(store, approved, clock):
    ticket = Ticket(platform="x", request="{}", text="t", fingerprint=approved.fingerprint)
    store.ledger.save_ticket(approved, ticket, now=clock.now())
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE approvals SET withdrawn_at = '2026-11-23 01:30:00'")
    assert store.ledger.claim(approved, ticket, now=clock.now()) is None


def test_everything_is_paused_at_once(store, approved, clock):
    ticket = Ticket(platform="x", request="{}", text="t", fingerprint=approved.fingerprint)
    store.ledger.save_ticket(approved, ticket, now=clock.now())
    store.pauses.pause("*", "a wrong number in the feed", now=clock.now(), by="asha")
    due = {"now": clock.now(), "uptime": clock.uptime(), "boot": clock.boot()}
    assert store.ledger.due(**due) == []
    assert store.ledger.claim(approved, ticket, now=clock.now()) is None
    assert store.pauses.resume("*", by="asha", now=clock.now())
    assert [post.id for post in store.ledger.due(**due)] == [approved.id]
    assert store.ledger.claim(approved, ticket, now=clock.now()) is not None


def test_a_pause_set_by_a_person_is_lifted_by_a_person(store, clock):
    store.pauses.pause("x", "asked by the newsroom", now=clock.now(), by="asha")
    store.pauses.pause("x", "token expired", now=clock.now())
    assert store.pauses.all() == {"x": "asked by the newsroom"}
    assert not store.pauses.resume("x", by="preflight", now=clock.now(), only_own=True)
    assert store.pauses.resume("x", by="asha", now=clock.now())


def test_a_snoozed_post_waits_elsewhere_until_its_time(store, drafted, clock):
    def seen(name):
        return [e.post.id for e in store.inbox.entries(name, Filter(), now=clock.now())]

    store.agenda.snooze(drafted, clock.now() + HOUR, by="asha", now=clock.now())
    assert (seen("waiting"), seen("held")) == ([], [drafted.id])
    assert store.inbox.counts(now=clock.now())["waiting"] == 0
    clock.advance(3600)
    assert (seen("waiting"), seen("held")) == ([drafted.id], [])
    assert store.inbox.counts(now=clock.now())["waiting"] == 1


def test_another_time_keeps_the_state_and_is_written_down(store, approved, clock):
    at = clock.now() + 3 * HOUR
    moved = store.agenda.schedule(approved, at, at + HOUR, by="asha", now=clock.now())
    assert (moved.due_at, moved.expires_at, moved.state) == (at, at + HOUR, State.APPROVED)
    assert store.history.of_article(approved.article_key)[-1].name == "post.scheduled"
    assert store.audit.verify().findings == ()
    gone = store.desk.decide(moved, "rejected", by="asha", reason="old", now=clock.now())
    with pytest.raises(IllegalMove):
        store.agenda.schedule(gone, at, at + HOUR, by="asha", now=clock.now())
    with pytest.raises(IllegalMove):
        store.agenda.snooze(gone, at, by="asha", now=clock.now())


def test_what_a_change_asked_for_is_shown_until_it_is_made(store, drafted, edited, clock):
    now = clock.now()
    held = store.desk.decide(
        drafted, "on_hold", by="asha", reason="wrong rate", asks="wrong rate", now=now
    )
    assert [e.post.id for e in store.inbox.entries("needs", now=now)] == [drafted.id]
    assert store.inbox.entries("held", now=now) == []
    store.desk.edit(held, edited, (), by="ravi", now=now)
    assert store.inbox.entries("needs", now=now) == []
    assert store.inbox.counts(now=now)["needs"] == 0


def test_every_wording_is_kept_and_found(store, drafted, edited, clock):
    store.desk.edit(drafted, edited, (), by="ravi", now=clock.now())
    newest, first = store.wordings.of_post(drafted.id)
    assert (newest.content, newest.by) == (edited, "ravi")
    assert (first.content, first.by) == (drafted.content, "bot")
    assert store.wordings.find(drafted.id, first.id) == first
    with pytest.raises(UsageError):
        store.wordings.find(drafted.id, 999)


def test_typing_is_kept_for_each_person(store, drafted, clock):
    people = [
        store.people.add(name, Role.EDITOR, by="test", now=clock.now()) for name in ("eli", "emma")
    ]
    for user in people:
        store.scratches.keep(
            drafted.id, user.id, base="b", fields={"text": user.name}, now=clock.now()
        )
    store.scratches.keep(
        drafted.id, people[0].id, base="b", fields={"text": "“ß”"}, now=clock.now()
    )
    store.scratches.drop(drafted.id, people[1].id)
    kept = store.scratches.find(drafted.id, people[0].id)
    assert kept.fields == {"text": "“ß”"}
    assert store.scratches.find(drafted.id, people[1].id) is None


def test_who_is_named_in_a_comment_is_told_once(store, drafted, clock):
    now = clock.now()
    for name in ("eli", "emma"):
        store.people.add(name, Role.EDITOR, by="test", now=now)
    eli = store.people.find("eli")
    said = "@Eli. is 6.5 right? Mail eli@emma.example, not @nobody or @asha"
    assert store.talk.say(drafted.article_key, said, by="asha", now=now) == ["eli"]
    assert store.talk.unread(eli) == 1
    assert [c.text for c in store.talk.naming(eli)] == [said]
    store.talk.seen(drafted.article_key, eli, now=now)
    assert store.talk.unread(eli) == 0
    for bad in (" ", "x" * 2001):
        with pytest.raises(UsageError):
            store.talk.say(drafted.article_key, bad, by="asha", now=now)


def test_an_edit_may_say_where_the_link_goes(store, drafted, clock):
    words = replace(drafted.content, text="No link here.")
    now = clock.now()
    edited = store.desk.edit(drafted, words, (), by="ravi", now=now, link_policy="card_only")
    assert edited.link_policy == "card_only"
    again = store.desk.edit(edited, drafted.content, (), by="ravi", now=now)
    assert again.link_policy == "card_only"
