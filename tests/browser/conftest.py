"""Debian's Chromium, driven by Playwright. A laptop may lack it; CI may not."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.e2e.conftest import bot, folder, start

__all__ = ["bot", "folder", "start"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

#: No background traffic: the browser talks to the page under test and to nobody else.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page_at(chromium, start):
    """Open a page of the given width; what the browser complains about fails the test.

    It comes after `start`, so that its pages are closed before the server they show is.
    """
    contexts, complaints = [], []

    def open_at(width, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.extend(_complaint(message, page)))
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert complaints == []


def _complaint(message, page):
    """Return what the browser complains about; a page that says no with its status is none."""
    is_the_page = message.location.get("url", "").split("#")[0] == page.url.split("#")[0]
    refused = "the server responded with a status of 4" in message.text and is_the_page
    return [message.text] if message.type == "error" and not refused else []
