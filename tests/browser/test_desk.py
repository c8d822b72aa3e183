"""The desk in a real browser: by keyboard, by thumb, without JavaScript, and against hostile text."""

import re
from itertools import count

import pytest
from axe_playwright_python.sync_playwright import Axe

from bot.domain.people import Role
from bot.domain.post import State
from bot.web.site import AREAS
from tests.browser.desk import HOSTILE, ask, fill, signed_in
from tests.stories import story
from tests.web import PASSWORD, served

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    with served(tmp_path_factory.mktemp("desk")) as place:
        for name, role in (
            ("asha", Role.ADMIN), ("ravi", Role.APPROVER), ("eli", Role.EDITOR), ("vera", Role.VIEWER),
        ):  # fmt: skip
            place.user(name, role)
        yield place


@pytest.fixture
def fresh(place):
    """An article whose posts are the most urgent ones."""
    title, dek, body = story(next(_NUMBERS))
    place.clock.advance(-60)
    return place.article(title, dek=dek, body=body)


@pytest.fixture
def at(page_at, place):
    """Open a page of the desk as somebody."""

    def open_at(path="/", name="asha", width=1280, **options):
        return signed_in(page_at(width, **options), place, name, path)

    return open_at


def states(place, article):
    return {post.state for post in place.posts(article).values()}


def press(page, *keys):
    page.wait_for_load_state("load")  # the keys are there once the script has run
    for key in keys:
        page.keyboard.press(key)


def test_signing_in(page_at, place):
    page = page_at(390)
    page.goto(place.url + "/?list=scheduled")
    page.get_by_label("Name").fill("asha")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Scheduled").wait_for()


def test_two_keys_from_the_inbox_to_both_approved_and_one_to_undo(at, place, fresh):
    page = at("/")
    press(page, "Enter")
    page.wait_for_url("**/articles/**")
    assert page.get_by_role("heading", name=fresh.title).first.is_visible()
    press(page, "A")
    page.get_by_role("status").get_by_text("Approved: X and LinkedIn").wait_for()
    assert states(place, fresh) == {State.APPROVED}
    assert re.search(r"Undo \d+ s", page.locator("#toast").inner_text())
    press(page, "u")
    page.get_by_text("Taken back: X and LinkedIn").wait_for()
    assert states(place, fresh) == {State.DRAFTED}


def test_the_list_is_walked_and_decided_by_keyboard(at, place, fresh):
    place.clock.advance(-60)
    title, dek, body = story(next(_NUMBERS))
    before = place.article(title, dek=dek, body=body)
    page = at("/")
    marked = page.locator("[data-row].at a.open")
    assert marked.inner_text() == before.title
    press(page, "j")
    assert marked.inner_text() == fresh.title
    press(page, "k", "j", "A")
    page.get_by_text("Approved: X and LinkedIn").wait_for()
    assert (states(place, fresh), states(place, before)) == ({State.APPROVED}, {State.DRAFTED})
    press(page, "h")
    page.keyboard.type("the number again")
    press(page, "Enter")
    page.get_by_text("Held: X and LinkedIn").wait_for()
    assert states(place, before) == {State.ON_HOLD}
    press(page, "/")
    page.keyboard.type(fresh.title.split()[0])
    press(page, "Enter")
    page.wait_for_url("**q=**")
    press(page, "?")
    page.get_by_role("heading", name="Keys").wait_for()


def test_one_post_at_a_time_with_a_reason_to_reject(at, place, fresh):
    page = at(f"/articles/{fresh.key}")
    press(page, "ArrowRight", "a")
    page.get_by_text("Approved: LinkedIn").wait_for()
    posts = place.posts(fresh)
    assert (posts["linkedin"].state, posts["x"].state) == (State.APPROVED, State.DRAFTED)
    press(page, "r")
    page.get_by_role("checkbox", name="LinkedIn").uncheck()
    page.get_by_label("Wrong fact").check()
    page.get_by_label("In your words").fill("it was last year")
    press(page, "Enter")
    page.get_by_text("Rejected: X").wait_for()
    post = place.posts(fresh)["x"]
    assert (post.state, post.reason) == (State.REJECTED, "Wrong fact. it was last year")


def test_typing_is_counted_by_the_server_and_kept(at, place, fresh):
    page = at(f"/articles/{fresh.key}")
    press(page, "e")
    text = page.get_by_label("Text", exact=True)
    before = text.input_value()
    text.press("Control+End")
    page.keyboard.type(" 👩‍👩‍👧")
    shown = int(place.app.dialects["x"].measure(f"{before} 👩‍👩‍👧").length)
    page.locator(".gauge b", has_text=str(shown)).wait_for()
    page.get_by_text("not saved yet").wait_for()
    page.goto(place.url + "/")
    page.goto(place.url + f"/posts/{place.posts(fresh)['x'].id}/edit")
    assert text.input_value().endswith("👩‍👩‍👧")
    text.fill(before.replace("Monday", "Tuesday"))
    press(page, "Control+Enter")
    page.get_by_text("X: saved").wait_for()
    assert "Tuesday" in place.posts(fresh)["x"].content.text


def test_what_is_typed_before_the_script_is_there_is_counted_too(at, place, fresh):
    page, held = at("/"), []

    def hold(route):
        held.append(route)

    page.route("**/htmx*.js*", hold)
    post = place.posts(fresh)["x"]
    page.goto(place.url + f"/posts/{post.id}/edit", wait_until="commit")
    page.get_by_label("Text", exact=True).fill("Three words only")
    while not held:
        page.wait_for_timeout(10)
    held.pop().continue_()
    page.locator(".gauge b", has_text="16").wait_for()
    page.get_by_text("not saved yet").wait_for()


@pytest.fixture
def offline(chromium, place):
    """A page whose line can be cut, and what that prints into its console is no fault."""
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    yield signed_in(context.new_page(), place, "asha")
    context.close()


def test_what_cannot_be_kept_is_said_stays_in_the_tab_and_is_sent_later(offline, place, fresh):
    page, post = offline, place.posts(fresh)["x"]
    page.goto(place.url + f"/posts/{post.id}/edit")
    text = page.get_by_label("Text", exact=True)
    page.wait_for_load_state("load")
    page.context.set_offline(True)
    text.fill("Typed in a tunnel")
    said = page.get_by_text("The desk did not answer")
    said.wait_for()
    page.locator("[data-save-button]").click()
    assert text.input_value() == "Typed in a tunnel", "no page of the browser's own instead"
    page.context.set_offline(False)
    page.locator(".gauge b", has_text="17").wait_for()
    page.get_by_text("not saved yet").wait_for()
    assert said.is_hidden()


@pytest.mark.parametrize("cookie", ["ended", "gone"])
def test_words_typed_after_the_session_ended_come_back(offline, place, fresh, cookie):
    page, post = offline, place.posts(fresh)["x"]
    page.goto(place.url + f"/posts/{post.id}/edit")
    page.wait_for_load_state("load")
    if cookie == "ended":
        user = place.app.store.people.find("asha")
        place.app.store.sessions.end_others(user, "", now=place.clock.now())
    else:
        page.context.clear_cookies()
    page.get_by_label("Text", exact=True).fill("Typed too late")
    if cookie == "gone":
        page.get_by_text("You are signed out").get_by_role("link").click()
    page.get_by_label("Name").fill("asha")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**/posts/{post.id}/edit")
    page.locator(".gauge b", has_text="14").wait_for()
    assert page.get_by_label("Text", exact=True).input_value() == "Typed too late"
    page.get_by_text("not saved yet").wait_for()


def test_a_second_tap_on_a_slow_line_says_it_once(at, place, fresh):
    page, held = at(f"/articles/{fresh.key}", width=390), []
    page.wait_for_load_state("load")

    def hold(route):
        held.append(route)

    page.route("**/comments", hold)
    page.get_by_label("Comment").fill("Is the figure right?")
    button = page.get_by_role("button", name="Say it")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    for _ in range(2):
        page.mouse.click(box["x"] + 9, box["y"] + 9)
        while not held:
            page.wait_for_timeout(10)
    for route in held:
        route.continue_()
    page.get_by_text("Is the figure right?").first.wait_for()
    assert len(place.app.store.talk.of_article(fresh.key)) == 1


def test_a_message_goes_away_when_it_is_told_to(at, place, fresh):
    for script in (True, False):
        page = at(f"/articles/{fresh.key}", width=390, java_script_enabled=script)
        page.get_by_role("button", name="Approve both" if script else "Undo approval").first.click()
        toast = page.locator("#toast")
        toast.wait_for()
        toast.get_by_role("link", name="Close").click()
        toast.wait_for(state="detached")


def test_whoever_saves_second_is_shown_both(at, place, fresh):
    post = place.posts(fresh)["linkedin"]
    pages = [at(f"/posts/{post.id}/edit", name) for name in ("asha", "ravi")]
    for page, day in zip(pages, ("Sunday", "Saturday"), strict=True):
        page.get_by_label("Text", exact=True).fill(post.content.text.replace("Monday", day))
        page.get_by_text("not saved yet").wait_for()
    pages[0].get_by_role("button", name="Save", exact=False).last.click()
    pages[0].get_by_text("LinkedIn: saved").wait_for()
    pages[1].get_by_role("button", name="Save", exact=False).last.click()
    pages[1].get_by_role("heading", name="asha changed this post").wait_for()
    assert pages[1].locator("del", has_text="Sunday").count() == 1
    assert "Sunday" in place.posts(fresh)["linkedin"].content.text
    pages[1].get_by_role("button", name="Save yours over it").click()
    pages[1].get_by_text("LinkedIn: saved").wait_for()
    assert "Saturday" in place.posts(fresh)["linkedin"].content.text


def test_several_at_once_each_with_its_own_answer(at, place, fresh):
    from bot.editing import reword

    title, dek, body = story(next(_NUMBERS))
    other = place.article(title, dek=dek, body=body)
    reword(place.app, place.posts(other)["x"], "It cost 99,999 crowns.", by="eli")
    page = at("/?q=" + fresh.title.split()[0])
    page.goto(place.url + "/")
    for article in (fresh, other):
        for name in ("X", "LinkedIn"):
            page.get_by_label(f"{name} of {article.title}").check()
    page.get_by_role("button", name="Approve ticked").click()
    page.get_by_role("heading", name="What became of each").wait_for()
    assert page.locator(".result", has_text="not done").count() == 1
    press(page, "u")
    page.get_by_text("Taken back: 3 posts").wait_for()


def test_a_thumb_is_enough_on_a_phone(at, place, fresh):
    phone = {"has_touch": True, "is_mobile": True}
    page = at("/", width=390, **phone)
    page.get_by_role("link", name=fresh.title).tap()
    page.get_by_role("button", name="Approve both").tap()
    page.get_by_text("Approved: X and LinkedIn").wait_for()
    assert states(place, fresh) == {State.APPROVED}


def test_everything_works_without_javascript(at, place, fresh):
    page = at("/", java_script_enabled=False)
    page.get_by_role("link", name=fresh.title).click()
    page.locator(".linkedin").get_by_role("link", name="Edit").click()
    page.get_by_label("Text", exact=True).fill("too short, and " + "x" * 3000)
    page.get_by_role("button", name="Move it there").click()
    assert "too long" in page.locator("#judged").inner_text()
    page.get_by_role("link", name="Back", exact=True).click()
    page.locator("summary", has_text="Not like this").click()
    page.get_by_label("Tone").check()
    page.get_by_role("button", name="Hold").click()
    assert "Held: X and LinkedIn" in page.locator("#toast").inner_text()
    page.get_by_role("button", name="Release").first.click()
    page.get_by_role("button", name="Release").first.click()
    page.get_by_role("button", name="Approve both").click()
    assert states(place, fresh) == {State.APPROVED}
    page.locator("#toast").get_by_role("button", name="Undo").click()
    assert states(place, fresh) == {State.DRAFTED}


def test_hostile_text_is_only_text_on_every_page(at, place, fresh):
    wrapped = [f"Ruritania pays {n + 5} million crowns: {said}." for n, said in enumerate(HOSTILE)]
    article = place.article(
        "Hostile " + HOSTILE[0],
        key="2026-11-23-hostile",
        dek=HOSTILE[1] + ".",
        section=HOSTILE[2],
        author=HOSTILE[4],
        tags=HOSTILE,
        body=(*wrapped, *place.app.store.archive.find(fresh.key).body),
    )
    posts = place.posts(article)
    place.app.store.talk.say(article.key, " ".join(HOSTILE), by="eli", now=place.clock.now())
    place.app.store.talk.say(article.key, "@asha " + HOSTILE[0], by="eli", now=place.clock.now())
    from bot.editing import reword

    for said in HOSTILE[:3]:
        post = place.posts(article)["x"]
        reword(place.app, post, f"{said} {post.content.text}", by="eli")
    number = posts["x"].id
    page = at("/")
    for path in (
        "/", "/calendar", "/mentions", f"/articles/{article.key}", f"/posts/{number}/edit",
        f"/posts/{number}/wordings", f"/record/{number}", f"/?q={HOSTILE[1]}&section={HOSTILE[2]}",
    ):  # fmt: skip
        page.goto(place.url + path)
        assert "hacked" in page.locator("body").inner_text() or "?q=" in path, path
        assert page.evaluate("window.hacked") is None, path
        assert page.locator("main script, main iframe, a[href^='javascript:' i]").count() == 0, path
    page.goto(place.url + f"/posts/{number}/edit")
    page.get_by_label("Text", exact=True).fill("".join(HOSTILE))
    page.get_by_text("not saved yet").wait_for()
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_accessible_and_fits(at, page_at, place, fresh, scheme, width):
    post = place.posts(fresh)["x"]
    page = page_at(width, color_scheme=scheme)
    page.goto(place.url + "/sign-in")
    problems = [*_serious(page, "/sign-in")]
    signed_in(page, place, "asha")
    more = (
        "/?list=published", "/?list=needs&q=nothing", "/calendar?day=2026-11-23", "/nowhere",
        f"/articles/{fresh.key}", f"/posts/{post.id}/edit", f"/posts/{post.id}/wordings",
        f"/record/{post.id}", "/welcome/old", "/settings/words/vocabulary",
        "/?list=needs", f"/corrections/{ask(place, fresh).id}",
    )  # fmt: skip
    paths = (*_pages(), *more)
    assert len(paths) > 20
    for path in paths:
        answer = page.goto(place.url + path)
        assert answer.status < 500, path
        for summary in page.locator("details.pop > summary:visible").all()[-1:]:
            summary.click()
        problems += _serious(page, path)
        problems += _tight(page, path) if width == 390 else []
    assert problems == []
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", ground)[:3])) < 200) == (scheme == "dark")


def _pages():
    """Return the address of every page that needs no more than its name."""
    routes = [route for area in AREAS for route in area.router.routes]
    return [r.path for r in routes if "GET" in r.methods and not re.search(r"[{.]", r.path)]


def _serious(page, path):
    """What axe-core calls serious or critical."""
    found = Axe().run(page).response["violations"]
    return [
        (path, rule["id"], rule["nodes"][0]["html"][:160])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


def _tight(page, path):
    """What does not fit a phone: a page that scrolls sideways, a target smaller than a thumb."""
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    page.evaluate("window.scrollTo(0, 0)")
    assert page.locator("header.top").bounding_box()["y"] == 0, path
    small = page.evaluate(
        """[...document.querySelectorAll('button, a.button, summary, select, textarea, .tick, nav a')]
        .filter(e => e.offsetParent && !e.closest('.feed, .sr'))
        .map(e => [e.innerText || e.name, e.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.height < 43.5 || box.width < 43.5))
        .map(([said, box]) => `${said} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
    )
    beyond = page.evaluate(
        """[...document.querySelectorAll('nav, nav *, header, header *, main *')]
        .filter(e => e.checkVisibility() && !e.matches('textarea, input'))
        .filter(e => e.scrollWidth > e.clientWidth + 1)
        .filter(e => /auto|scroll/.test(getComputedStyle(e).overflowX))
        .map(e => `${e.className || e.tagName} hides ${e.scrollWidth - e.clientWidth} px`)"""
    )
    sideways = [f"scrolls by {over}"] if over > 0 else []
    return [(path, said) for said in (*sideways, *small, *beyond)]


@pytest.mark.parametrize("width", [320, 360, 390])
def test_every_area_and_list_is_in_sight_on_a_phone(at, place, fresh, width):
    place.app.store.talk.say(fresh.key, "@asha look", by="vera", now=place.clock.now())
    page = at("/", width=width, java_script_enabled=False)
    page.get_by_label("You: asha, named in 1 remark").click()
    page.get_by_role("link", name="For you 1").click()
    assert "@asha look" in page.locator("main").inner_text()
    for path in ("/", f"/articles/{fresh.key}", "/settings/people"):
        page.goto(place.url + path)
        assert _tight(page, path) == []
        for link in page.locator("header nav a, nav.lists a").all():
            box = link.bounding_box()
            assert box["x"] >= 0, path
            assert box["x"] + box["width"] <= width, (path, link.inner_text())
        tops = {link.bounding_box()["y"] for link in page.locator("header nav a").all()}
        assert len(tops) == 1 or width < 360, "the areas stand in one line"


def test_the_page_of_keys_shows_keys_in_a_narrow_window_too(at):
    page = at("/keys", width=390)
    assert page.locator(".keys kbd:visible").count() > 10


@pytest.mark.parametrize("script", [True, False])
def test_a_panel_on_a_phone_closes_by_a_press_beside_it(at, place, fresh, script):
    page = at(f"/articles/{fresh.key}", width=390, java_script_enabled=script)
    before, panel = page.url, page.locator(".panel-up:visible")
    for name in ("Later…", "Not like this…"):
        page.get_by_text(name).click()
        panel.wait_for()
        page.mouse.click(120, 30)  # on a link, were there no panel
        panel.wait_for(state="detached")
    assert page.url == before


def test_with_ten_thousand_posts_the_inbox_asks_no_more_of_the_database(at, place, fresh):
    from sqlalchemy import event

    asked = []
    engine = place.app.store.engine
    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    page = at("/")
    few = len(asked)
    fill(place, fresh, published=10_000, waiting=200)
    asked.clear()
    page.goto(place.url + "/")
    assert page.locator("[data-row]").count() >= 30
    assert len(asked) <= few
    page.goto(place.url + "/?list=published")
    assert page.locator("[data-row]").count() >= 30
