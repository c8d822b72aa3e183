"""The publish protocol against the real store, with an account that does what it is told."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from bot.domain import errors
from bot.domain.delivery import Receipt, Verification
from bot.domain.post import State
from bot.pipeline.reconcile import recover, resolve
from bot.pipeline.tick import tick
from bot.store import schema


def run(outbox, account):
    return tick(outbox, lambda channel: account, stopping=lambda: False)


def state(store, post):
    return store.desk.post(post.id).state


def attempts(store, post):
    return store.history.attempts(post.id)


def test_an_approved_post_goes_out_once_and_is_verified(store, outbox, account, approved, clock):
    run(outbox, account)
    assert state(store, approved) is State.PUBLISHED
    clock.advance(20)
    run(outbox, account)
    assert state(store, approved) is State.VERIFIED
    clock.advance(86_400)
    assert run(outbox, account) == 0
    assert len(account.sent) == 1
    assert store.lookout.receipt(approved) == Receipt(remote_id="1", permalink="p/1")
    assert [row["outcome"] for row in attempts(store, approved)] == ["published"]


def test_nothing_unapproved_is_sent(store, outbox, account, drafted):
    run(outbox, account)
    assert account.sent == []
    assert state(store, drafted) is State.DRAFTED


def test_an_edit_voids_the_approval(store, outbox, account, approved, edited, clock):
    store.desk.edit(approved, edited, (), by="asha", now=clock.now())
    run(outbox, account)
    assert account.sent == []


def test_content_changed_behind_our_back_is_not_sent(store, outbox, account, approved):
    with store.engine.begin() as connection:
        content = {**asdict(approved.content), "text": "Hacked"}
        connection.execute(update(schema.posts).values(content=content))
    run(outbox, account)
    assert account.sent == []
    assert state(store, approved) is State.APPROVED


def test_the_attempt_is_on_disk_before_the_wire_is_touched(store, outbox, account, approved):
    seen = []
    account.on_send = lambda: seen.append(
        (state(store, approved), [row["outcome"] for row in attempts(store, approved)])
    )
    run(outbox, account)
    assert seen == [(State.SENDING, [None])]


def test_a_post_before_its_time_waits(store, outbox, account, approved, clock):
    clock.advance(-1)
    assert run(outbox, account) == 0
    assert account.sent == []


def test_a_post_after_its_time_expires_and_is_never_sent(store, outbox, account, approved, clock):
    clock.advance(12 * 3600)
    run(outbox, account)
    assert state(store, approved) is State.EXPIRED
    assert account.sent == []


def test_surely_not_sent_is_tried_again_with_backoff_and_the_same_request(
    store, outbox, account, approved, clock
):
    account.answers = [errors.NotSent("refused"), errors.NotSent("refused")]
    run(outbox, account)
    assert state(store, approved) is State.APPROVED
    assert run(outbox, account) == 0  # the wait is honoured
    clock.advance(30)
    run(outbox, account)
    clock.advance(59)
    assert run(outbox, account) == 0  # and doubles
    clock.advance(1)
    run(outbox, account)
    assert state(store, approved) is State.PUBLISHED
    assert len({ticket.request for ticket in account.sent}) == 1
    assert account.prepared == 1


def test_the_platforms_own_retry_time_is_honoured(store, outbox, account, approved, clock):
    later = clock.now().replace(hour=5)
    account.answers = [errors.NotSent("limit", retry_at=later)]
    run(outbox, account)
    clock.advance(3600)
    assert run(outbox, account) == 0
    clock.set(later)
    run(outbox, account)
    assert state(store, approved) is State.PUBLISHED


def test_rejected_goes_back_to_the_editor(store, outbox, account, approved, clock):
    account.answers = [errors.Rejected("too long", status=400)]
    run(outbox, account)
    assert state(store, approved) is State.FAILED
    assert store.desk.post(approved.id).reason == "too long"
    clock.advance(3600)
    run(outbox, account)
    assert len(account.sent) == 1


def test_blocked_pauses_the_channel_and_keeps_the_post(store, outbox, account, approved, clock):
    account.answers = [errors.Blocked("token expired", status=401)]
    run(outbox, account)
    assert state(store, approved) is State.APPROVED
    assert store.pauses.all() == {"x": "token expired"}
    clock.advance(3600)
    assert run(outbox, account) == 0
    assert store.pauses.resume("x", by="asha", now=clock.now())
    run(outbox, account)
    assert state(store, approved) is State.PUBLISHED


@pytest.mark.parametrize("error", [errors.Unclear("hung up", status=503), ZeroDivisionError("bug")])
def test_unclear_and_bugs_are_never_resent_blindly(store, outbox, account, approved, clock, error):
    account.answers = [error]
    run(outbox, account)
    assert state(store, approved) is State.UNCLEAR
    clock.advance(119)
    assert run(outbox, account) == 0
    assert len(account.sent) == 1


def unclear(outbox, account, clock):
    account.answers = [errors.Unclear("hung up")]
    run(outbox, account)
    clock.advance(120)


def test_unclear_and_live_is_adopted(store, outbox, account, approved, clock):
    unclear(outbox, account, clock)
    account.live = [Receipt(remote_id="7", permalink="p/7", found=True)]
    run(outbox, account)
    assert state(store, approved) is State.PUBLISHED
    assert store.lookout.receipt(approved).remote_id == "7"
    assert len(account.sent) == 1


def test_unclear_and_absent_twice_is_sent_again_with_the_same_ticket(
    store, outbox, account, approved, clock
):
    unclear(outbox, account, clock)
    run(outbox, account)
    assert state(store, approved) is State.UNCLEAR
    clock.advance(599)
    assert run(outbox, account) == 0
    clock.advance(1)
    run(outbox, account)
    assert state(store, approved) is State.APPROVED
    run(outbox, account)
    assert state(store, approved) is State.PUBLISHED
    assert account.sent[0] == account.sent[1]
    assert account.prepared == 1
    assert [row["outcome"] for row in attempts(store, approved)] == ["unclear", "published"]


def test_a_clock_set_forward_does_not_shorten_the_settling(store, outbox, account, approved, clock):
    account.answers = [errors.Unclear("hung up")]
    run(outbox, account)
    clock.set(clock.now().replace(hour=10))
    assert run(outbox, account) == 0
    clock.up += 120
    assert run(outbox, account) == 1


def test_a_platform_that_cannot_be_read_asks_an_editor_once(
    store, outbox, account, approved, clock
):
    unclear(outbox, account, clock)
    account.find_error = errors.NotReadable("members cannot be listed")
    run(outbox, account)
    post = store.desk.post(approved.id)
    assert post.state is State.UNCLEAR
    assert f"bot resolve {post.id} --live" in post.asks
    clock.advance(86_400)
    assert run(outbox, account) == 0
    assert len(account.sent) == 1


def test_an_editor_says_it_is_live(store, outbox, account, approved, clock):
    unclear(outbox, account, clock)
    account.find_error = errors.NotReadable("members cannot be listed")
    run(outbox, account)
    receipt = Receipt(remote_id="u", permalink="https://x.com/u", found=True)
    resolve(store.desk.post(approved.id), receipt, outbox, by="asha")
    assert state(store, approved) is State.PUBLISHED
    story = store.history.of_article(approved.article_key)
    assert (story[-1].name, story[-1].who) == ("post.published", "asha")


def test_an_editor_says_it_is_not_live(store, outbox, account, approved, clock):
    unclear(outbox, account, clock)
    account.find_error = errors.NotReadable("members cannot be listed")
    run(outbox, account)
    resolve(store.desk.post(approved.id), None, outbox, by="asha")
    run(outbox, account)
    assert state(store, approved) is State.PUBLISHED
    assert len(account.sent) == 2


def test_nothing_unclear_nothing_to_resolve(approved, outbox):
    with pytest.raises(errors.IllegalMove):
        resolve(approved, None, outbox, by="asha")


def test_looking_that_fails_is_repeated_then_an_editor_is_asked(
    store, outbox, account, approved, clock
):
    unclear(outbox, account, clock)
    account.find_error = errors.NotSent("no connection")
    run(outbox, account)
    assert store.desk.post(approved.id).asks == ""
    clock.advance(3600)
    run(outbox, account)
    assert "bot resolve" in store.desk.post(approved.id).asks
    assert len(account.sent) == 1


def test_found_sending_at_start_is_unclear_then_looked_up(store, outbox, account, approved, clock):
    ticket = account.prepare(approved.content, None, fingerprint=approved.fingerprint)
    store.ledger.save_ticket(approved, ticket, now=clock.now())
    assert store.ledger.claim(approved, ticket, now=clock.now())  # and then the process dies
    assert recover(outbox) == 1
    assert state(store, approved) is State.UNCLEAR
    clock.advance(120)
    account.live = [Receipt(remote_id="9", permalink="p/9", found=True)]
    run(outbox, account)
    assert state(store, approved) is State.PUBLISHED
    assert account.sent == []


def test_too_slow_to_send_is_not_sent(store, outbox, account, approved, clock, monkeypatch):
    claim = type(store.ledger).claim

    def slow(self, post, ticket, **others):
        attempt = claim(self, post, ticket, **others)
        clock.advance(60)
        return attempt

    monkeypatch.setattr(type(store.ledger), "claim", slow)
    run(outbox, account)
    assert account.sent == []
    assert state(store, approved) is State.APPROVED


def test_a_failed_upload_is_tried_again_and_nothing_was_attempted(
    store, outbox, account, approved, clock
):
    account.prepare_error = errors.NotSent("upload failed")
    run(outbox, account)
    assert attempts(store, approved) == []
    account.prepare_error = None
    clock.advance(30)
    run(outbox, account)
    assert state(store, approved) is State.PUBLISHED


def test_a_refused_card_goes_back_to_the_editor(store, outbox, account, approved):
    account.prepare_error = errors.Rejected("picture too large")
    run(outbox, account)
    assert state(store, approved) is State.FAILED


def test_a_bug_about_one_post_does_not_keep_the_others_back(
    store, outbox, account, approved, article, content, clock
):
    from bot.domain.ledger import Draft

    other = Draft(
        article_key=article.key,
        platform="linkedin",
        channel="linkedin",
        content=content,
        due_at=clock.now(),
        expires_at=approved.expires_at,
    )
    second = store.desk.draft(other, now=clock.now())
    store.desk.approve(second, by="asha", via="cli", now=clock.now())
    broken = type(account)(prepare_error=ZeroDivisionError("bug"))
    tick(
        outbox,
        lambda channel: broken if channel == "x" else account,
        stopping=lambda: False,
    )
    assert state(store, approved) is State.APPROVED
    assert state(store, second) is State.PUBLISHED


def test_what_followers_see_is_not_what_was_approved(store, outbox, account, approved, clock):
    run(outbox, account)
    account.seen = Verification(readable=True, differences=("The text is cut.",))
    clock.advance(20)
    run(outbox, account)
    post = store.desk.post(approved.id)
    assert (post.state, post.asks) == (State.PUBLISHED, "")
    assert "The text is cut." in post.reason
    clock.advance(120)
    run(outbox, account)
    post = store.desk.post(approved.id)
    assert post.state is State.PUBLISHED
    assert "The text is cut." in post.asks


def test_a_platform_that_shows_a_post_late_raises_no_alarm(store, outbox, account, approved, clock):
    run(outbox, account)
    account.seen = Verification(readable=True, differences=("It is not there.",))
    clock.advance(20)
    run(outbox, account)
    account.seen = Verification(readable=True)
    clock.advance(119)
    assert run(outbox, account) == 0
    clock.advance(1)
    run(outbox, account)
    post = store.desk.post(approved.id)
    assert (post.state, post.asks, post.reason) == (State.VERIFIED, "", "")


def test_a_platform_that_cannot_be_read_back_claims_nothing(
    store, outbox, account, approved, clock
):
    run(outbox, account)
    account.seen = Verification(readable=False)
    clock.advance(20)
    run(outbox, account)
    post = store.desk.post(approved.id)
    assert post.state is State.PUBLISHED
    assert "does not let" in post.reason
    clock.advance(86_400)
    assert run(outbox, account) == 0


def test_a_stop_between_two_posts_is_heeded(outbox, account, approved):
    assert tick(outbox, lambda channel: account, stopping=lambda: True) == 0
    assert account.sent == []


def broken_once(store, monkeypatch, name):
    """The database is locked the next time the ledger's method `name` is called."""
    ledger = type(store.ledger)
    real = getattr(ledger, name)

    def locked(*args, **kwargs):
        monkeypatch.setattr(ledger, name, real)
        raise errors.StoreError("database is locked")

    monkeypatch.setattr(ledger, name, locked)


@pytest.mark.parametrize(
    ("answer", "ends"),
    [
        (Receipt(remote_id="1", permalink="p/1"), State.PUBLISHED),
        (errors.Unclear("hung up"), State.UNCLEAR),
        (errors.Rejected("too long"), State.FAILED),
    ],
)
def test_a_database_locked_after_the_wire_does_not_leave_the_post_sending(
    store, outbox, account, approved, monkeypatch, answer, ends
):
    account.answers = [answer]
    broken_once(store, monkeypatch, "settle")
    with pytest.raises(errors.StoreError):
        run(outbox, account)
    assert state(store, approved) is State.SENDING
    run(outbox, account)
    assert state(store, approved) is ends
    assert len(account.sent) == 1


def test_an_account_blocked_while_the_database_is_locked_is_paused_later(
    store, outbox, account, approved, monkeypatch
):
    account.answers = [errors.Blocked("token expired")]
    broken_once(store, monkeypatch, "settle")
    with pytest.raises(errors.StoreError):
        run(outbox, account)
    run(outbox, account)
    assert store.pauses.all() == {"x": "token expired"}
    assert state(store, approved) is State.APPROVED
    assert len(account.sent) == 1


@pytest.mark.parametrize("days", [1, -1])
def test_a_clock_set_back_later_neither_hides_the_post_nor_stops_the_looking(
    store, outbox, account, approved, clock, days
):
    """The clock was a day wrong when the post was sent, and is right when it is looked for."""
    right = clock.now()
    account.answers = [errors.Unclear("hung up")]
    clock.set(right + timedelta(days=days))
    with store.engine.begin() as connection:
        connection.execute(
            text("UPDATE posts SET due_at = '2026-01-01', expires_at = '2027-01-01'")
        )
    run(outbox, account)
    clock.set(right)
    clock.up += 120
    asked = []
    account.find = lambda ticket, *, since, known: asked.append(since)
    assert run(outbox, account) == 1
    assert asked[0] <= right  # the post is there with the platform's time, not with ours


def test_a_reboot_begins_the_waits_anew(store, outbox, account, approved, clock):
    """A clock set forward while the machine was off must not shorten the second look."""
    unclear(outbox, account, clock)
    run(outbox, account)
    clock.boot_id, clock.up = "boot-2", 5.0
    clock.set(clock.now() + timedelta(days=1))
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE posts SET expires_at = '2027-01-01'"))
    recover(outbox)
    assert run(outbox, account) == 0
    clock.up += 600
    assert run(outbox, account) == 1


class TestParts:
    @pytest.fixture
    def content(self, content):
        from dataclasses import replace

        return replace(content, parts=("2/ Two.", "3/ Three."))

    @staticmethod
    def receipts(*numbers):
        return [Receipt(remote_id=str(n), permalink=f"p/{n}") for n in numbers]

    def test_all_go_out_in_one_round(self, store, outbox, account, approved, clock):
        account.answers = self.receipts(1, 2, 3)
        run(outbox, account)
        assert state(store, approved) is State.PUBLISHED
        assert [ticket.part for ticket in account.sent] == [0, 1, 2]
        assert [r.remote_id for r in store.lookout.receipts(approved)] == ["1", "2", "3"]
        clock.advance(20)
        run(outbox, account)
        assert state(store, approved) is State.VERIFIED

    def test_a_stop_comes_between_two_parts(self, store, outbox, account, approved):
        account.answers = self.receipts(1, 2, 3)
        tick(outbox, lambda channel: account, stopping=lambda: len(account.sent) == 1)
        assert state(store, approved) is State.BEGUN
        run(outbox, account)
        assert state(store, approved) is State.PUBLISHED
        assert len(account.sent) == 3

    def test_a_begun_post_can_be_neither_edited_nor_rejected(
        self, store, outbox, account, approved, edited, clock
    ):
        account.answers = [*self.receipts(1), errors.NotSent("later")]
        run(outbox, account)
        begun = store.desk.post(approved.id)
        assert begun.state is State.BEGUN
        with pytest.raises(errors.IllegalMove):
            store.desk.edit(begun, edited, (), by="asha", now=clock.now())
        with pytest.raises(errors.IllegalMove):
            store.desk.decide(begun, State.REJECTED, by="asha", reason="r", now=clock.now())

    @pytest.mark.parametrize("wait", [errors.NotSent("limit"), errors.Blocked("token")])
    def test_a_part_that_has_to_wait_goes_out_later(
        self, store, outbox, account, approved, clock, wait
    ):
        account.answers = [*self.receipts(1), wait, *self.receipts(2, 3)]
        run(outbox, account)
        assert state(store, approved) is State.BEGUN
        store.pauses.resume("x", by="asha", now=clock.now())
        clock.advance(900)
        run(outbox, account)
        assert state(store, approved) is State.PUBLISHED
        assert [ticket.part for ticket in account.sent] == [0, 1, 1, 2]
        assert account.sent[1] == account.sent[2]  # byte-identical

    def test_a_refused_part_asks(self, store, outbox, account, approved):
        account.answers = [*self.receipts(1, 2), errors.Rejected("no")]
        run(outbox, account)
        post = store.desk.post(approved.id)
        assert post.state is State.PUBLISHED
        assert "3/ Three." in post.asks
        assert "2/ Two." not in post.asks
        assert run(outbox, account) == 0

    def test_a_part_that_cannot_even_be_built_asks(self, store, outbox, account, approved):
        account.follow_error = errors.Rejected("members may not comment.")
        run(outbox, account)
        post = store.desk.post(approved.id)
        assert post.state is State.PUBLISHED
        assert "members may not comment." in post.asks
        assert len(account.sent) == 1

    def test_an_unclear_part_is_looked_for_and_the_rest_follows(
        self, store, outbox, account, approved, clock
    ):
        account.answers = [*self.receipts(1), errors.Unclear("dead"), *self.receipts(3)]
        run(outbox, account)
        assert state(store, approved) is State.UNCLEAR
        account.live = [Receipt(remote_id="2", permalink="p/2", found=True)]
        clock.advance(120)
        run(outbox, account)
        assert state(store, approved) is State.BEGUN
        run(outbox, account)
        assert state(store, approved) is State.PUBLISHED
        assert [r.remote_id for r in store.lookout.receipts(approved)] == ["1", "2", "3"]

    def test_what_is_late_is_told_not_sent(self, store, outbox, account, approved, clock):
        account.answers = [*self.receipts(1), errors.NotSent("later")]
        run(outbox, account)
        clock.advance(12 * 3600)
        run(outbox, account)
        post = store.desk.post(approved.id)
        assert post.state is State.PUBLISHED
        assert "2/ Two." in post.asks
        assert "3/ Three." in post.asks
        assert len(account.sent) == 2


def test_an_approval_given_before_link_cards_existed_stays_good(content):
    import hashlib
    import json
    from dataclasses import asdict

    seen = {"channel": "x", **asdict(content)}
    for later in ("link_title", "link_description", "document_title", "pictures"):
        del seen[later]
    old = json.dumps(seen, sort_keys=True, ensure_ascii=False)
    assert content.fingerprint("x") == hashlib.sha256(old.encode()).hexdigest()
