"""What posting costs is booked with the claim, and a cap is never overspent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.app import build
from bot.domain.delivery import Deed, Item
from bot.domain.errors import Blocked, NotSent, Rejected, Unclear
from bot.domain.ledger import Draft
from bot.domain.money import Caps, Cost, forecast, windows
from bot.domain.post import Content, State
from bot.http.sandbox import Server
from bot.pipeline.publish import publish
from bot.pipeline.verify import verify
from bot.platforms.x.sandbox import Sandbox as X
from bot.settings import model
from tests.fakes import FakeAccount

LINK = "https://theshiftmaker.com/articles/a"
WITH_LINK = Decimal("0.2")


@pytest.fixture
def app_at(clock, tmp_path):
    made = []

    def at(**others):
        app = build(model()(data_dir=tmp_path / "data", **others), clock)
        made.append(app)
        return app

    yield at
    for app in made:
        app.close()


@pytest.fixture
def account():
    return FakeAccount(
        bills={
            Deed.SEND: {Item.POST_WITH_LINK: 1},
            Deed.PREPARE: {Item.ALT_TEXT: 1},
        },
        read={Item.OWNED_READ: 1},
    )


def approved(app, article, number=1, text=f"Rates held. {LINK}"):
    article = replace(article, key=f"{article.key}-{number}", url=f"{article.url}-{number}")
    app.store.archive.add(article, now=app.clock.now())
    draft = Draft(
        article_key=article.key,
        platform="x",
        channel="x",
        content=Content(text=text, link=LINK),
        due_at=app.clock.now(),
        expires_at=app.clock.now() + timedelta(hours=48),
    )
    post = app.store.desk.draft(draft, now=app.clock.now())
    return app.store.desk.approve(post, by="asha", via="cli", now=app.clock.now())


def spent(app):
    return app.store.spending.spent("x", datetime(2026, 1, 1, tzinfo=UTC))


class TestBooking:
    def test_a_post_and_what_is_read_are_booked(self, app_at, article, account):
        app = app_at()
        post = approved(app, article)
        assert publish(post, account, app.outbox) is State.PUBLISHED
        assert spent(app) == WITH_LINK
        verify(app.store.ledger.post(post.id), account, app.outbox)
        assert spent(app) == WITH_LINK + Decimal("0.001")
        newest, first = app.store.spending.last(5)
        assert (first["item"], first["post"], newest["item"]) == (
            "post_with_link",
            post.id,
            "owned_read",
        )

    @pytest.mark.parametrize(
        ("error", "booked"),
        [
            (NotSent("no line"), Decimal(0)),
            (Rejected("too long"), Decimal(0)),
            (Blocked("no credit"), Decimal(0)),
            (Unclear("timeout"), WITH_LINK),
        ],
    )
    def test_what_was_surely_not_taken_is_not_billed(self, app_at, article, account, error, booked):
        app = app_at()
        account.answers = [error]
        publish(approved(app, article), account, app.outbox)
        assert spent(app) == booked

    def test_an_unclear_one_that_was_not_there_is_taken_back(self, app_at, article, account, clock):
        app = app_at()
        account.answers = [Unclear("timeout")]
        post = approved(app, article)
        publish(post, account, app.outbox)
        with app.publishing():
            app.accounts.publishers["x"] = (0, account)
            for _ in range(3):
                clock.advance(700)
                app.publish_due()
        assert app.store.ledger.post(post.id).state in (State.PUBLISHED, State.VERIFIED)
        taken_back = [
            one["taken_back"]
            for one in app.store.spending.last(9)
            if one["item"] == "post_with_link"
        ]
        assert sorted(taken_back) == [False, True]

    def test_the_stand_ins_bill_is_the_same(self, app_at, article, clock):
        with Server([X()], clock=clock) as server:
            app = app_at(
                x={**server.credentials("x"), "read_timeout": 2}, publish={"verify_seconds": 5}
            )
            approved(app, article)
            with app.publishing():
                app.publish_due()
                clock.advance(60)
                app.publish_due()
            theirs = sum(Decimal(one["usd"]) for one in server.state.all("x.charges"))
        assert spent(app) == theirs > 0

    def test_whatever_else_is_done_with_an_account_is_written_down(self, app_at, article, clock):
        with Server([X()], clock=clock) as server:
            app = app_at(x={**server.credentials("x"), "read_timeout": 2})
            account = app.connect("x")
            account.check()
            ticket = account.prepare(Content(text="Rates held."), None, fingerprint="f")
            receipt = account.send(ticket)
            clock.advance(60)
            receipt = account.edit(
                account.amend(ticket, receipt, "Fell.", fingerprint="g"), receipt
            )
            account.delete(receipt)
            theirs = sum(Decimal(one["usd"]) for one in server.state.all("x.charges"))
        sent = Decimal("0.015")  # which the pipeline books, with the claim
        assert spent(app) == theirs - sent
        assert [one["item"] for one in reversed(app.store.spending.last(9))] == [
            "user_read",
            "post",
            "delete",
        ]


CAPPED = {"x_caps": {"day": "0.30"}}


class TestCaps:
    def test_a_post_over_the_cap_waits_and_goes_out_the_next_day(
        self, app_at, article, account, clock
    ):
        app = app_at(**CAPPED)
        first, second = approved(app, article, 1), approved(app, article, 2)
        assert publish(first, account, app.outbox) is State.PUBLISHED
        assert publish(second, account, app.outbox) is State.APPROVED
        waiting = app.store.ledger.post(second.id)
        assert "cap of $0.30 a day" in waiting.reason
        assert waiting.retry_at == clock.now() + timedelta(minutes=15)
        assert len(account.sent) == 1
        clock.advance(24 * 3600)
        assert publish(app.store.ledger.post(second.id), account, app.outbox) is State.PUBLISHED

    def test_the_month_counts_too(self, app_at, article, account, clock):
        app = app_at(x_caps={"day": "1", "month": "0.30"})
        publish(approved(app, article, 1), account, app.outbox)
        clock.advance(24 * 3600)
        post = approved(app, article, 2)
        assert publish(post, account, app.outbox) is State.APPROVED
        assert "a month" in app.store.ledger.post(post.id).reason

    def test_the_claim_itself_refuses(self, app_at, article, account, clock, monkeypatch):
        """Another publisher may have spent the money between the look and the claim."""
        app = app_at(**CAPPED)
        monkeypatch.setattr(type(app.purse), "refusal", lambda self, cost: "")
        publish(approved(app, article, 1), account, app.outbox)
        post = approved(app, article, 2)
        assert publish(post, account, app.outbox) is State.APPROVED
        assert len(account.sent) == 1
        assert spent(app) == WITH_LINK

    def test_card_only_takes_the_link_out_and_asks_again(self, app_at, article, account):
        app = app_at(x_caps={"day": "0.1", "at_cap": "card_only"})
        post = approved(app, article)
        assert publish(post, account, app.outbox) is State.DRAFTED
        changed = app.store.ledger.post(post.id)
        assert changed.content.text == "Rates held."
        assert changed.content.link is None
        (told,) = [f for f in app.store.desk.findings(post.id) if f.rule == "spending-cap"]
        assert "approve it so" in told.message
        assert "its approval is void" in changed.reason
        assert account.sent == []
        account.bills[Deed.SEND] = {Item.POST: 1}
        again = app.store.desk.approve(changed, by="asha", via="cli", now=app.clock.now())
        assert publish(again, account, app.outbox) is State.PUBLISHED

    def test_a_post_without_a_link_cannot_be_made_cheaper_and_waits(self, app_at, article, account):
        app = app_at(x_caps={"day": "0.1", "at_cap": "card_only"})
        post = approved(app, article, text="No link in here.")
        assert publish(post, account, app.outbox) is State.APPROVED
        assert "cap" in app.store.ledger.post(post.id).reason


class TestReport:
    def test_what_will_have_been_spent(self, app_at, article, account):
        app = app_at(x_caps={"month": "20"})
        publish(approved(app, article), account, app.outbox)
        report = app.purse.report("x", Decimal("0.4"))
        assert report["today_usd"] == report["month_usd"] == WITH_LINK
        assert report["month_cap_usd"] == Decimal(20)
        assert report["by_item"] == [{"item": "post_with_link", "count": 1, "usd": WITH_LINK}]
        assert report["forecast_usd"] == WITH_LINK + Decimal("0.4")

    def test_the_daily_average_goes_on(self):
        found = forecast(
            spent=Decimal(10), lately=Decimal(14), days=7, left=Decimal(5), waiting=Decimal(1)
        )
        assert found == Decimal(20)

    def test_days_are_the_newsrooms(self, app_at):
        zone = app_at().house.zone
        day, month, tomorrow = windows(datetime(2026, 11, 30, 20, 0, tzinfo=UTC), zone)
        assert day == datetime(2026, 11, 30, 18, 30, tzinfo=UTC)
        assert month == day
        assert tomorrow == day + timedelta(days=1)

    def test_what_is_free_is_never_refused(self):
        cost = Cost(
            channel="x",
            platform="x",
            lines={},
            counts={},
            caps=Caps(day=Decimal(0)),
            day_began=datetime(2026, 1, 1, tzinfo=UTC),
            month_began=datetime(2026, 1, 1, tzinfo=UTC),
        )
        assert cost.refusal(Decimal(9), Decimal(9)) == ""
