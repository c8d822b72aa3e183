"""Signing in, in a real browser: the printed address, the consent page, back to the command."""

import json

import pytest

from bot.app import SystemClock
from bot.http.sandbox import Server
from bot.platforms.linkedin.sandbox import Sandbox as LinkedIn
from bot.platforms.x.sandbox import Sandbox as X
from tests.free import port as free_port


@pytest.fixture
def server():
    with Server([X(), LinkedIn()], clock=SystemClock()) as running:
        yield running


@pytest.fixture
def environment(server):
    values = {"BOT_ACCOUNTS__CALLBACK_PORT": free_port()}
    for name in ("x", "linkedin"):
        for key, value in server.credentials(name, "oauth2").items():
            values[f"BOT_{name.upper()}__{key.upper()}"] = value
    return values


def address(process):
    for line in process.stdout:
        if line.startswith("http"):
            return line.strip()
    pytest.fail(process.stderr.read())


def agreed(page, where, button="Authorize app"):
    page.goto(where)
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/callback?**")


@pytest.mark.parametrize(
    ("command", "name"),
    [(("x",), "The ShiftMaker (@shiftmaker)"), (("linkedin", "--member"), "The ShiftMaker")],
)
def test_a_person_agrees_and_the_bot_knows_who(page_at, start, bot, environment, command, name):
    process = start("auth", *command, env=environment)
    page = page_at(390)
    agreed(page, address(process))
    assert page.get_by_text("You can close this page").is_visible()
    out, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert f"signed in as {name}" in out
    known = json.loads(bot("accounts", "--json", env=environment).stdout)["accounts"]
    found = next(one for one in known if one["channel"] == command[0])
    assert found["name"] == "The ShiftMaker"
    assert found["scopes"]
    said = out + errors + json.dumps(known)
    assert "token" not in said.lower() or "access_token" not in said


def test_a_no_is_told_and_nothing_is_kept(page_at, start, bot, environment):
    process = start("auth", "linkedin", "--page", "the-shiftmaker", env=environment)
    agreed(page_at(1280), address(process), button="Cancel")
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 2
    assert errors.startswith("bot: LinkedIn did not let the bot in")
    assert "Traceback" not in errors


def test_without_a_browser_the_address_is_pasted(page_at, bot, start, environment):
    process = start("auth", "linkedin", "--page", "104738291", "--paste", env=environment)
    where = address(process)
    page = page_at(390)
    page.route("**/callback?**", lambda route: route.abort())
    page.goto(where)
    with page.expect_request("**/callback?**") as landed:
        page.get_by_role("button", name="Authorize app").click()
    out, errors = process.communicate(input=landed.value.url + "\n", timeout=30)
    assert process.returncode == 0, errors
    assert "signed in as The ShiftMaker" in out
