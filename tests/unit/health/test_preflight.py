"""Each check of the rehearsal is proven by breaking the thing it checks."""

import os
import shutil
import sys
import zoneinfo
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.choices.watch import Preflight
from bot.domain.delivery import Item
from bot.domain.errors import ConfigError, WorkerError
from bot.domain.intake import Source
from bot.domain.people import Role
from bot.health import apart
from bot.health.preflight import due, preflight, rehearse, told


@pytest.fixture
def failing():
    """Return what fails, by name."""

    def run(app):
        found = {check.name: check for check in preflight(app)}
        for check in found.values():
            assert check.ok or check.fix, f"{check.name} says no fix"
        return {name for name, check in found.items() if not check.ok}, found

    return run


@pytest.fixture
def web(platforms, clock, monkeypatch):
    """The stand-in's server gives the real time; here it is the test's."""
    from bot.health.checks import machine

    monkeypatch.setattr(machine, "date_of", lambda response: clock.now() + web_off[0])
    web_off = [timedelta(0)]
    return web_off


def test_all_is_well(app, failing, web):
    failed, found = failing(app)
    assert failed == set()
    assert {"database", "disk", "clock", "time zones", "backup", "x account", "templates"} <= set(
        found
    )
    assert {"linkedin account", "linkedin API version", "inbox", "x card", "approver"} <= set(found)


def test_wrong_credentials(app, again, failing, web):
    wrong = app.settings.platform("x").model_copy(
        update={"consumer_key": app.settings.platform("x").access_token}
    )
    failed, found = failing(again(x=wrong))
    assert failed == {"x account"}
    assert "401" in found["x account"].detail or "key" in found["x account"].detail


def test_money_that_does_not_last(app, again, failing, web, clock):
    app.purse.jot("x", {Item.POST_WITH_LINK: 1})  # and trying the account costs a cent
    rich = again(x_caps={"month": 5})
    failed, found = failing(rich)
    assert failed == set()
    assert found["x spending"].detail.startswith("$0.21 this month, of $5.00;")
    failed, found = failing(again(x_caps={"month": 0.1}))
    assert failed == {"x spending"}
    assert "BOT_X_CAPS__MONTH" in found["x spending"].fix


def test_an_api_version_that_ends_soon(app, again, failing, web, clock):
    clock.advance(86_400 * 280)
    failed, found = failing(app)
    assert "linkedin API version" in failed
    assert "BOT_LINKEDIN__VERSION" in found["linkedin API version"].fix
    assert "ends on" in found["linkedin account"].detail  # what the account itself says


def test_a_clock_that_is_wrong(app, failing, web):
    web[0] = timedelta(seconds=-95)
    failed, found = failing(app)
    assert failed == {"clock"}
    assert found["clock"].detail == "95 s ahead"


def test_no_server_to_ask_the_time(app, again, failing):
    failed, _ = failing(again(preflight={"clock_url": "http://127.0.0.1:9/"}))
    assert failed == {"clock"}


def test_a_full_disk(app, again, failing, web):
    failed, found = failing(again(preflight={"free_megabytes": 1e12}))
    assert failed == {"disk"}
    assert "MB free" in found["disk"].detail


def test_a_database_that_cannot_be_written(app, failing, web):
    with app.store.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA query_only = on")
    failed, found = failing(app)
    assert "database" in failed
    assert "readonly" in found["database"].detail


def test_a_database_from_a_newer_version(app, again, failing, web):
    with app.store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    failed, found = failing(again())
    assert "database" in failed
    assert "newer version of the bot" in found["database"].detail


#: The package of zones, and the folders of it that the check looks into.
_TZDATA = ("tzdata", *(f"tzdata.zoneinfo.{part}" for part in ("Asia", "Europe", "America")))


@pytest.fixture
def no_zones(app, monkeypatch):
    assert app.house.zone
    assert app.timing.tables  # it was there when the bot started
    was = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([])
    for name in _TZDATA:  # a folder of it that any test has imported would still be read
        monkeypatch.setitem(sys.modules, name, None)
    yield
    zoneinfo.reset_tzpath(was)


def test_no_time_zone_data(app, failing, web, no_zones):
    failed, found = failing(app)
    assert failed == {"time zones"}
    assert "tzdata" in found["time zones"].fix


def test_an_old_backup_and_none(app, again, failing, web, clock):
    wanted = again(preflight={"backup_hours": 26})
    assert failing(wanted)[0] == {"backup"}
    folder = app.settings.data_dir / "backups"
    folder.mkdir()
    made = folder / "bot-1.tar"
    made.touch()
    os.utime(made, (clock.now().timestamp() - 30 * 3600,) * 2)
    failed, found = failing(wanted)
    assert (failed, found["backup"].detail) == ({"backup"}, "30 h old")
    os.utime(made, (clock.now().timestamp() - 3600,) * 2)
    assert failing(wanted)[0] == set()


def test_an_inbox_that_is_gone(app, failing, web):
    shutil.rmtree(app.settings.inbox_dir)
    assert failing(app)[0] == {"inbox"}


def test_nothing_to_read(again, failing, web):
    assert failing(again(inbox_dir=None))[0] == {"sources"}


def test_a_source_that_is_gone_and_one_that_went_quiet(app, failing, web, clock, tmp_path):
    folder = tmp_path / "feed"
    folder.mkdir()
    article = folder / "a.json"
    article.write_text('{"title": "T", "url": "https://e.org/a", "body": ["B."]}')
    source = Source(name="site", url=folder.as_uri(), kind="folder")
    kept = app.store.sources.add(source, now=clock.now())
    assert failing(app)[0] == set()
    app.store.sources.note(kept, {"last_read_at": clock.now() - timedelta(hours=40)})
    failed, found = failing(app)
    assert failed == {"source site"}
    assert "40 h" in found["source site"].detail
    article.unlink()
    folder.rmdir()
    assert failing(app)[0] == {"source site"}


def test_a_template_that_is_wrong(app, again, failing, web, tmp_path):
    own = tmp_path / "own"
    (own / "posts").mkdir(parents=True)
    broken = again(templates_dir=own)
    (own / "posts" / "x.txt.j2").write_text("{% if %}")
    failed, found = failing(broken)
    assert "templates" in failed
    assert "x.txt.j2" in found["templates"].detail


def test_a_card_that_cannot_be_drawn(app, again, failing, web, tmp_path):
    own = tmp_path / "own"
    (own / "cards").mkdir(parents=True)
    (own / "cards" / "headline.typ").write_text("#nonsense(")
    assert {"x card", "linkedin card"} <= failing(again(templates_dir=own))[0]


def test_who_approves_is_named_and_a_wrong_address_found(app, again, failing, web, clock):
    app.store.people.add("asha", Role.APPROVER, by="test", now=clock.now())
    assert failing(app)[1]["approver"].detail.startswith("asha; not told")
    from pydantic import SecretStr

    wrong = again(messages={"editors": (SecretStr("nosuch://x"),)})
    assert failing(wrong)[0] == {"approver"}


def test_one_message_says_it_all(app, readers, failing, web):
    operators, _ = readers
    checks = preflight(app)
    assert told(app, checks).ok
    assert operators.heard[-1]["title"].endswith("the next edition will go out")
    shutil.rmtree(app.settings.inbox_dir)
    told(app, preflight(app))
    last = operators.heard[-1]
    assert (last["type"], "inbox" in last["message"]) == ("failure", True)
    operators.status = 500
    assert not told(app, checks).ok


@pytest.mark.parametrize(("hours", "expected"), [(0, 1), (12.9, 1), (13.1, 2), (23, 2), (23.6, 3)])
def test_it_is_made_once_at_each_of_its_times(app, readers, clock, monkeypatch, hours, expected):
    monkeypatch.setattr("bot.health.preflight.CHECKS", ())
    rehearse(app)  # 07:00: that of 06:30 was missed, and is made up for
    for _ in range(int(hours * 10)):
        clock.advance(360)
        rehearse(app)
    assert len(readers[0].heard) == expected


def _says(words):
    return (sys.executable, "-c", f"print({words!r})")


def test_a_process_of_its_own_makes_it_once(app, readers, clock):
    checks = '{"ok": true, "checks": [{"name": "disk", "ok": true}]}'
    apart.rehearse(app, lambda: False, _says(checks))
    apart.rehearse(app, lambda: False, ("/no/such/program",))  # it is not due any more
    assert readers[0].heard == []  # it is the other process that tells


def test_one_that_cannot_be_made_is_told(app, readers):
    with pytest.raises(WorkerError, match="could not be made"):
        apart.rehearse(app, lambda: False, _says("Traceback"))
    (told_,) = readers[0].heard
    assert told_["title"].endswith("no rehearsal of the next edition")


def test_one_does_not_keep_the_bot_from_stopping(app):
    asked = []

    def stopping():
        asked.append(True)
        return True

    apart.rehearse(app, stopping, (sys.executable, "-c", "import time; time.sleep(60)"))
    assert asked


def test_without_times_it_is_only_made_by_hand(app, again, readers):
    assert Preflight(times="never").times == ()
    unscheduled = again(preflight={"times": ()})
    assert due(unscheduled, app.clock.now()) is None
    rehearse(unscheduled)
    assert readers[0].heard == []


def test_a_check_that_breaks_stops_none_of_the_others(app, monkeypatch, web):
    def broken(app):
        raise ConfigError("It cannot be tried.")
        yield

    from bot.health import preflight as module

    monkeypatch.setattr(module, "CHECKS", (broken, *module.CHECKS[:2]))
    assert [check.ok for check in preflight(app)] == [False, True, True]
    assert Path(app.settings.data_dir).is_dir()
