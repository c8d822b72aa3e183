"""Sources that are no feed: sitemaps, WordPress, folders, front pages."""

import gzip
import json
import os
from datetime import timedelta

import pytest

from bot.domain.errors import SourceError, UsageError
from bot.domain.source import GUESSED
from bot.edition import Ingested
from bot.sources import folder
from bot.watching import adding
from bot.watching.round import read_inbox, watch
from tests.unit.watching.newsroom import PARAGRAPHS, text

NEWS = 'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'


def read(app):
    result = Ingested()
    watch(app, result, anyway=True)
    return result


def page(number):
    return (
        f"<html lang='en'><head><title>Rates {number}</title></head><body><article>"
        f"<h1>The bank of Ruritania holds its rate, part {number}</h1>{text(number)}</article></body>"
    )


def sitemap(site, at, *numbers):
    rows = "".join(
        f"<url><loc>{site.url}/a/{n}</loc><n:news><n:publication_date>{at.isoformat()}"
        f"</n:publication_date><n:title>The bank of Ruritania holds its rate, part {n}</n:title>"
        "</n:news></url>"
        for n in numbers
    )
    return f"<urlset {NEWS}>{rows}</urlset>"


def test_a_packed_sitemap_below_an_index(app, site, clock):
    site.routes["/map.xml"] = (
        f"<sitemapindex><sitemap><loc>{site.url}/m.gz</loc></sitemap></sitemapindex>"
    )
    pack = lambda *n: gzip.compress(sitemap(site, clock.now(), *n).encode())  # noqa: E731
    site.routes["/m.gz"] = pack(1)
    source, _, asked = adding.add(app, adding.find(app, f"{site.url}/map.xml", name="map"))
    assert (source.kind, asked.whole) == ("sitemap", False)
    site.routes["/m.gz"] = pack(1, 2)
    for number in (1, 2):
        site.routes[f"/a/{number}"] = page(number)
    result = read(app)
    assert len(result.new) == 1
    assert len(app.store.archive.find(result.new[0]).body) == 3


def test_addresses_that_are_no_articles_are_looked_at_once(app, site):
    head = f"<url><loc>{site.url}/about</loc></url>"
    site.routes["/map.xml"] = f"<urlset>{head}</urlset>"
    adding.add(app, adding.find(app, f"{site.url}/map.xml"))
    site.routes["/map.xml"] = f"<urlset>{head}<url><loc>{site.url}/tag/banks</loc></url></urlset>"
    site.routes["/tag/banks"] = "<html><body><p>All about banks</p></body></html>"
    assert "nor reads like one" in read(app).skipped[-1].reason
    read(app)
    assert [path for path, _ in site.asked].count("/tag/banks") == 1


def test_a_guessed_date_refuses_no_article(app, site):
    """A day somewhere in a text may be another's: the editor is told, the news is not lost."""
    head = f"<url><loc>{site.url}/about</loc></url>"
    site.routes["/map.xml"] = f"<urlset>{head}</urlset>"
    adding.add(app, adding.find(app, f"{site.url}/map.xml"))
    site.routes["/map.xml"] = f"<urlset>{head}<url><loc>{site.url}/a/1</loc></url></urlset>"
    site.routes["/a/1"] = page(1).replace("</h1>", "</h1><span>26 June 2021</span>")
    (key,) = read(app).new
    article = app.store.archive.find(key)
    assert article.published_at.year == 2021
    assert GUESSED in article.findings


def test_the_news_is_watched_and_not_the_podcast(app, site, newsroom):
    newsroom.write(1)
    episode = (
        "<item><title>Episode 7</title><guid>7</guid><description>We talk.</description></item>"
    )
    site.routes["/podcast"] = f"<rss version='2.0'><channel>{episode}</channel></rss>"
    named = "".join(
        f"<link rel=alternate type='application/rss+xml' title='{title}' href='{path}'>"
        for title, path in [("Comments", "/comments/"), ("Podcast", "/podcast"), ("All", "/feed")]
    )
    site.routes["/"] = f"<html><head>{named}</head><body><p>Welcome</p></body></html>"
    assert adding.find(app, f"{site.url}/").source.url == newsroom.url


def test_a_page_that_sends_readers_on_is_followed(app, site, newsroom):
    newsroom.write(1)
    on = "<html><head><meta http-equiv='Refresh' content='0; URL={}'></head><body></body></html>"
    site.routes["/"] = on.format("/en/")
    site.routes["/en/"] = on.format("feed").replace("feed", "/feed")
    assert adding.find(app, f"{site.url}/").source.url == newsroom.url
    site.routes["/round/"] = on.format("/round/")
    with pytest.raises(SourceError):
        adding.find(app, f"{site.url}/round/")


def test_a_headline_is_without_the_name_of_its_site(app, site, newsroom):
    newsroom.write(0)
    newsroom.add()
    title = "The bank of Ruritania holds its rate, part 1"
    newsroom.write(1, title=f"{title} - The Times", body="Rates were held …")
    site.routes["/articles/1"] = page(1)
    (key,) = newsroom.read().new
    assert app.store.archive.find(key).title == title


def test_the_beginning_of_an_article_is_no_standfirst(app, site, newsroom):
    """A feed's excerpt is that mostly; on the card, the post would tell everything but the news."""
    newsroom.write(0)
    newsroom.add()
    first = text(1).split("</p>")[0].removeprefix("<p>")
    newsroom.write(1, body=first)
    newsroom.write(2, title="Zenda votes on its budget", body="Zenda decides today what it spends.")
    site.routes["/articles/1"], site.routes["/articles/2"] = page(1), page(2)
    told = {one.title: one.dek for one in map(app.store.archive.find, newsroom.read().new)}
    assert sorted(told.values()) == ["", "Zenda decides today what it spends."]


def test_wordpress_is_found_by_its_page(app, site, clock):
    site.routes["/"] = (
        "<html><head><title>Blog</title><link rel='https://api.w.org/' href='/wp-json/'></head>"
        "<body><p>Welcome</p></body></html>"
    )
    at = clock.now().replace(tzinfo=None).isoformat()
    site.routes["/wp-json/wp/v2/posts?_embed=1&per_page=20"] = json.dumps(
        [
            {
                "id": 7, "link": f"{site.url}/a/7", "date_gmt": at, "modified_gmt": at,
                "title": {"rendered": "Rates &#8211; held"}, "content": {"rendered": text(1)},
                "_embedded": {
                    "author": [{"name": "Asha"}],
                    "wp:term": [[{"taxonomy": "category", "name": "Economy"}], []],
                    "wp:featuredmedia": [
                        {"source_url": "/p.jpg", "alt_text": "A bank",
                         "media_details": {"width": 1200, "height": 800}},
                    ],
                },
            }
        ]
    )  # fmt: skip
    found = adding.find(app, f"{site.url}/")
    (article,) = found.articles
    assert (found.source.kind, found.how) == ("wordpress", "the site's WordPress API")
    assert (article.title, article.section, article.author) == ("Rates – held", "Economy", "Asha")
    assert (article.image.alt, article.image.width) == ("A bank", 1200)
    assert len(article.body) == 3


@pytest.fixture
def inbox(tmp_path):
    made = tmp_path / "articles"
    made.mkdir()
    return made


def put(inbox, clock, number, **more):
    story = {
        "id": f"2026-11-23-rates-{number}",
        "title": f"Ruritania holds its rate for the {number}th time",
        "published_at": clock.now().isoformat(),
        "body": [p.format(n=number) for p in PARAGRAPHS],
        **more,
    }
    (inbox / f"{number}.json").write_text(json.dumps(story))


def test_what_appears_in_a_folder_is_new(app, inbox, clock):
    source, _, asked = adding.add(app, adding.find(app, str(inbox), name="desk"))
    assert (source.kind, source.primed, asked) == ("folder", True, None)
    put(inbox, clock, 1)
    assert read(app).new == ["2026-11-23-rates-1"]
    assert read(app).sources[0].status == "not_modified"
    put(inbox, clock, 2)
    (inbox / "broken.json").write_text("{")
    result = read(app)
    assert (result.new, result.updated) == (["2026-11-23-rates-2"], [])
    assert "not JSON" in " ".join(one.reason for one in result.skipped)


def test_a_full_folder_has_an_archive(app, inbox, clock):
    put(inbox, clock, 1)
    _source, _, asked = adding.add(app, adding.find(app, str(inbox)))
    assert asked.article.key == "2026-11-23-rates-1"
    assert read(app).new == []
    put(inbox, clock, 1, dek="Changed meanwhile.")
    assert read(app).new == []


def test_nothing_outside_the_folder_is_read(inbox, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("s")
    (inbox / "link.txt").symlink_to(secret)
    os.mkfifo(inbox / "pipe.txt")
    root = folder.address(inbox)
    for url in (f"{root}/../secret.txt", f"{root}/link.txt", f"{root}/pipe.txt",
                "file:///etc/passwd", "file://host/etc/passwd", "http://127.0.0.1/a"):  # fmt: skip
        with pytest.raises(SourceError, match="nothing was read"):
            folder.open_file(url, root=root)
    with pytest.raises(SourceError, match="not a folder"):
        folder.address(secret)


@pytest.mark.parametrize("settings", [{"inbox_dir": "inbox"}])
def test_the_inbox_is_no_source_to_add(app, tmp_path, monkeypatch, settings):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError, match="BOT_INBOX_DIR"):
        read_inbox(app, Ingested())
    (tmp_path / "inbox").mkdir()
    with pytest.raises(UsageError, match="BOT_INBOX_DIR"):
        adding.find(app, "inbox")
    read_inbox(app, Ingested())


def test_a_front_page_that_lists_articles_is_watched(app, site, clock):
    def front(*numbers):
        rows = "".join(
            f"<a href='/articles/2026-11-23-rates-{n}'>The bank holds its rate, part {n}</a>"
            for n in numbers
        )
        return f"<html><head><title>News</title></head><body>{rows}</body></html>"

    site.routes["/"] = front(1, 2)
    source, _, asked = adding.add(app, adding.find(app, f"{site.url}/", name="front"))
    assert (source.kind, asked.article.key) == ("page", "2026-11-23-rates-1")
    site.routes["/"] = front(3, 1, 2)
    site.routes["/articles/2026-11-23-rates-3"] = page(3)
    assert read(app).new == ["2026-11-23-rates-3"]
    clock.advance(timedelta(days=1).total_seconds())
    assert read(app).new == []
