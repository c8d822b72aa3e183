"""A bot that runs for years keeps nothing of the pages it read, whatever is on them."""

import gc
import tracemalloc

import pytest

from bot import sources
from bot.domain.source import Document
from bot.markup import address
from bot.markup.html import parse
from bot.markup.prose import LONGEST, LONGEST_SCRIPT, prose
from tests.unit.sources.test_foreign_pages import LONG, TITLE, item
from tests.unit.sources.test_pages import HOUSE


def deep(number):
    """A page whose long text stands below many elements; each of them repeats it to who asks."""
    words = f"{number} " + "lorem ipsum " * 20_000
    return f"<article><h1>{TITLE}</h1><p>{LONG}</p>{'<div>' * 9}{words}{'</div>' * 9}</article>"


@pytest.fixture
def traced():
    item(deep(0))  # what is loaded at first use is not counted
    gc.collect()
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.usefixtures("traced")
def test_nothing_of_a_page_is_kept():
    for number in range(1, 4):
        item(deep(number))
    gc.collect()
    assert tracemalloc.get_traced_memory()[0] < 500_000


@pytest.mark.usefixtures("traced")
def test_a_script_of_an_application_is_not_searched():
    """A million characters of broken JSON-LD took 110 MB."""
    script = '{"@type": "NewsArticle", ' + '"a": "b", ' * LONGEST_SCRIPT
    prose(parse(f"<script type='application/ld+json'>{script}</script><p>{LONG}</p>"), "")
    assert tracemalloc.get_traced_memory()[1] < 5_000_000


@pytest.mark.usefixtures("traced")
def test_thousands_of_addresses_in_one_copied_line():
    """Each came with all the text around it: 270 MB for a file of 100 kB."""
    line = " ".join(f"https://a.example/{n} and more words" for n in range(2000))
    text = f"A headline\n\nPublished 1 May 2026\n\n{line}"
    found = Document(url="https://a.example/x.txt", content=text.encode())
    (article,) = sources.read(found, HOUSE, kind="copied").items
    assert article.body[0].startswith("https://a.example/0 and")
    assert tracemalloc.get_traced_memory()[1] < 20_000_000


@pytest.mark.usefixtures("traced")
def test_an_endless_address_is_none():
    assert address.absolute("/rates?q=" + "中" * 100_000, "https://a.example/") == ""
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    assert address.absolute("/rates?q=1", "https://a.example/") == "https://a.example/rates?q=1"


def test_a_page_too_long_to_search_is_believed_where_it_marks_its_article():
    more = f"<footer>{f'<p>{LONG}</p>' * (LONGEST // len(LONG) + 1)}</footer>"
    page = f"<article><h1>{TITLE}</h1><p>{LONG}</p></article>{more}"
    assert prose(parse(page), "").body == ()
    html = Document(url="https://news.example/x", content=page.encode())
    (found,) = sources.read(html, HOUSE, kind="page").items
    assert found.body == (LONG,)
