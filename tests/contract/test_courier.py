"""Every courier, on every database it runs on: what is due is delivered once, whatever it does."""

import contextlib
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import psycopg
import pytest
import structlog

from bot.app import App, SystemClock
from bot.courier import local
from bot.courier.cluster import Cluster
from bot.domain.delivery import Receipt
from bot.domain.errors import ConfigError
from bot.domain.ledger import Draft
from bot.domain.post import State
from bot.duties import Duties
from bot.settings import model
from bot.store.engine import conninfo
from tests.fakes import FakeAccount

KINDS = {
    "local-sqlite": ("sqlite", local),
    "local-postgresql": ("postgresql", local),
    "cluster": ("postgresql", lambda app: Cluster(app, delivers=True)),
}


class Account(FakeAccount):
    """Tells when it was sent something, and gives every post a number of its own."""

    def __init__(self):
        super().__init__()
        self.said = threading.Semaphore(0)

    def send(self, ticket):
        super().send(ticket)
        number = str(len(self.sent))
        self.said.release()
        return Receipt(remote_id=number, permalink=f"p/{number}")


@pytest.fixture(params=KINDS, ids=str)
def kind(request):
    return KINDS[request.param]


@pytest.fixture
def app(kind, request, tmp_path):
    with contextlib.ExitStack() as stack:
        url = ""
        if kind[0] == "postgresql":
            url = stack.enter_context(request.getfixturevalue("postgres").database("migrated"))
        settings = model()(data_dir=tmp_path / "data", database_url=url, channels=("x",))
        built = App(settings, SystemClock())
        account = Account()
        built.__dict__["accounts"] = SimpleNamespace(publisher=lambda channel: account)
        stack.callback(built.close)
        yield built


@pytest.fixture
def place(app, article, content):
    """Put approved, due posts into the queue."""

    def put(count):
        now = datetime.now(UTC) - timedelta(seconds=1)
        made = []
        for number in range(count):
            key = f"{article.key}-{number}"
            app.store.archive.add(replace(article, key=key, url=f"{article.url}-{number}"), now=now)
            draft = Draft(
                article_key=key,
                platform="x",
                channel="x",
                content=replace(content, text=f"Post {number}: the bank held its rate."),
                due_at=now + timedelta(milliseconds=number),
                expires_at=now + timedelta(hours=12),
            )
            post = app.store.desk.draft(draft, now=now)
            made.append(app.store.desk.approve(post, by="asha", via="test", now=now))
        return made

    return put


@pytest.fixture
def working(app, kind):
    """The courier at work, as in `bot run`."""
    stopping = threading.Event()
    courier = kind[1](app)
    duties = Duties(app, stopping, courier)
    with app.publishing(), courier.running(duties.deliver):
        yield courier, stopping
        stopping.set()
        assert duties.rest(20)


def no_one(post_id):
    raise AssertionError("this courier delivers nothing")


def never():
    return False


def sent(app, count):
    account = app.connect("x")
    for _ in range(count):
        assert account.said.acquire(timeout=30)
    return [ticket.text.split(":")[0] for ticket in account.sent]


def test_nothing_due_is_nothing_done(working, app):
    courier, _ = working
    assert courier.round(never) == 0
    assert app.connect("x").sent == []


def test_all_that_is_due_goes_out_once_and_in_order(working, app, place):
    courier, _ = working
    posts = place(3)
    assert courier.round(never) > 0
    assert sent(app, 3) == ["Post 0", "Post 1", "Post 2"]
    assert all(app.store.lookout.receipt(post) for post in posts[:2])


def test_rounds_without_end_send_nothing_twice(working, app, place):
    courier, _ = working
    place(1)
    for _ in range(5):
        courier.round(never)
    assert sent(app, 1) == ["Post 0"]
    for _ in range(5):
        courier.round(never)
    assert not app.connect("x").said.acquire(timeout=1)


def test_a_stop_is_heeded(working, app, place):
    courier, stopping = working
    place(1)
    stopping.set()
    assert courier.round(stopping.is_set) == 0
    assert app.connect("x").sent == []


@pytest.mark.parametrize("kind", [KINDS["local-sqlite"]], ids=["sqlite"])
def test_a_cluster_refuses_sqlite(app):
    with pytest.raises(ConfigError, match="bot db move"):
        Cluster(app, delivers=True)


@pytest.mark.parametrize("kind", [KINDS["cluster"]], ids=["cluster"])
class TestHints:
    """What only the cluster's jobs can do wrong."""

    @staticmethod
    def jobs(app, statement):
        with psycopg.connect(conninfo(app.settings.url), autocommit=True) as connection:
            return connection.execute(statement).fetchall()

    def test_lost_jobs_are_given_out_again(self, app, place, kind):
        giver = Cluster(app, delivers=False)
        with app.publishing(), giver.running(no_one):
            place(1)
            assert giver.round(never) == 1
            assert giver.round(never) == 0  # it is there still
            assert len(self.jobs(app, "DELETE FROM procrastinate_jobs RETURNING id")) == 1
            assert giver.round(never) == 1

    def test_a_job_left_behind_by_a_dead_worker_holds_nothing_up(self, app, place, kind):
        giver = Cluster(app, delivers=False)
        with app.publishing(), giver.running(no_one):
            place(1)
            assert giver.round(never) == 1
            dead = "UPDATE procrastinate_jobs SET status = 'doing' RETURNING id"
            assert len(self.jobs(app, dead)) == 1
            assert giver.round(never) == 1

    def test_a_job_about_nothing_does_nothing(self, app, place, kind):
        duties = Duties(app, threading.Event(), Cluster(app, delivers=True))
        (post,) = place(1)
        with app.publishing(), structlog.testing.capture_logs() as logs:
            duties.deliver(post.id)
            duties.deliver(post.id)
            duties.deliver(4_711)
        assert len(app.connect("x").sent) == 1
        assert app.store.desk.post(post.id).state is State.PUBLISHED
        assert [e["event"] for e in logs if e["log_level"] == "error"] == ["deliver.failed"]

    def test_the_server_may_be_restarted(self, app, place, kind, postgres):
        stopping = threading.Event()
        courier = Cluster(app, delivers=True)
        duties = Duties(app, stopping, courier)
        with app.publishing(), courier.running(duties.deliver):
            postgres.restart()
            place(1)
            while not app.connect("x").sent:
                duties.tick()
                app.connect("x").said.acquire(timeout=0.5)
            stopping.set()
            assert duties.rest(20)
        assert len(app.connect("x").sent) == 1
