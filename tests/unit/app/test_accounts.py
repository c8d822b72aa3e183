"""Accounts sign in at the stand-ins, are kept sealed, and are renewed by one process at a time."""

import sqlite3
import stat
import threading
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import stamina
from cryptography.fernet import Fernet

from bot import platforms
from bot.app import build
from bot.domain.errors import Blocked, BotError, ConfigError, NotSent, UsageError
from bot.domain.ledger import Draft
from bot.domain.post import Content, State
from bot.http.sandbox import Fault, Kind, Server
from bot.platforms.linkedin.sandbox import Sandbox as LinkedIn
from bot.platforms.x.sandbox import Sandbox as X
from bot.settings import model

REDIRECT = "http://127.0.0.1:8765/callback"
VERIFIER = "v" * 60


@pytest.fixture(autouse=True)
def _no_backoff():
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def server(clock):
    with Server(
        [X(), LinkedIn(LinkedIn.Options(token_grace=timedelta(seconds=3)))], clock=clock
    ) as running:
        yield running


@pytest.fixture
def app_at(server, clock, tmp_path):
    made = []

    def at(**others):
        keys = {
            name: {**server.credentials(name, "oauth2"), "read_timeout": 2}
            for name in ("x", "linkedin")
        }
        app = build(model()(data_dir=tmp_path / "data", **keys, **others), clock)
        made.append(app)
        return app

    yield at
    for app in made:
        app.close()


@pytest.fixture
def app(app_at):
    return app_at()


def agreed(address, decision="allow"):
    """Return where the browser ends after somebody has pressed a button on the consent page."""
    assert "Authorize app" in requests.get(address, timeout=10).text
    fields = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    page = address.partition("?")[0]
    answer = requests.post(
        page, data=fields | {"decision": decision}, timeout=10, allow_redirects=False
    )
    assert answer.status_code == 302
    return answer.headers["Location"]


def signed_in(app, channel, kind=""):
    how = app.accounts.sign_in(channel, kind)
    answer = agreed(how.address(REDIRECT, "s1", VERIFIER))
    token = how.redeem(answer, REDIRECT, "s1", VERIFIER)
    account = how.accounts(token)[0]
    return app.accounts.keep(channel, how.app, account, token, by="asha")


def posted(app):
    account = app.connect("x")
    return account.send(account.prepare(Content(text="Rates held."), None, fingerprint="f"))


class TestSigningIn:
    def test_x_knows_who_agreed_and_posts_as_them(self, app, server):
        kept = signed_in(app, "x")
        assert (kept.account.handle, kept.account.id) == ("shiftmaker", "1799000000000000042")
        assert kept.renewable
        assert "tweet.write" in kept.scopes
        receipt = posted(app)
        assert "/shiftmaker/status/" in receipt.permalink
        account = app.connect("x")
        card = account.prepare(Content(text="Card", alt_text="a"), png(), fingerprint="f")
        assert account.find(card, since=app.clock.now()) is None
        assert len(server.state.posts("x")) == 1

    def test_a_linkedin_member_and_a_page_have_apps_of_their_own(self, app, server, clock):
        member = signed_in(app, "linkedin", "member")
        assert member.account.id == LinkedIn.PERSON
        assert member.ends_at == clock.now() - timedelta(seconds=5) + timedelta(days=60)
        page = signed_in(app, "linkedin", "page")
        assert page.account.id == LinkedIn.ORGANIZATION
        assert page.account.handle == "the-shiftmaker"
        assert page.version == 2
        clock.advance(10)
        account = app.connect("linkedin")
        account.send(account.prepare(Content(text="Hi"), None, fingerprint="f"))
        (post,) = server.state.posts("linkedin")
        assert post["request"]["author"] == LinkedIn.ORGANIZATION

    def test_another_ones_answer_is_not_taken_for_ours(self, app, server):
        how = app.accounts.sign_in("x")
        answer = agreed(how.address(REDIRECT, "s1", VERIFIER))
        with pytest.raises(UsageError, match="state"):
            how.redeem(answer, REDIRECT, "s2", VERIFIER)
        assert server.state.calls("x.token") == []
        with pytest.raises(Blocked, match="code_verifier"):
            how.redeem(answer, REDIRECT, "s1", "w" * 60)

    def test_a_no_is_a_no(self, app):
        how = app.accounts.sign_in("linkedin", "member")
        answer = agreed(how.address(REDIRECT, "s1", VERIFIER), decision="deny")
        with pytest.raises(UsageError, match="access_denied"):
            how.redeem(answer, REDIRECT, "s1", VERIFIER)
        with pytest.raises(UsageError, match="whole address"):
            how.redeem(f"{REDIRECT}?state=s1", REDIRECT, "s1", VERIFIER)

    def test_a_code_is_good_once_and_for_thirty_seconds(self, app, clock):
        how = app.accounts.sign_in("x")
        answer = agreed(how.address(REDIRECT, "s1", VERIFIER))
        how.redeem(answer, REDIRECT, "s1", VERIFIER)
        with pytest.raises(Blocked):
            how.redeem(answer, REDIRECT, "s1", VERIFIER)
        answer = agreed(how.address(REDIRECT, "s1", VERIFIER))
        clock.advance(31)
        with pytest.raises(Blocked):
            how.redeem(answer, REDIRECT, "s1", VERIFIER)

    def test_a_scope_the_app_lacks_is_named(self, server, clock):
        scoped = server.credentials("linkedin", "oauth2") | {"page_scopes": "r_ads"}
        settings = platforms.settings_class("linkedin")(**scoped)
        how = platforms.sign_in("linkedin", settings, clock, "page")
        asked = how.address(REDIRECT, "s", VERIFIER)
        answer = requests.get(asked, timeout=10, allow_redirects=False)
        assert "unauthorized_scope_error" in answer.headers["Location"]

    def test_what_is_not_set_up_is_named(self, clock, tmp_path):
        app = build(model()(data_dir=tmp_path), clock)
        for channel, kind, name in (
            ("x", "", "BOT_X__CLIENT_ID"),
            ("linkedin", "page", "BOT_LINKEDIN__PAGE_CLIENT_SECRET"),
            ("linkedin", "member", "BOT_LINKEDIN__CLIENT_ID"),
        ):
            with pytest.raises(ConfigError, match=name):
                app.accounts.sign_in(channel, kind)
        app.close()


class TestKeeping:
    def test_nothing_in_the_folder_tells_a_token(self, app, tmp_path):
        kept = signed_in(app, "x")
        token = app.accounts.seal.open(kept)
        app.close()
        for path in (tmp_path / "data").rglob("*"):
            if path.is_file():
                body = path.read_bytes()
                assert token.access_token.encode() not in body, path
                assert token.refresh_token.encode() not in body, path
        assert token.access_token not in repr(kept) + repr(token)
        mode = stat.S_IMODE((tmp_path / "data" / "accounts.key").stat().st_mode)
        assert mode == 0o600

    def test_a_key_others_can_read_is_refused(self, app, tmp_path):
        signed_in(app, "x")
        (tmp_path / "data" / "accounts.key").chmod(0o640)
        with pytest.raises(ConfigError, match="chmod 600"):
            build(app.settings, app.clock).accounts.speaker("x")

    def test_keys_can_be_changed_one_after_the_other(self, app_at):
        old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
        signed_in(app_at(accounts={"key": old}), "x")
        assert app_at(accounts={"key": f"{new},{old}"}).accounts.speaker("x")
        with pytest.raises(ConfigError, match="another key"):
            app_at(accounts={"key": new}).accounts.speaker("x")
        with pytest.raises(ConfigError, match="openssl"):
            app_at(accounts={"key": "short"}).accounts.speaker("x")

    def test_keys_in_env_still_work_and_a_sign_in_wins(self, app_at, server):
        keys = server.credentials("x")
        app = app_at()
        both = build(
            app.settings.model_copy(
                update={
                    "x": type(app.settings.x)(
                        **{
                            **keys,
                            **app.settings.x.model_dump(include={"client_id", "client_secret"}),
                        }
                    )
                }
            ),
            app.clock,
        )
        assert both.connect("x").publisher.client.who is None
        posted(both)
        signed_in(both, "x")
        assert both.connect("x").publisher.client.who is not None
        both.close()

    def test_signing_out_forgets_here_and_there(self, app, server):
        signed_in(app, "x")
        held = app.connect("x")
        gone = app.accounts.revoke("x", by="asha")
        assert gone.account.handle == "shiftmaker"
        with pytest.raises(Blocked):
            held.check()
        with pytest.raises(ConfigError, match="bot auth x"):
            app.connect("x")
        assert app.accounts.revoke("x", by="asha") is None
        names = [event["name"] for event in events(app)]
        assert names == ["account.connected", "account.disconnected"]

    def test_it_is_forgotten_even_where_the_platform_does_not_answer(self, app, server):
        signed_in(app, "x")
        server.state.fault("x.revoke", Fault(kind=Kind.STATUS, status=503))
        with pytest.raises(NotSent):
            app.accounts.revoke("x", by="asha")
        assert app.accounts.all() == []


class TestRenewing:
    def test_a_token_is_renewed_before_it_ends_and_the_spent_one_is_forgotten(
        self, app, server, clock
    ):
        first = signed_in(app, "x")
        posted(app)
        clock.advance(110 * 60)
        account = app.connect("x")
        account.send(account.prepare(Content(text="Later."), None, fingerprint="f"))
        (kept,) = app.accounts.all()
        assert kept.version == first.version + 1
        assert kept.expires_at == clock.now() + timedelta(hours=2)
        assert len(server.state.calls("x.token")) == 2
        clock.advance(60)
        app.connect("x")
        assert len(server.state.calls("x.token")) == 2

    def test_two_processes_renew_once(self, app_at, server, clock):
        signed_in(app_at(), "x")
        clock.advance(110 * 60)
        apps, errors = [app_at() for _ in range(4)], []
        gate = threading.Barrier(4)

        def ask(app):
            gate.wait()
            try:
                app.accounts.speaker("x")
            except BotError as exc:
                errors.append(exc)

        threads = [threading.Thread(target=ask, args=(app,)) for app in apps]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        assert errors == []
        assert len(server.state.calls("x.token")) == 2
        assert {app.accounts.speaker("x")[1] for app in apps} == {2}

    @pytest.mark.parametrize("fault", [Kind.STATUS, Kind.DROP_BEFORE])
    def test_a_platform_that_does_not_answer_ends_nothing(self, app, server, clock, fault):
        signed_in(app, "x")
        clock.advance(110 * 60)
        server.state.fault("x.token", Fault(kind=fault, status=503), times=1)
        assert app.accounts.speaker("x")[1] == 1
        assert app.accounts.speaker("x")[1] == 2
        clock.advance(3 * 3600)
        server.state.fault("x.token", Fault(kind=fault, status=503), times=1)
        with pytest.raises(NotSent, match="Nothing was sent"):
            app.accounts.speaker("x")

    def test_a_refused_one_is_final_and_somebody_is_told(self, app, clock):
        kept = signed_in(app, "x")
        app.accounts.sign_in("x").renew(
            app.accounts.seal.open(kept), bytes
        )  # spent by somebody else
        clock.advance(110 * 60)
        assert app.accounts.speaker("x")[1] == 1  # good for some minutes more
        (warning,) = app.accounts.warnings()
        assert warning.days == 0
        assert "bot auth x" in warning.message
        with pytest.raises(ConfigError, match="Sign in again: bot auth x"):
            app.accounts.speaker("x")
        signed_in(app, "x")
        assert app.accounts.warnings() == []


class TestAPostWaitsForItsAccount:
    def test_and_goes_out_when_somebody_has_signed_in_again(self, app, server, clock, article):
        signed_in(app, "linkedin", "page")
        clock.advance(61 * 24 * 3600)
        app.store.archive.add(article, now=clock.now())
        draft = Draft(
            article_key=article.key,
            platform="linkedin",
            channel="linkedin",
            content=Content(text="The bank held."),
            due_at=clock.now(),
            expires_at=clock.now() + timedelta(hours=12),
        )
        post = app.store.desk.draft(draft, now=clock.now())
        app.store.desk.approve(post, by="asha", via="cli", now=clock.now())
        with app.publishing():
            app.publish_due()
            waiting = app.store.ledger.post(post.id)
            assert waiting.state is State.APPROVED
            assert "bot auth linkedin" in app.store.pauses.all()["linkedin"]
            clock.advance(3600)
            signed_in(app, "linkedin", "page")
            clock.advance(10)
            app.publish_due()
        assert app.store.ledger.post(post.id).state is State.PUBLISHED
        assert len(server.state.posts("linkedin")) == 1

    def test_a_token_the_platform_refuses_pauses_and_consumes_nothing(
        self, app, server, clock, article
    ):
        kept = signed_in(app, "x")
        app.store.archive.add(article, now=clock.now())
        draft = Draft(
            article_key=article.key,
            platform="x",
            channel="x",
            content=Content(text="The bank held."),
            due_at=clock.now(),
            expires_at=clock.now() + timedelta(hours=12),
        )
        post = app.store.desk.draft(draft, now=clock.now())
        app.store.desk.approve(post, by="asha", via="cli", now=clock.now())
        app.accounts.sign_in("x").revoke(app.accounts.seal.open(kept))
        with app.publishing():
            app.publish_due()
            assert app.store.ledger.post(post.id).state is State.APPROVED
            assert "x" in app.store.pauses.all()
            signed_in(app, "x")
            app.publish_due()
        assert app.store.ledger.post(post.id).state is State.PUBLISHED
        assert len(server.state.posts("x")) == 1


def events(app):
    path = app.settings.data_dir / "bot.db"
    with sqlite3.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute("SELECT name, detail FROM events ORDER BY id").fetchall()
    connection.close()
    return rows


def png():
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 20)).save(out, "PNG")
    return out.getvalue()
