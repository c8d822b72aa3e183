"""The ledger's own promises: one claim, fences, and moves that the database refuses."""

import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.domain.delivery import Outcome, Receipt, Ticket
from bot.domain.errors import IllegalMove, NotApproved, UsageError
from bot.domain.ledger import Draft, Look, Settlement
from bot.domain.post import NEXT, State, move
from bot.domain.schedule import Quota
from bot.store.migrations.versions.v0001_first import SQLITE_TRIGGER


@pytest.fixture
def ticket(approved):
    return Ticket(
        platform="x", request="{}", text=approved.content.text, fingerprint=approved.fingerprint
    )


@pytest.fixture
def claimed(store, approved, ticket, clock):
    store.ledger.save_ticket(approved, ticket, now=clock.now())
    return store.ledger.claim(approved, ticket, now=clock.now())


@pytest.mark.parametrize("a", State)
@pytest.mark.parametrize("b", State)
def test_every_move_is_allowed_or_refused_by_code(a, b):
    if b in NEXT[a]:
        assert move(a, b) is b
    else:
        with pytest.raises(IllegalMove):
            move(a, b)


@pytest.mark.parametrize("a", State)
def test_every_move_is_allowed_or_refused_by_the_database(store, drafted, a):
    force = text("UPDATE posts SET state = :s, approved_fingerprint = fingerprint, reason = 'x'")
    with store.engine.begin() as connection, unguarded(connection):
        connection.execute(force, {"s": a})
    for b in State:
        with store.engine.connect() as connection:  # every move is rolled back
            if a is b or b in NEXT[a]:
                connection.execute(force, {"s": b})
            else:
                with pytest.raises(IntegrityError, match="illegal move"):
                    connection.execute(force, {"s": b})


@contextlib.contextmanager
def unguarded(connection):
    """Without the trigger that refuses illegal moves."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE posts DISABLE TRIGGER posts_move"))
        yield
        connection.execute(text("ALTER TABLE posts ENABLE TRIGGER posts_move"))
    else:
        connection.execute(text("DROP TRIGGER posts_move"))
        yield
        connection.execute(text(SQLITE_TRIGGER))


def test_the_databases_table_of_moves_is_the_codes(store):
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT from_state, to_state FROM transitions")).all()
    assert {tuple(row) for row in rows} == {(a, b) for a, n in NEXT.items() for b in n}


def test_one_post_per_article_and_channel(store, drafted, clock):
    again = Draft(
        article_key=drafted.article_key,
        platform="x",
        channel="x",
        content=drafted.content,
        due_at=clock.now(),
        expires_at=clock.now(),
    )
    assert store.desk.draft(again, now=clock.now()) == drafted


def test_only_one_claim_wins(store, approved, ticket, clock, claimed):
    assert claimed is not None
    assert store.ledger.claim(approved, ticket, now=clock.now()) is None


def test_a_channel_paused_at_the_last_moment_is_not_sent_on(store, approved, ticket, clock):
    store.ledger.save_ticket(approved, ticket, now=clock.now())
    store.pauses.pause("x", "token expired", now=clock.now())
    assert store.ledger.claim(approved, ticket, now=clock.now()) is None
    store.pauses.resume("x", by="asha", now=clock.now())
    assert store.ledger.claim(approved, ticket, now=clock.now())


def test_a_ticket_of_other_content_cannot_be_claimed(store, approved, ticket, clock):
    from dataclasses import replace

    other = replace(ticket, fingerprint="0" * 64)
    assert store.ledger.claim(approved, other, now=clock.now()) is None


def test_approved_without_an_approval_cannot_be_claimed(store, drafted, clock):
    with store.engine.begin() as connection:
        connection.execute(
            text("UPDATE posts SET state = 'approved', approved_fingerprint = fingerprint")
        )
    post = store.desk.post(drafted.id)
    ticket = Ticket(platform="x", request="{}", text="", fingerprint=post.fingerprint)
    assert store.ledger.claim(post, ticket, now=clock.now()) is None


def test_the_database_refuses_approved_for_other_content(store, drafted):
    with pytest.raises(IntegrityError), store.engine.begin() as connection:
        connection.execute(
            text("UPDATE posts SET state = 'approved', approved_fingerprint = 'other'")
        )


def test_at_most_one_open_attempt(store, claimed):
    with pytest.raises(IntegrityError), store.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO attempts (post_id, fence, ticket_id, fingerprint, started_at, detail)"
                " SELECT post_id, fence + 1, ticket_id, fingerprint, started_at, '' FROM attempts"
            )
        )


def look(clock):
    return Look(at=clock.now(), uptime=clock.uptime(), boot=clock.boot())


def test_an_overtaken_worker_can_only_report_a_receipt(store, approved, claimed, clock):
    store.lookout.recover(look(clock), rebooted=look(clock), now=clock.now())
    late = Settlement(outcome=Outcome.REJECTED, reason="no")
    store.ledger.settle(claimed, late, now=clock.now())
    assert store.desk.post(approved.id).state is State.UNCLEAR


def test_a_late_receipt_is_not_lost(store, approved, claimed, clock):
    store.lookout.recover(look(clock), rebooted=look(clock), now=clock.now())
    receipt = Receipt(remote_id="5", permalink="p/5")
    late = Settlement(outcome=Outcome.PUBLISHED, receipt=receipt, look=look(clock))
    store.ledger.settle(claimed, late, now=clock.now())
    post = store.desk.post(approved.id)
    assert post.state is State.PUBLISHED
    assert store.lookout.receipt(post) == receipt


def test_a_late_receipt_after_giving_it_back_is_not_lost(store, approved, claimed, clock):
    store.lookout.recover(look(clock), rebooted=look(clock), now=clock.now())
    unclear = store.desk.post(approved.id)
    store.lookout.absent(unclear, again=True, look=look(clock), now=clock.now())
    receipt = Receipt(remote_id="5", permalink="p/5")
    late = Settlement(outcome=Outcome.PUBLISHED, receipt=receipt, look=look(clock))
    store.ledger.settle(claimed, late, now=clock.now())
    assert store.desk.post(approved.id).state is State.PUBLISHED


def test_two_different_receipts_raise_the_double_alarm(store, approved, claimed, clock):
    store.lookout.recover(look(clock), rebooted=look(clock), now=clock.now())
    found = Receipt(remote_id="1", permalink="p/1", found=True)
    store.lookout.adopt(store.desk.post(approved.id), found, look(clock), now=clock.now())
    other = Receipt(remote_id="2", permalink="p/2")
    late = Settlement(outcome=Outcome.PUBLISHED, receipt=other, look=look(clock))
    store.ledger.settle(claimed, late, now=clock.now())
    story = store.history.of_article(approved.article_key)
    alarm = next(event for event in story if event.name == "post.double_alarm")
    assert (alarm.detail["known"], alarm.detail["also"]) == ("1", "2")
    assert store.lookout.receipt(approved) == found


def test_approving_what_was_changed_meanwhile_is_refused(store, drafted, edited, clock):
    store.desk.edit(drafted, edited, (), by="ravi", now=clock.now())
    with pytest.raises(NotApproved, match="changed since you saw it"):
        store.desk.approve(drafted, by="asha", via="cli", now=clock.now())


def test_editing_what_was_changed_meanwhile_is_refused(store, drafted, edited, content, clock):
    store.desk.edit(drafted, edited, (), by="ravi", now=clock.now())
    with pytest.raises(NotApproved, match="not saved"):
        store.desk.edit(drafted, content, (), by="asha", now=clock.now())


def test_an_unknown_post_is_a_usage_error(store):
    with pytest.raises(UsageError, match="no post 404"):
        store.desk.post(404)


def test_every_move_leaves_an_event(store, approved, claimed, clock):
    settled = Settlement(outcome=Outcome.REJECTED, reason="too long")
    store.ledger.settle(claimed, settled, now=clock.now())
    story = store.history.of_article(approved.article_key)
    assert [(e.name, e.from_state, e.to_state) for e in story] == [
        ("article.seen", None, None),
        ("post.drafted", None, "drafted"),
        ("post.approved", "drafted", "approved"),
        ("post.sending", "approved", "sending"),
        ("post.failed", "sending", "failed"),
    ]


def test_the_claim_keeps_to_a_days_quota_whoever_asks(store, approved, ticket, article, clock):
    """Two workers may both have seen room for one more post: only the claim knows."""
    began = clock.now()
    other_url = "https://theshiftmaker.com/other"
    store.archive.add(replace(article, key="other", url=other_url), now=began)
    draft = Draft(
        article_key="other", platform="x", channel="x", content=approved.content,
        due_at=began, expires_at=began + timedelta(hours=9),
    )  # fmt: skip
    other = store.desk.draft(draft, now=began)
    other = store.desk.approve(other, by="asha", via="cli", now=began)
    theirs = replace(ticket, fingerprint=other.fingerprint)
    for post, request in ((approved, ticket), (other, theirs)):
        store.ledger.save_ticket(post, request, now=began)
    one = [Quota(1, since=began)]
    attempt = store.ledger.claim(approved, ticket, now=began, quotas=one)
    assert store.ledger.claim(other, theirs, now=began, quotas=one) is None
    assert store.desk.post(other.id).state is State.APPROVED
    store.ledger.settle(attempt, Settlement(outcome=Outcome.REJECTED, reason="no"), now=began)
    assert store.ledger.claim(other, theirs, now=began, quotas=one) is not None
