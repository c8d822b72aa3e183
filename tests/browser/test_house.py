"""Record, account, settings and the page of a link in a real browser: usable by all, on a phone."""

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe

from bot.asking.links import invite
from bot.domain.people import Role
from bot.domain.post import State
from tests.browser.desk import signed_in
from tests.stories import story
from tests.web import served


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    own = tmp_path_factory.mktemp("own")
    with served(tmp_path_factory.mktemp("house"), templates_dir=own) as place:
        place.user("asha", Role.ADMIN)
        place.user("ravi", Role.EDITOR)
        yield place


@pytest.fixture(scope="module")
def posts(place):
    title, dek, body = story(3)
    return list(place.posts(place.article(title, dek=dek, body=body)).values())


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_every_page_is_usable_by_all(page_at, place, posts, width, scheme):
    user = place.app.store.people.find("asha")
    page = page_at(width, color_scheme=scheme)
    signed_in(page, place, "asha", "/account")
    found = []
    for path in (
        "/record",
        f"/record/{posts[0].id}",
        "/account",
        "/settings/people",
        "/settings/sources",
        "/settings/accounts",
        "/settings/schedule",
        "/settings/policies",
        "/settings/words/x.txt.j2",
        f"/links/{invite(place.app, user, posts)}",
    ):
        page.goto(place.url + path)
        over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert over <= 0, f"{path} scrolls sideways at {width}"
        found += [
            (path, rule["id"], rule["nodes"][0]["html"][:160])
            for rule in Axe().run(page).response["violations"]
            if rule["impact"] in ("serious", "critical")
        ]
    assert found == []


def test_a_link_from_a_message_decides_on_a_phone_without_javascript(page_at, place, posts):
    user = place.app.store.people.find("asha")
    page = page_at(390, java_script_enabled=False)
    page.goto(f"{place.url}/links/{invite(place.app, user, posts)}")
    page.locator("[name=post]").nth(1).uncheck()
    page.get_by_role("button", name="Approve").click()
    assert "Approved" in page.locator("main").inner_text()
    states = [place.app.store.desk.post(post.id).state for post in posts]
    assert states == [State.APPROVED, State.DRAFTED], "only what was ticked"


def test_a_template_shows_what_it_makes_while_it_is_typed(page_at, place, posts):
    page = page_at(1280)
    signed_in(page, place, "asha", "/settings/words/x.txt.j2")
    box = page.get_by_role("textbox", name="Text")
    box.fill("")
    box.press_sequentially("FRESH {{ hook }} {{ link }}")
    page.locator("#trials").get_by_text("FRESH").first.wait_for()
    box.fill("FRESH {{ hook")
    page.locator("#trials").get_by_text("line 1").wait_for()
    assert page.locator("#trials").get_by_text("FRESH").count() == 0
    assert not (place.app.settings.templates_dir / "posts").exists()


def test_a_code_is_set_up_with_its_qr_code(page_at, place):
    page = page_at(390)
    signed_in(page, place, "ravi", "/account")
    page.get_by_role("button", name="Set it up").click()
    box = page.locator(".qr").bounding_box()
    assert box["width"] > 100
    app = pyotp.TOTP(page.locator(".panel .secret").inner_text())
    page.get_by_role("textbox", name="Code").fill(app.at(place.clock.now()))
    page.get_by_role("button", name="Turn it on").click()
    assert "your password and a code" in page.locator("main").inner_text()
