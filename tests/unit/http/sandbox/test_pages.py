"""The timeline page: what followers see, and nothing that runs."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from lxml import html

from bot.http.sandbox.pages import ago, web_address
from tests.unit.http.sandbox.clients import LinkedInClient, StoppedClock, XClient, png, running

URL = "https://theshiftmaker.com/2026/06/26/anthropic-accuses-alibaba?utm_source=x"

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raw %}",
    "javascript:alert(1)",
    "<!-- --> &lt;b&gt; &#x3c;",
    "\u202egnp.exe\u202c",
]


class Timeline:
    def __init__(self, server, clock):
        self.server = server
        self.clock = clock
        self.x = XClient(server, clock)
        self.linkedin = LinkedInClient(server, clock)

    def page(self, path="/"):
        url = path if path.startswith("http") else self.server.url + path
        answer = requests.get(url, timeout=5)
        return answer, html.fromstring(answer.content)


@pytest.fixture
def timeline():
    with running() as (server, clock):
        yield Timeline(server, clock)


def column(tree, name):
    (found,) = tree.xpath(f"//section[contains(@class, 'column {name}')]")
    return found


def texts(tree, name):
    return [element.text_content() for element in column(tree, name).xpath(".//div[@class='text']")]


def test_before_the_first_post(timeline):
    answer, tree = timeline.page()
    assert answer.status_code == 200
    assert "Nothing posted yet" in column(tree, "x").text_content()
    assert "Nothing posted yet" in column(tree, "linkedin").text_content()


def test_a_column_per_platform_newest_first(timeline):
    for text in ("One", "Two"):
        timeline.x.tweet(text)
        timeline.linkedin.share(text)
    _, tree = timeline.page()
    assert texts(tree, "x") == texts(tree, "linkedin") == ["Two", "One"]
    name = column(tree, "x").xpath(".//article//strong")[0].text
    assert name == "The ShiftMaker"
    assert "@shiftmaker" in column(tree, "x").text_content()
    assert "AI Intelligence Daily" in column(tree, "linkedin").text_content()


def test_links_and_hashtags_as_each_platform_shows_them(timeline):
    timeline.x.tweet(f"R&D {URL} #AI")
    timeline.linkedin.share(f"R&D {URL.replace('_', chr(92) + '_')} #AI")
    _, tree = timeline.page()
    assert texts(tree, "x") == ["R&D theshiftmaker.com/2026/06/26/ant… #AI"]
    assert texts(tree, "linkedin")[0].startswith("R&D https://lnkd.in/")
    for name in ("x", "linkedin"):
        (link,) = column(tree, name).xpath(".//div[@class='text']/a")
        assert link.get("href") == URL
        (tag,) = column(tree, name).xpath(".//div[@class='text']/span[@class='tag']")
        assert tag.text == "#AI"


def test_pictures_with_their_alt_text_and_no_link_to_them_in_the_text(timeline):
    picture = png(120, 67)
    media = timeline.x.upload(picture).json()["data"]["id"]
    described = {"id": media, "metadata": {"alt_text": {"text": 'A "card" & more'}}}
    timeline.x.post("/2/media/metadata", json=described)
    timeline.x.tweet("Look", media={"media_ids": [media]})
    urn = timeline.linkedin.image(picture)
    timeline.linkedin.share("Look", content={"media": {"id": urn, "altText": 'A "card" & more'}})
    _, tree = timeline.page()
    assert texts(tree, "x") == ["Look"]
    for name in ("x", "linkedin"):
        (image,) = column(tree, name).xpath(".//img")
        assert (image.get("alt"), image.get("width")) == ('A "card" & more', "120")
        (said,) = column(tree, name).xpath(".//details[@class='alt']")
        assert 'A "card" & more' in said.text_content()
        shown = requests.get(timeline.server.url + image.get("src"), timeout=5)
        assert (shown.headers["content-type"], shown.content) == ("image/png", picture)


def test_a_long_linkedin_post_is_folded_and_opens_without_scripts(timeline):
    text = "A first line.\n\nThe second paragraph.\nThe third.\nThe end."
    timeline.linkedin.share(text)
    _, tree = timeline.page()
    (fold,) = column(tree, "linkedin").xpath(".//details[@class='fold']")
    starts = [start.text_content() for start in fold.xpath("./summary/span")]
    assert starts == ["A first line.\n\nThe second paragraph.…more"] * 2
    assert texts(tree, "linkedin") == [text]


def test_a_cut_linkedin_post_shows_the_cut_and_tells_editors(timeline):
    timeline.linkedin.share("Hello (world)")
    _, tree = timeline.page()
    assert texts(tree, "linkedin") == ["Hello "]
    (note,) = tree.xpath("//p[@class='note']")
    assert "unescaped “(”" in note.text_content()


def test_an_article_card_is_small_and_names_its_site(timeline):
    article = {"source": "https://www.theshiftmaker.com/a", "title": "A <title>"}
    article["thumbnail"] = timeline.linkedin.image()
    timeline.linkedin.share("Look", content={"article": article})
    _, tree = timeline.page()
    (card,) = tree.xpath("//a[@class='linkcard']")
    assert card.get("href") == article["source"]
    assert card.text_content().split("\n")[-2].strip().endswith("theshiftmaker.com")
    assert "A <title>" in card.text_content()


def test_permalinks(timeline):
    post_id = timeline.x.tweet("The one").json()["data"]["id"]
    timeline.x.tweet("Another")
    urn = timeline.linkedin.urn("The one")
    timeline.linkedin.share("Another")
    pages = {
        "x": f"{timeline.server.web_url('x')}/shiftmaker/status/{post_id}",
        "linkedin": f"{timeline.server.web_url('linkedin')}/feed/update/{urn}/",
    }
    _, everything = timeline.page()
    for name, url in pages.items():
        answer, tree = timeline.page(url)
        assert answer.status_code == 200
        assert texts(tree, name) == ["The one"]
        links = column(everything, name).xpath(".//a[@class='when']/@href")
        assert timeline.server.url + links[1] == url


def test_x_finds_a_post_under_any_name(timeline):
    post_id = timeline.x.tweet("The one").json()["data"]["id"]
    _, tree = timeline.page(f"/x/web/i/status/{post_id}")
    assert texts(tree, "x") == ["The one"]


def test_a_permalink_dies_with_its_post(timeline):
    post_id = timeline.x.tweet().json()["data"]["id"]
    timeline.x.call("DELETE", f"/2/tweets/{post_id}")
    answer, tree = timeline.page(f"/x/web/shiftmaker/status/{post_id}")
    assert answer.status_code == 404
    assert "does not exist, or was deleted" in tree.text_content()


@pytest.mark.parametrize("path", ["/x/web/", "/x/web/shiftmaker"])
def test_the_accounts_own_page(timeline, path):
    timeline.x.tweet("Hello")
    answer, tree = timeline.page(path)
    assert (answer.status_code, texts(tree, "x")) == (200, ["Hello"])


@pytest.mark.parametrize("path", ["/myspace/web/x", "/x/web/nobody", "/linkedin/web/../../etc"])
def test_pages_that_are_not_there(timeline, path):
    assert timeline.page(path)[0].status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(timeline, text):
    timeline.x.tweet(text)
    escaped = "".join(f"\\{sign}" if sign in "|{}@[]()<>#\\*_~" else sign for sign in text)
    timeline.linkedin.share(escaped)
    media = timeline.linkedin.image()
    card = {"media": {"id": media, "altText": text}}
    timeline.linkedin.share("With a picture", content=card)
    answer, tree = timeline.page()
    assert texts(tree, "x") == [text]
    assert texts(tree, "linkedin") == ["With a picture", text]
    assert tree.xpath("//script|//iframe|//object|//*[@style]|//*[@onerror]|//style") == []
    assert column(tree, "linkedin").xpath(".//img/@alt") == [text]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy


@pytest.mark.parametrize(
    "source", ["javascript:alert(1)", "data:text/html,x", "http://[", "//x.example", "nonsense"]
)
def test_a_card_never_leads_anywhere_odd(timeline, source):
    timeline.linkedin.share("Look", content={"article": {"source": source, "title": "Odd"}})
    _, tree = timeline.page()
    (card,) = tree.xpath("//a[@class='linkcard']")
    assert card.get("href") is None


def test_an_upload_that_is_no_picture_is_never_served(timeline):
    urn = timeline.linkedin.image(b"<script>alert(1)</script>")
    answer = requests.get(f"{timeline.server.url}/_sandbox/media/{urn}", timeout=5)
    assert answer.status_code == 404
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_stylesheet(timeline):
    answer = requests.get(f"{timeline.server.url}/_sandbox/style.css", timeout=5)
    assert answer.headers["content-type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in answer.text
    assert "@import" not in answer.text
    assert "url(" not in answer.text


NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (timedelta(seconds=-5), "now"),
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=1), "1m"),
        (timedelta(hours=23), "23h"),
        (timedelta(days=1), "Nov 22"),
        (timedelta(days=365), "Nov 23, 2025"),
    ],
)
def test_how_long_ago(gone, said):
    assert ago(NOW - gone, NOW) == said


def test_web_addresses():
    assert web_address("https://a.example/x") == "https://a.example/x"
    assert web_address("javascript:alert(1)") == ""


def test_time_is_the_clocks(timeline):
    timeline.x.tweet()
    timeline.clock.forward(hours=3)
    _, tree = timeline.page()
    assert tree.xpath("//time/text()") == ["3h"]
    assert isinstance(timeline.clock, StoppedClock)
