"""The sandbox's timeline as a person sees it, on a desk and on a phone."""

import pytest


@pytest.fixture
def timeline(start):
    process = start("demo", "--serve")
    for line in process.stdout:
        if line.startswith("Timeline"):
            return line.split()[1]
    pytest.fail(process.stderr.read())


def test_both_posts_with_their_cards(page_at, timeline):
    for width in (1280, 390):
        page = page_at(width)
        page.goto(timeline)
        assert page.get_by_text("The ShiftMaker").first.is_visible()
        cards = page.locator("img").evaluate_all(
            "all => all.filter(i => i.naturalWidth === 1200).map(i => [i.complete, i.alt])"
        )
        assert len(cards) == 2, width
        assert all(complete and alt.startswith("Anthropic accuses") for complete, alt in cards)
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, f"{width}: scrolls sideways by {overflow} px"


def test_linkedin_folds_and_opens_without_javascript(page_at, timeline):
    page = page_at(390, java_script_enabled=False)
    page.goto(timeline)
    hidden = page.get_by_text("Why it matters")
    assert not hidden.is_visible()
    page.locator(".more:visible").first.click()
    assert hidden.is_visible()


def test_a_permalink_opens_its_post(page_at, timeline):
    page = page_at(390)
    page.goto(timeline)
    address = page.locator("a[href*='/status/']").first.get_attribute("href")
    answer = page.goto(timeline.rstrip("/") + address if address.startswith("/") else address)
    assert answer.status == 200
    assert page.locator("img").count() >= 1


def test_dark_is_dark(page_at, timeline):
    page = page_at(390, color_scheme="dark")
    page.goto(timeline)
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(int(part) for part in colour[4:-1].split(",")[:3]) < 200
