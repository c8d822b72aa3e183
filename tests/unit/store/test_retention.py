"""What is past its time goes, what proves what was published stays, and a person can be let go."""

from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select

from bot.domain.errors import UsageError
from bot.domain.people import Role
from bot.store import access_schema as access
from bot.store import desk_schema as desk
from bot.store import intake_schema as intake
from bot.store.retention import DAYS


@pytest.fixture
def people(store, clock):
    now = clock.now()
    store.people.add("root", Role.ADMIN, by="test", now=now)
    return store.people.add("asha", Role.APPROVER, by="test", now=now)


def add(store, table, **values):
    with store.engine.begin() as connection:
        connection.execute(insert(table).values(**values))


def count(store, table):
    with store.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _old_and_new(store, user, clock):
    for number, at in enumerate((clock.now() - timedelta(days=800), clock.now())):
        digest = str(number) * 64
        add(store, desk.sessions, digest=digest, user_id=user.id, began_at=at, seen_at=at)
        add(store, desk.sign_in_links, digest=digest, user_id=user.id, expires_at=at)
        add(store, desk.devices, digest=digest, user_id=user.id, at=at)
        add(store, desk.sign_in_failures, name="asha", origin="192.0.2.1", at=at)
        add(store, access.notices, topic="t", subject=digest, at=at)
        add(
            store,
            intake.arrivals,
            source="s",
            message_id=digest,
            content=b"",
            content_type="text/xml",
            at=at,
            done_at=at,
        )


def test_what_is_past_its_time_goes_and_nothing_else(store, people, clock, approved):
    _old_and_new(store, people, clock)
    would = store.retention.prune(now=clock.now(), dry=True)
    assert set(would) == set(DAYS)
    assert sum(would.values()) == 6
    assert store.retention.prune(now=clock.now()) == would
    assert sum(store.retention.prune(now=clock.now()).values()) == 0
    kept = (desk.sessions, desk.devices, desk.sign_in_failures, access.notices, intake.arrivals)
    assert [count(store, table) for table in kept] == [1] * 5
    assert store.desk.post(approved.id).state == "approved"
    assert store.audit.verify().findings == ()


def test_earlier_wordings_go_once_a_post_is_done(store, clock, drafted, edited):
    changed = store.desk.edit(drafted, edited, (), by="asha", now=clock.now())
    clock.advance(86_400 * 200)
    assert store.retention.prune(now=clock.now())["earlier wordings"] == 0  # it is not done
    store.desk.decide(changed, "rejected", by="asha", reason="late", now=clock.now())
    assert store.retention.prune(now=clock.now())["earlier wordings"] == 1
    assert count(store, desk.wordings) == 1  # what it says now


def test_a_person_gets_all_that_is_kept_about_them_and_no_secret(store, people, clock, drafted):
    _old_and_new(store, people, clock)
    store.desk.approve(drafted, by="asha", via="desk", now=clock.now())
    kept = store.retention.of_person(people)
    assert kept["account"]["name"] == "asha"
    assert (len(kept["sessions"]), len(kept["approvals"])) == (2, 1)
    assert kept["audit_log"][0]["name"] == "post.approved"
    assert "1" * 64 not in str(kept)


def test_a_person_is_erased_and_their_decisions_stay_on_record(store, people, clock, drafted):
    _old_and_new(store, people, clock)
    store.desk.approve(drafted, by="asha", via="desk", now=clock.now())
    add(
        store,
        desk.comments,
        article_key=drafted.article_key,
        by="asha",
        text="My own words",
        at=clock.now(),
    )
    gone = store.retention.erase(people, by="root", now=clock.now())
    assert gone["sessions"] == 2
    assert store.people.find("asha") is None
    kept = store.retention.of_person(people)
    assert {name for name, rows in kept.items() if rows and name != "account"} == {
        "approvals",
        "audit_log",
    }
    assert store.audit.verify().findings == ()


def test_the_only_admin_cannot_be_erased(store, people, clock):
    root = store.people.find("root")
    with pytest.raises(UsageError, match="the only admin; nothing was erased"):
        store.retention.erase(root, by="root", now=clock.now())
