"""A passkey in a real browser, with DevTools' virtual authenticator: added, used, and done without."""

import socket

import pytest
from axe_playwright_python.sync_playwright import Axe

from bot.domain.people import Role
from tests.web import PASSWORD, served


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    desk = {"port": port, "url": f"http://localhost:{port}"}
    with served(tmp_path_factory.mktemp("passkeys"), desk=desk) as place:
        place.url = desk["url"]  # passkeys belong to a name
        place.user("asha", Role.ADMIN)
        yield place


def device(page):
    """Give the browser a device with a fingerprint reader that always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session, made["authenticatorId"]


def serious(page):
    """What axe-core calls serious or critical, and what does not fit the phone."""
    found = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    bad = [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")]
    return bad + (["scrolls sideways"] if wide > 0 else [])


def by_password(page, place):
    page.goto(f"{place.url}/sign-in")
    page.get_by_label("Name").fill("asha")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{place.url}/")


def test_a_passkey_is_added_and_signs_in(page_at, place):
    page = page_at(390)
    session, name = device(page)
    by_password(page, place)
    page.goto(f"{place.url}/account")
    page.get_by_label("Name").first.fill("My phone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("My phone: from now on you can sign in with it.").wait_for()
    assert serious(page) == []
    assert (
        len(session.send("WebAuthn.getCredentials", {"authenticatorId": name})["credentials"]) == 1
    )
    page.context.clear_cookies()
    page.goto(f"{place.url}/record")
    assert serious(page) == []
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{place.url}/record")
    assert place.app.store.passkeys.of(place.app.store.people.find("asha"))[0].used_at
    page.context.clear_cookies()
    session.send("WebAuthn.setUserVerified", {"authenticatorId": name, "isUserVerified": False})
    page.goto(f"{place.url}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("your device did not say yes").wait_for()
    by_password(page, place)


def test_without_javascript_the_password_does(page_at, place):
    page = page_at(390, java_script_enabled=False)
    page.goto(f"{place.url}/sign-in")
    assert page.get_by_role("button", name="Sign in with a passkey").count() == 0
    by_password(page, place)
    page.goto(f"{place.url}/account")
    assert page.get_by_role("button", name="Add a passkey").count() == 0
