"""Pages of other sites: the article whole, nothing of what is around it, and its own day."""

from datetime import UTC, date, datetime

import pytest

from bot import sources
from bot.domain.errors import SourceError
from bot.domain.source import ELSEWHERE, GUESSED, Document, Item, completed
from bot.markup import address
from bot.markup.dates import moment
from tests.unit.sources.test_pages import HOUSE

TITLE = "The bank of Ruritania holds its rate"
LONG = " ".join(["The bank said that prices had risen by less than anybody thought."] * 5)


def item(body, head="", url="https://news.example/rates"):
    html = f"<html><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"
    result = sources.read(Document(url=url, content=html.encode()), HOUSE, kind="page")
    (found,) = result.items
    return found


def ld(**facts):
    pairs = ", ".join(f'"{name}": "{value}"' for name, value in facts.items())
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {pairs}}}</script>'


def test_subheadings_lists_and_tables_are_part_of_it():
    found = item(
        f"<article><h1>{TITLE}</h1><p>{LONG}</p><h2>What it means</h2><p>{LONG} Two.</p>"
        f"<ul><li>Loans stay dear.</li><li>Savings stay worth it.</li></ul><p>{LONG} Three.</p>"
        "<table><tr><th>Year</th><th>Rate</th></tr><tr><td>2025</td><td>6.5</td></tr></table>"
        f"<p>{LONG} Four.</p></article>"
    )
    assert found.title == TITLE
    assert found.body == (
        LONG, "What it means", f"{LONG} Two.", "Loans stay dear.", "Savings stay worth it.",
        f"{LONG} Three.", "Year Rate", "2025 6.5", f"{LONG} Four.",
    )  # fmt: skip


def test_headings_without_text_of_their_own_are_not():
    found = item(
        f"<article><h3>Most read</h3><h3>Gold falls</h3><h1>{TITLE}</h1><p>{LONG}</p>"
        f"<p>{LONG} Two.</p><p>{LONG} Three.</p><h2>Read next</h2></article>"
    )
    assert found.body == (LONG, f"{LONG} Two.", f"{LONG} Three.")


def test_a_comment_in_a_paragraph_does_not_end_it():
    found = item(f"<article><p>When <!-- -->{LONG}</p><p>{LONG} Two.</p></article>")
    assert found.body == (f"When {LONG}", f"{LONG} Two.")


def test_each_line_of_a_paragraph_is_one():
    found = item(
        f"<article><p>{LONG}</p><p>The dates:<br>9 June, Delhi<br>10 June, Pune</p></article>"
    )
    assert found.body == (LONG, "The dates:", "9 June, Delhi", "10 June, Pune")


def test_another_sites_line_published_does_not_make_it_ours():
    shown = (
        f"<nav>Since 1994</nav><article><h1>{TITLE}</h1><p>Published 18 November 2019</p>"
        f"<p>{LONG}</p><p>{LONG} Two.</p></article>"
    )
    theirs = item(shown, ld(headline=TITLE, datePublished="2019-11-18T10:00:00Z"))
    assert theirs.published == datetime(2019, 11, 18, 10, tzinfo=UTC)
    assert LONG in theirs.body
    assert "Since 1994" not in theirs.body
    ours = item(shown, url="https://theshiftmaker.com/articles/x")
    assert (ours.published, ours.findings) == (datetime(2019, 11, 18, 1, 30, tzinfo=UTC), ())


def test_an_article_with_links_to_others_is_no_list_of_them():
    more = "".join(f'<a href="/2026-06-2{n}-another-story-{n}">Another {n}</a>' for n in (1, 2))
    assert item(f"<div><p>{LONG}</p><p>{LONG}</p><p>{LONG}</p><p>{LONG}</p></div>{more}").complete


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("https://a.example/home/2017/7/12/montauk", date(2017, 7, 12)),
        ("https://a.example/blog/2020-10-18-a-library", date(2020, 10, 18)),
        ("https://a.example/20200428/meet", date(2020, 4, 28)),
        ("https://a.example/2019/11/rates", None),
        ("https://a.example/2023/10/3-questions-to-tina", None),
        ("https://a.example/2023/10/24-dead-in-ruritania", None),
        ("https://a.example/2023/10/3", date(2023, 10, 3)),
        ("https://a.example/20191119123/rates", None),
        ("https://a.example/2019/13/45/", None),
        ("https://[::1", None),
        ("", None),
    ],
)
def test_the_day_in_an_address(written, day):
    assert address.day(written) == day


DATED = "https://news.example/2026/06/26/rates"


@pytest.mark.parametrize(
    ("url", "stated", "day", "finding"),
    [
        (DATED, ["2026-06-27T02:25:54Z"], "2026-06-27", ""),  # the evening before, in America
        (DATED, ["2026-09-01T10:00:00Z"], "2026-06-26", "in its address"),  # brought up to date
        (DATED, ["2026-09-01T10:00:00Z", "2026-06-26T10:00:00Z"], "2026-06-26", ""),
        (DATED, ["2026-01-01T10:00:00Z"], "2026-01-01", ""),  # a day that was still to come
        (DATED, [], "2026-06-26", "in its address"),
        ("https://news.example/x", ["2026-06-26", "2026-06-20T10:00:00Z"], "2026-06-20", ""),
    ],
)  # fmt: skip
def test_the_best_of_several_dates(url, stated, day, finding):
    head = "".join(ld(headline=TITLE, datePublished=one) for one in stated)
    found = item(f"<article><p>{LONG}</p><p>{LONG}</p></article>", head, url)
    assert found.published.date().isoformat() == day
    assert finding in "".join(found.findings)
    assert bool(finding) == bool(found.findings)


def test_a_date_from_the_text_is_called_a_guess():
    found = item(f"<article><h1>{TITLE}</h1><span>26 June 2021</span><p>{LONG}</p></article>")
    assert found.findings == (GUESSED,)
    assert found.published.date() == date(2021, 6, 26)


def test_a_counted_headline_is_no_day_of_its_address():
    head = ld(headline=TITLE, datePublished="2023-10-31T08:47:16Z")
    found = item(f"<article><p>{LONG}</p></article>", head, "https://a.example/2023/10/3-questions")
    assert (found.published, found.findings) == (datetime(2023, 10, 31, 8, 47, 16, tzinfo=UTC), ())


@pytest.mark.parametrize(
    "shown",
    [
        "<p>06.11.2023 10:16 Uhr - 1. Bundesliga</p><h1>{title}</h1>",
        "<h1>{title}</h1><p>Written: 2023-11-06 15:03:30 / Updated: 2023-11-08 15:30:46</p>",
        "<h1>{title}</h1><h5>Datum:</h5>06.11.2023",
        "<h1>{title}</h1><div>Stand: 6. November 2023, 18:00 Uhr</div>",
        "<h1>{title}</h1><ul><li>Von Asha</li><li><time>06.11.2023, 12:01 Uhr</time></li></ul>",
        "<h1>{title}</h1><p>By Asha Rao</p><p>Monday, November 6, 2023</p>",
        "<h1>{title}</h1><time datetime='2023-11-06T15:25:00+01:00'>3 days ago</time>",
        "<h1>{title}</h1><p>2023年11月6日</p>",
        "<h1>{title}</h1><p>6 नवंबर 2023</p>",
        "<h1>{title}</h1><p>Publié le 6 novembre 2023</p>",
    ],
)
def test_a_date_beside_the_headline_is_the_articles_own(shown):
    """Not that of a comment, of what else is there to read, or of when the page was drawn."""
    others = "".join(f"<li><a href='/{n}'>Gold</a> <time>{n}.10.2023</time></li>" for n in (3, 4))
    found = item(
        f"<div>{shown.format(title=TITLE)}<p>{LONG}</p><p>{LONG}</p></div>"
        f"<p>The sale begins on 13 March 2024.</p><ul>{others}</ul>",
        '<meta name="date" content="2023-12-20T11:02:44+01:00">',
    )
    assert found.published.date() == date(2023, 11, 6)
    assert found.findings == (GUESSED,)


@pytest.mark.parametrize(
    "shown",
    [
        "<p>The fair is on 13 March 2022 in Delhi, and everybody may come to see it there.</p>",
        "<p>3 May saw the bank of 2022 fall.</p>",
        "<p>Founded 1999. All rights reserved 2022.</p>",
    ],
)
def test_a_day_that_the_article_speaks_of_is_not_its_date(shown):
    head = '<meta name="date" content="2023-12-20T11:02:44+01:00">'
    found = item(f"<article><h1>{TITLE}</h1>{shown}<p>{LONG}</p></article>", head)
    assert found.published.date() == date(2023, 12, 20)


@pytest.mark.parametrize(
    ("shown", "at"),
    [
        ("2023-11-06T15:25:00+01:00", datetime(2023, 11, 6, 14, 25, tzinfo=UTC)),
        ("2023-11-03T11:25:00+01:00", datetime(2023, 11, 3, 10, 25, 56, tzinfo=UTC)),
        ("2023-11-09T11:25:00+01:00", datetime(2023, 11, 3, 10, 25, 56, tzinfo=UTC)),
    ],
)
def test_of_two_dates_the_one_that_readers_see(shown, at):
    head = ld(headline=TITLE, datePublished="2023-11-03T10:25:56Z") + (
        '<meta property="article:published_time" content="2023-11-06T14:25:00Z">'
    )
    found = item(f"<h1>{TITLE}</h1><time datetime='{shown}'>today</time><p>{LONG}</p>", head)
    assert (found.published, found.findings) == (at, ())


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("06.11.2023", datetime(2023, 11, 6, 1, 30, tzinfo=UTC)),
        ("6. 11. 2023", datetime(2023, 11, 6, 1, 30, tzinfo=UTC)),
        ("2023.11.06", datetime(2023, 11, 6, 1, 30, tzinfo=UTC)),
        ("06.11.2023 10.16", datetime(2023, 11, 6, 4, 46, tzinfo=UTC)),
    ],
)
def test_the_dots_of_a_day_are_no_time(written, at):
    assert moment(written, HOUSE).at == at


def test_a_broken_block_of_facts_hides_no_other():
    head = '<script type="application/ld+json">{"@type": "NewsArticle", "image": , }</script>'
    at = "2026-06-26T10:00:00Z"
    found = item(f"<p>{LONG}</p>", head + ld(headline="Rates held", datePublished=at))
    assert (found.title, found.published.date()) == ("Rates held", date(2026, 6, 26))


@pytest.mark.parametrize("attribute", ["property", "name"])
def test_what_a_page_says_of_itself_is_heard_wherever_it_stands(attribute):
    """A stray picture ends the head for every parser; many systems write name for property."""
    facts = "".join(
        f'<meta {attribute}="{name}" content="{value}">'
        for name, value in [
            ("og:title", "Rates held"),
            ("og:type", "article"),
            ("article:published_time", "2026-06-26T10:00:00Z"),
        ]
    )
    found = item("<p>All about banks, and what they hold.</p>", f"<img src='/pixel.gif'>{facts}")
    assert (found.title, found.published.date()) == ("Rates held", date(2026, 6, 26))


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("https://www.news.example/rates", ()),
        ("https://staging.agency.test/1", (ELSEWHERE,)),
    ],
)
def test_an_address_on_another_site_is_said(named, found):
    """An agency's text, or a slip of the system: the post would lead followers there."""
    head = ld(headline=TITLE, datePublished="2026-06-26T10:00:00Z")
    page = item(f"<p>{LONG}</p>", f"{head}<link rel=canonical href='{named}'>")
    assert (page.url, page.findings) == (named, found)
    listed = Item(title=TITLE, published=page.published, complete=False)
    assert completed(listed, page).findings == found


def test_few_words_that_nobody_calls_an_article_are_none():
    with pytest.raises(SourceError, match="nor reads like one"):
        item("<p>All about banks</p>")
