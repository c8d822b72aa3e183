"""Every new article once, no old one, and no flood; whatever the source does."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import SourceError, UsageError
from bot.edition import Ingested, ingest
from bot.http.fetch import USER_AGENT
from bot.watching import adding
from bot.watching.reading import reader
from bot.watching.round import watch
from bot.watching.taking import Taking

DAY = timedelta(days=1)


def reasons(result):
    return " ".join(one.reason for one in result.skipped)


def test_the_archive_is_marked_as_seen_and_the_newest_is_asked_about(newsroom):
    for number in range(4):
        newsroom.write(number, ago=timedelta(hours=5 - number))
    _, result, asked = newsroom.add()
    assert asked.article.title == "Ruritania holds its rate for the 3th time in a row"
    assert "newest of 4 articles" in asked.reason
    assert (result.new, result.held, newsroom.posts()) == ([], [asked.article.key], [])
    again = newsroom.read()
    assert (again.new, again.held, newsroom.posts()) == ([], [], [])


def test_an_archive_without_news_asks_nothing(newsroom):
    newsroom.write(1, ago=timedelta(days=30))
    assert newsroom.add()[2] is None
    assert newsroom.source().primed


def test_the_newest_is_posted_when_an_editor_says_so(newsroom, app):
    newsroom.write(1)
    source, _, asked = newsroom.add()
    result = Ingested()
    Taking(app, reader(app), source, result).post(asked, by="asha")
    assert (result.new, len(result.posts)) == ([asked.article.key], 1)
    assert app.store.sightings.held() == []
    assert newsroom.read().new == []


def test_what_appears_later_is_new_once(newsroom):
    newsroom.write(1)
    newsroom.add()
    newsroom.write(2)
    newsroom.write(3)
    result = newsroom.read()
    assert len(result.new) == len(result.posts) == 2
    assert [(s.name, s.kind, s.status, s.fetched) for s in result.sources] == [
        ("site", "feed", "ok", 3)
    ]
    again = newsroom.read()
    assert (again.new, again.updated, again.posts) == ([], [], [])
    assert "already known" in reasons(again)
    article = newsroom.app.store.archive.find(result.new[0])
    assert article.url == f"{newsroom.site.url}/articles/3"


@pytest.mark.parametrize(
    "change", [{"guid": "other"}, {"title": "Ruritania keeps rates for now"}, {"both": True}]
)
def test_an_edited_article_is_never_a_new_post(newsroom, change):
    newsroom.write(1)
    newsroom.add()
    newsroom.write(2)
    key = newsroom.read().new[0]
    newsroom.items.pop(0)
    if change.get("both"):  # a slug made anew from the headline: another guid and address
        newsroom.write(2, guid="other")
        guid, _, *rest = newsroom.items[0]
        newsroom.items[0] = (guid, f"{newsroom.site.url}/articles/another", *rest)
    else:
        newsroom.write(2, **change)
    result = newsroom.read()
    assert result.new == []
    assert len(newsroom.posts()) == 1
    assert newsroom.app.store.archive.find(key).revision == (2 if "title" in change else 1)


def test_a_flood_stops_and_asks(newsroom, app):
    newsroom.write(0)
    newsroom.add()
    for number in range(1, 8):
        newsroom.write(number)
    result = newsroom.read()
    assert (result.new, len(result.held), newsroom.posts()) == ([], 7, [])
    held = [one for one in app.store.sightings.held() if "7 new articles at once" in one.reason]
    assert len(held) == 7
    assert newsroom.read().held == []
    newsroom.write(8)
    assert len(newsroom.read().new) == 1  # what comes after the flood is news again


def test_what_is_too_old_gets_no_post(newsroom):
    newsroom.write(0)
    newsroom.add()
    newsroom.write(1, ago=3 * DAY)
    result = newsroom.read()
    assert (result.new, newsroom.posts()) == ([], [])
    assert "more than 48 hours ago" in reasons(result)


def test_an_article_without_a_date_is_taken_and_flagged(newsroom, site, app):
    newsroom.write(0)
    newsroom.add()
    newsroom.write(1)
    undated = site.routes["/feed"]

    def without(handler):
        answer = handler.answer
        handler.answer = lambda status, body, **h: answer(
            status, body.replace(b"pubDate", b"ignored"), **h
        )
        undated(handler)

    site.routes["/feed"] = without
    key = newsroom.read().new[0]
    assert "published" in app.store.archive.find(key).missing


def test_an_empty_or_failed_reading_changes_nothing(newsroom, site):
    newsroom.headers["etag"] = '"1"'
    newsroom.write(1)
    newsroom.add()
    before, kept = newsroom.source(), newsroom.items[:]
    newsroom.headers["etag"] = '"2"'
    newsroom.items.clear()
    assert newsroom.read().sources[0].status == "empty"
    feed = site.routes["/feed"]
    site.routes["/feed"] = lambda h: h.answer(502, b"<html>Bad gateway</html>")
    assert newsroom.read().sources[0].status == "failed"
    site.routes["/feed"] = "<html><body>We are down</body></html>"
    assert newsroom.read().sources[0].status == "failed"
    after = newsroom.source()
    assert (after.etag, after.primed, after.failures) == (before.etag, True, 2)
    site.routes["/feed"] = feed
    newsroom.items[:] = kept
    result = newsroom.read()
    assert (result.new, result.held, newsroom.posts()) == ([], [], [])
    assert newsroom.source().failures == 0


def test_nothing_new_is_asked_for_by_what_the_server_gave(newsroom, site):
    newsroom.headers["etag"] = '"1"'
    newsroom.write(1)
    newsroom.add()
    site.routes["/feed"] = lambda h: h.answer(304)
    result = newsroom.read()
    assert (result.sources[0].status, result.sources[0].not_modified) == ("not_modified", True)
    asked = site.asked[-1][1]
    assert (asked["If-None-Match"], asked["User-Agent"]) == ('"1"', USER_AGENT)


def test_a_source_that_moved_for_good_is_read_there(newsroom, site):
    newsroom.write(1)
    newsroom.add()
    site.routes["/new"], site.routes["/feed"] = (
        site.routes["/feed"],
        lambda h: h.answer(301, location="/new"),
    )
    newsroom.read()
    assert newsroom.source().url == f"{site.url}/new"


def test_a_source_that_is_gone_is_left_alone(newsroom, site):
    newsroom.write(1)
    newsroom.add()
    site.routes["/feed"] = lambda h: h.answer(410)
    assert newsroom.read().sources[0].status == "gone"
    assert "gone for good" in newsroom.source().paused
    assert newsroom.read().sources == []


def test_a_server_that_wants_rest_gets_it(newsroom, site, clock):
    newsroom.write(1)
    newsroom.add()
    feed, site.routes["/feed"] = (
        site.routes["/feed"],
        lambda h: h.answer(429, retry_after="7200"),
    )
    newsroom.read()
    site.routes["/feed"] = feed
    clock.advance(3600)
    assert newsroom.read(anyway=True).sources == []
    clock.advance(3601)
    assert newsroom.read(anyway=False).sources[0].status == "ok"


def test_a_source_is_read_when_it_is_due_and_by_one_alone(newsroom, clock):
    clock.set(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    newsroom.write(1)
    newsroom.add()
    assert newsroom.read(anyway=False).sources == []
    clock.advance(15 * 60)
    store = newsroom.app.store.sources
    first = store.claim(now=clock.now(), until=clock.now() + timedelta(minutes=5))
    assert [one.name for one in first] == ["site"]
    assert newsroom.read(anyway=False).sources == []


def test_a_page_completes_an_excerpt(newsroom, site, app):
    newsroom.write(0)
    newsroom.add()
    newsroom.write(1, body="The bank held its rate …")
    page = "".join(f"<p>{p.format(n=4)}</p>" for p in PAGE)
    result = newsroom.read()  # the page is not there yet
    assert (result.new, newsroom.source().etag) == ([], "")
    assert "Tried again next time" in reasons(result)
    site.routes["/articles/1"] = (
        f"<html lang='en'><head><title>Rates</title></head><body><article><h1>Rates</h1>{page}"
        "</article></body></html>"
    )
    key = newsroom.read().new[0]
    article = app.store.archive.find(key)
    assert len(article.body) == 3
    assert article.title.startswith("Ruritania holds")


def test_a_page_closed_to_us_leaves_the_excerpt_and_says_so(newsroom, site, app):
    newsroom.write(0)
    newsroom.add()
    newsroom.write(1, body="The bank held its rate at 6.5 percent on Monday, it said …")
    site.routes["/articles/1"] = lambda h: h.answer(403)
    key = newsroom.read().new[0]
    assert "only the excerpt" in " ".join(app.store.archive.find(key).findings)


def test_a_bug_with_one_source_stops_no_other(newsroom, app, monkeypatch):
    newsroom.write(1)
    newsroom.add()
    source = newsroom.source()
    from dataclasses import replace

    app.store.sources.add(
        replace(source, id=0, name="b", url=source.url + "?b"), now=app.clock.now()
    )
    newsroom.site.routes["/feed?b"] = newsroom.site.routes["/feed"]
    from bot import sources

    real = sources.read

    def broken(document, house, **more):
        if document.url.endswith("?b"):
            raise ZeroDivisionError
        return real(document, house, **more)

    monkeypatch.setattr(sources, "read", broken)
    result = newsroom.read()
    assert {one.name: one.status for one in result.sources} == {"site": "ok", "b": "failed"}


def test_a_silent_server_is_not_asked_for_all_its_sources(newsroom, app):
    from dataclasses import replace

    newsroom.write(1)
    newsroom.add()
    one = newsroom.source()
    for number in range(5):
        other = replace(one, id=0, name=f"s{number}", url=f"http://127.0.0.1:9/{number}")
        app.store.sources.add(other, now=app.clock.now())
    dialled = []
    guard = app.fetcher.guard
    app.__dict__["fetcher"] = replace(
        app.fetcher,
        guard=replace(
            guard, dial=lambda a, port, t: (dialled.append(port), guard.dial(a, port, t))[1]
        ),
    )
    result = Ingested()
    watch(app, result, anyway=True)
    assert [one.status for one in result.sources].count("failed") == 5
    assert dialled.count(9) == 2  # one for each connection a server may be asked over


@pytest.fixture
def page(site):
    def serve(head):
        site.routes["/"] = (
            f"<html><head><title>News</title>{head}</head><body><p>Hi</p></body></html>"
        )
        return site.url + "/"

    return serve


def test_the_feed_is_found_on_the_page(newsroom, app, page):
    newsroom.write(1)
    url = page(
        "<link rel=alternate type=application/rss+xml title='Comments' href=/comments/feed>"
        "<link rel=alternate type=application/rss+xml href=/feed>"
    )
    found = adding.find(app, url)
    assert (found.source.kind, found.source.url) == ("feed", newsroom.url)
    assert found.how == "the feed that the page names"
    assert [one.title for one in found.articles] == [newsroom.items[0][2]]


@pytest.mark.parametrize(
    ("url", "more", "error", "words"),
    [
        ("/", {}, SourceError, "nothing was"),
        ("/none", {}, SourceError, "404"),
        ("/feed", {"kind": "telegram"}, UsageError, "no kind"),
        ("/feed", {"name": "a b"}, UsageError, "cannot be the name"),
        ("/feed", {"name": "inbox"}, UsageError, "cannot be the name"),
    ],
)
def test_what_cannot_be_watched_is_said(newsroom, app, page, url, more, error, words):
    page("")
    with pytest.raises(error, match=words):
        adding.find(app, newsroom.site.url + url, **more)
    assert app.store.sources.all() == []


def test_an_article_taken_by_hand_is_known_to_the_feed(newsroom, site, app):
    newsroom.write(0)
    newsroom.add()
    newsroom.write(1)
    paragraphs = "".join(f"<p>{p.format(n=4)}</p>" for p in PAGE)
    site.routes["/articles/1"] = (
        f"<html lang='en'><head><title>x</title></head><body><article><h1>{newsroom.items[0][2]}"
        f"</h1>{paragraphs}</article></body></html>"
    )
    by_hand = ingest(app, [f"{site.url}/articles/1"])
    assert len(by_hand.new) == 1
    result = newsroom.read()
    assert (result.new, len(newsroom.posts())) == ([], 1)


from tests.unit.watching.newsroom import PARAGRAPHS as PAGE  # noqa: E402
