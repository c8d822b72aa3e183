"""A refresh token is good once: the answer to a renewal survives whatever happens after it came."""

import json
import os
import signal
import stat
import subprocess
import sys
from datetime import timedelta

import pytest
import stamina

from bot.app import build, renewals
from bot.domain.errors import ConfigError, NotSent, StoreError
from bot.http.sandbox import Fault, Kind, Server
from bot.platforms.x.sandbox import Sandbox as X
from bot.settings import model
from bot.store.connections import Connections
from tests.unit.app.test_accounts import events, signed_in


@pytest.fixture(autouse=True)
def _no_backoff():
    with stamina.set_testing(True, attempts=1, cap=True):
        yield


@pytest.fixture
def server(clock):
    with Server([X()], clock=clock) as running:
        yield running


@pytest.fixture
def settings(server, tmp_path):
    keys = {**server.credentials("x", "oauth2"), "read_timeout": 2}
    return {"data_dir": str(tmp_path / "data"), "channels": ["x"], "x": keys}


@pytest.fixture
def app_at(settings, clock):
    made = []

    def at():
        app = build(model()(**settings), clock)
        made.append(app)
        return app

    yield at
    for app in made:
        app.close()


@pytest.fixture
def app(app_at, clock):
    """Signed in, and the token is about to end."""
    app = app_at()
    signed_in(app, "x")
    clock.advance(110 * 60)
    return app


def slips(app):
    return list((app.settings.data_dir / "renewals").glob("*"))


def asked(server):
    return len(server.state.calls("x.token"))


def killed(settings, clock, moment):
    command = [sys.executable, "-m", "tests.unit.app.renewing"]
    given = [json.dumps(settings), clock.now().isoformat(), moment]
    done = subprocess.run([*command, *given], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.parametrize("moment", ["answer", "commit"])
def test_killed_after_the_answer_the_next_process_has_it(
    app, app_at, server, settings, clock, moment
):
    killed(settings, clock, moment)
    assert asked(server) == 2
    clock.advance(30)  # the lease is still the dead one's
    found, version = app_at().accounts.speaker("x")
    assert version == 2
    assert asked(server) == 2  # nobody asked again: X would have said no
    assert server.state.get("x.tokens", found.access_token)["spent"] == ""
    assert slips(app) == []
    assert [one["name"] for one in events(app)] == ["account.connected", "token.renewed"]
    clock.advance(110 * 60)
    assert app.accounts.speaker("x")[1] == 3  # and the new one renews


def test_killed_before_the_request_nothing_was_spent(app, app_at, server, settings, clock):
    killed(settings, clock, "request")
    assert asked(server) == 1
    clock.advance(61)
    assert app_at().accounts.speaker("x")[1] == 2
    clock.advance(110 * 60)
    assert app.accounts.speaker("x")[1] == 3
    assert slips(app) == []


def test_a_database_that_cannot_be_written_loses_nothing(app, server, monkeypatch):
    def full(self, made, *, now):
        raise StoreError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(Connections, "renewed", full)
        with pytest.raises(StoreError):
            app.accounts.speaker("x")
    assert app.accounts.speaker("x")[1] == 2
    assert asked(server) == 2


def test_at_start_a_channel_that_another_machine_had_to_stop_goes_on(
    app, app_at, server, settings, clock
):
    killed(settings, clock, "commit")
    kept = slips(app)[0].read_bytes()
    slips(app)[0].unlink()  # it lies on the other machine
    clock.advance(61)
    app.accounts.speaker("x")  # refused; good for some minutes more
    with pytest.raises(ConfigError, match="bot auth x") as told:
        app.accounts.speaker("x")
    app.store.pauses.pause("x", str(told.value), now=clock.now())
    (app.settings.data_dir / "renewals" / "x.there").write_bytes(kept)
    app_at().accounts.take_over()
    assert app.accounts.speaker("x")[1] == 2
    assert app.accounts.warnings() == []
    assert not app.store.pauses.all()


def test_an_answer_about_an_earlier_sign_in_is_not_taken(app, server, settings, clock):
    killed(settings, clock, "commit")
    app.accounts.revoke("x", by="asha")
    signed_in(app, "x")
    _, version = app.accounts.speaker("x")
    assert version == 1
    clock.advance(110 * 60)
    app.accounts.speaker("x")
    assert slips(app) == []


def test_an_answer_that_is_torn_or_no_token_is_thrown_away(app, server, settings, clock):
    killed(settings, clock, "commit")
    (slip,) = slips(app)
    slip.write_bytes(slip.read_bytes()[:100])
    server.state.fault("x.token", Fault(kind=Kind.STATUS, status=200, body="<html>"))
    clock.advance(61)
    assert app.accounts.speaker("x")[1] == 1
    assert slips(app) == []


def test_without_a_place_for_the_answer_nobody_asks(app, server, clock):
    folder = app.settings.data_dir / "renewals"
    folder.write_text("in the way")
    assert app.accounts.speaker("x")[1] == 1
    assert asked(server) == 1
    clock.advance(3600)
    with pytest.raises(NotSent, match="could not be kept safe"):
        app.accounts.speaker("x")
    folder.unlink()
    assert app.accounts.speaker("x")[1] == 2


def test_a_slip_that_another_process_waits_with_stays(app):
    (found,) = app.accounts.all()
    with app.accounts.renewals.slip(found) as slip, app.accounts.renewals.slip(found) as other:
        assert set(slips(app)) == {slip.path, other.path}
    with app.accounts.renewals.slip(found):
        assert len(slips(app)) == 1


def test_a_slip_is_its_owners_and_has_its_room_before(app, monkeypatch):
    (found,) = app.accounts.all()
    with app.accounts.renewals.slip(found) as slip:
        assert stat.S_IMODE(slip.path.stat().st_mode) == 0o600
        assert slip.path.stat().st_size == renewals.ROOM
        monkeypatch.setattr(os, "pwrite", _full)
        slip.write(b"{}")  # said in the log; the database has it a moment later
    assert list(app.accounts.renewals.answers(found)) == []


def _full(*args):
    raise OSError(28, "No space left on device")


def test_a_platform_that_sends_no_new_refresh_token_means_the_old_one(app, server, clock):
    answer = {"access_token": "a" * 40, "expires_in": 7200, "token_type": "bearer"}
    server.state.fault("x.token", Fault(kind=Kind.STATUS, status=200, body=answer))
    app.accounts.speaker("x")
    (found,) = app.accounts.all()
    assert app.accounts.seal.open(found).refresh_token
    assert found.expires_at == clock.now() + timedelta(hours=2)
