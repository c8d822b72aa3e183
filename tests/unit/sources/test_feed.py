"""Feeds as they are in the wild."""

from datetime import UTC, datetime

import pytest

from bot.domain.article import Picture
from bot.domain.errors import IllFormed
from bot.domain.source import Document, to_article
from bot.sources import find_kind, read
from tests.unit.sources.test_pages import HOUSE

LONG = "A sentence of an article that goes on for quite a while and says something. " * 8


def feed(items, *, head="", encoding="utf-8", content_type="application/rss+xml", declared=None):
    text = (
        f'<?xml version="1.0" encoding="{declared or encoding}"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{head}<channel><title>The site</title><language>en-IN</language>{items}</channel></rss>"
    )
    return Document(
        url="https://site.example/feed", content=text.encode(encoding), content_type=content_type
    )


def only(document):
    (item,) = read(document, HOUSE).items
    return item


def test_a_whole_article_is_read_whole():
    item = only(
        feed(
            f"""<item><guid isPermaLink="false">17</guid><title>Caf&amp;eacute; &amp;amp; more</title>
            <link>/a/2026-06-26-a-story?utm_source=rss&amp;page=2</link>
            <pubDate>Fri, 26 Jun 2026 07:00:00 IST</pubDate><dc:creator>Asha Rao</dc:creator>
            <category>AI</category><description>What happened.</description>
            <media:content url="/p.jpg" type="image/jpeg" width="1200" height="630"/>
            <media:description>A robot</media:description>
            <content:encoded><![CDATA[<p>{LONG}</p><p>Second.</p><script>x()</script>
            <h2>Sources</h2><ul><li><a href="/s">The study</a></li></ul>
            <p>The post Caf appeared first on The site.</p>]]></content:encoded></item>"""
        )
    )
    assert item.guid == "17"
    assert item.title == "Café & more"
    assert item.url == "https://site.example/a/2026-06-26-a-story?page=2"
    assert item.published == datetime(2026, 6, 26, 1, 30, tzinfo=UTC)  # IST is the house's own
    assert (item.author, item.section, item.language) == ("Asha Rao", "AI", "en-IN")
    assert item.dek == "What happened."
    assert item.body == (LONG.strip(), "Second.")
    assert [(s.title, s.url) for s in item.sources] == [("The study", "https://site.example/s")]
    assert item.image == Picture(
        url="https://site.example/p.jpg", width=1200, height=630, alt="A robot"
    )
    assert item.complete
    article = to_article(item, HOUSE, origin="feed")
    assert article.key == "2026-06-26-a-story"
    assert article.missing == ()


@pytest.mark.parametrize(
    "content",
    ["Just a teaser.", f"{LONG} […]", f"{LONG}&lt;p&gt;Read more →&lt;/p&gt;", LONG[:-20] + "..."],
)
def test_an_excerpt_is_marked_so_that_the_page_is_read(content):
    assert not only(
        feed(f"<item><title>T</title><description>{content}</description></item>")
    ).complete


def test_two_line_breaks_end_a_paragraph():
    """Many systems write no paragraphs at all."""
    lines = [f"{number} {'Said so. ' * 40}".strip() for number in (1, 2, 3)]
    shown = "<br><br/> ".join(lines) + "<br>4 Fourth line."
    item = only(
        feed(f"<item><title>T</title><description><![CDATA[{shown}]]></description></item>")
    )
    assert item.body == (lines[0], lines[1], f"{lines[2]} 4 Fourth line.")


@pytest.mark.parametrize(
    "picture",
    [
        "<figure><img src='/p.jpg'><figcaption>The governor leaves the bank.</figcaption></figure>",
        "<div class='wp-caption'><img src='/p.jpg'><p class='wp-caption-text'>She leaves.</p></div>",
        "<p><a href='/p'><img src='/p.jpg'></a><br><small>A train in 2024. PTI</small></p>",
        "<p><img src='/p.jpg'> <em>Photo by Asha Rao.</em></p>",
        "[caption id='a' width='300']<img src='/p.jpg'> The governor leaves.[/caption]",
        "<img src='/p.jpg'>[gallery ids='1,2'][embed]https://tube.example/1[/embed]",
    ],
)
def test_what_is_written_below_a_picture_is_not_the_article(picture):
    shown = f"{picture}<p>{LONG}</p><p>Second [sic].</p>"
    item = only(
        feed(f"<item><title>T</title><description><![CDATA[{shown}]]></description></item>")
    )
    assert item.body == (LONG.strip(), "Second [sic].")
    assert item.image.url == "https://site.example/p.jpg"


def test_a_picture_in_the_first_paragraph_takes_nothing_of_it_away():
    shown = f"<p><img src='/p.jpg'>The bank <em>held</em> its rate.</p><p><em>{LONG}</em></p>"
    item = only(
        feed(f"<item><title>T</title><description><![CDATA[{shown}]]></description></item>")
    )
    assert item.body == ("The bank held its rate.", LONG.strip())


def test_a_text_cut_short_is_no_standfirst():
    def dek(teaser):
        item = only(feed(f"<item><title>T</title><description>{teaser}</description></item>"))
        assert not item.complete
        return item.dek

    more = "&lt;a href='#'&gt;Read more&lt;/a&gt;"
    assert dek(f"The bank of Ruritania held its rate at 6.5 perc… {more}") == ""
    whole = "The bank of Ruritania held its rate. It will meet again in May."
    assert dek(f"{whole} {more}") == whole
    assert dek(f"{whole} Governor Elphberg sa[…]") == whole


def test_wrong_encodings_are_read_right():
    item = "<item><title>Café “quoted”</title></item>"
    # the server and the declaration lie; the bytes are UTF-8
    assert only(
        feed(item, declared="iso-8859-1", content_type="text/xml; charset=utf-8")
    ).title == ("Café “quoted”")
    assert only(feed(item, encoding="cp1252", declared="iso-8859-1")).title == "Café “quoted”"
    assert only(feed(item, encoding="utf-16", declared="utf-16")).title == "Café “quoted”"
    assert only(feed("<item><title>CafÃ© â€“ more</title></item>")).title == "Café – more"


def test_a_bare_ampersand_is_mended_and_said():
    result = read(feed("<item><title>R&D &nbsp; at AT&T &amp; co</title></item>"), HOUSE)
    assert result.items[0].title == "R&D at AT&T & co"
    assert "not well-formed" in result.findings[0]


def test_a_feed_without_items_says_so():
    assert read(feed(""), HOUSE).findings == ("The feed has no items.",)


@pytest.mark.parametrize(
    "content",
    [
        b"<rss version='2.0'><channel><item><title>half",
        b"<rss><channel><item></channel></rss>",
        b"<rss>" + b"<a>" * 5000,
        b"<feed>\x00</feed>",
        b'<!DOCTYPE rss [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]><rss><channel>&c;</channel></rss>',
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><channel>&x;</channel></rss>',
        b'<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]><rss><channel/></rss>',
    ],
)
def test_what_is_ill_formed_or_dangerous_is_refused(content):
    with pytest.raises(IllFormed, match=r"site\.example"):
        read(Document(url="https://site.example/feed", content=content), HOUSE, kind="feed")


def test_a_feed_is_known_whatever_the_server_calls_it():
    for content_type in ("text/html", "", "application/octet-stream", "text/plain"):
        assert find_kind(feed("", content_type=content_type)) == "feed"
