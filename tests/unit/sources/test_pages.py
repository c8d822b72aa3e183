"""The site's pages: as HTML, as copied text, and as they should never be."""

from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.article import Article, article_key
from bot.domain.errors import SourceError
from bot.domain.house import House
from bot.domain.source import Document
from bot.sources import LARGEST, read_document, read_file

HOUSE = House(
    article_url="https://theshiftmaker.com/articles/{id}",
    zone=ZoneInfo("Asia/Kolkata"),
    edition=time(7),
)


def parsed(text, suffix):
    return read_document(Document(url=f"test{suffix}", content=text.encode()), HOUSE)


SHIPPED = Path(__file__).parents[3] / "bot" / "demo" / "articles"


def test_the_shipped_page_is_read_whole():
    article = read_file(SHIPPED / "seed.html", HOUSE)
    assert article.key == (
        "2026-06-26-anthropic-accuses-alibaba-of-largest-claude-cloning-attempt-seeks-us-interventio"
    )
    assert article.title == (
        "Anthropic accuses Alibaba of largest Claude cloning attempt, seeks US intervention"
    )
    assert article.dek.startswith("Allegations include use of 25,000 fake accounts")
    assert article.section == "AI"
    assert article.published_at == datetime(2026, 6, 26, 1, 30, tzinfo=UTC)  # 07:00 in Kolkata
    assert len(article.body) == 5
    assert article.body[0].startswith("Anthropic has accused Alibaba")
    assert article.body[-1].endswith("rapidly evolving AI landscape.")
    assert article.missing == ()


def test_copied_text_and_page_say_the_same():
    as_text = read_file(SHIPPED / "seed.txt", HOUSE)
    as_page = read_file(SHIPPED / "seed.html", HOUSE)
    assert replace(as_text, source="") == replace(as_page, source="")


def test_the_id_is_the_houses_rule():
    article = read_file(SHIPPED / "seed.txt", HOUSE)
    assert article.key == article_key(datetime(2026, 6, 26, tzinfo=UTC).date(), article.title)


def test_two_headlines_without_latin_letters_have_two_ids():
    day = datetime(2026, 6, 26, tzinfo=UTC).date()
    assert article_key(day, "भारत का नया मॉडल") != article_key(day, "चीन का नया मॉडल")


HEAD = "Live · 7am IST · Daily\n\nThe ShiftMaker\n\nAI Intelligence Daily\n"


@pytest.mark.parametrize(
    ("text", "section", "title", "dek"),
    [
        (
            f"{HEAD}AI\n\nA headline\n\nA dek.\n\nPublished 1 May 2026\n\nBody.",
            "AI",
            "A headline",
            "A dek.",
        ),
        (f"{HEAD}AI\n\nA headline\n\nPublished 1 May 2026\n\nBody.", "AI", "A headline", ""),
        (
            f"{HEAD}\nA headline of some words\n\nA dek.\n\nPublished 1 May 2026\n\nBody.",
            "",
            "A headline of some words",
            "A dek.",
        ),
        (f"{HEAD}\nPublished 1 May 2026\n\nBody.", "", "", ""),
    ],
)
def test_parts_of_the_head_may_be_missing(text, section, title, dek):
    article = parsed(text, ".txt")
    assert (article.section, article.title, article.dek) == (section, title, dek)
    assert article.body == ("Body.",)
    assert ("title" in article.missing) is (title == "")


def test_sources_and_share_links_are_not_the_body():
    html = (
        "<h1>T</h1><p>D</p><p>Published 1 May 2026 · ID 2026-05-01-t</p><p>One.</p>"
        '<h2>Sources</h2><ul><li><a href="https://a.com/1">Reuters</a></li></ul>'
        "<p>Share on X Share on LinkedIn</p><p>Related: nothing</p>"
    )
    article = parsed(html, ".html")
    assert article.body == ("One.",)
    assert [(s.title, s.url) for s in article.sources] == [("Reuters", "https://a.com/1")]


def test_scripts_and_styles_are_silent():
    html = (
        "<script>var a='<h1>no</h1>'</script><style>p{}</style><h1>T</h1>"
        "<p>Published 1 May 2026</p><p>Body &amp; soul<script>x</script> &lt;b&gt;</p>"
    )
    article = parsed(html, ".html")
    assert article.body == ("Body & soul <b>",)


def test_a_canonical_address_that_is_not_of_the_web_is_not_taken():
    html = '<link rel="canonical" href="javascript:alert(1)"><h1>T</h1><p>Published 1 May 2026</p>'
    article = parsed(html, ".html")
    assert article.url == "https://theshiftmaker.com/articles/2026-05-01-" + article.key[11:]


def test_a_local_time_is_the_newsrooms():
    article = parsed(
        '{"title": "T", "body": ["B"], "published_at": "2026-05-01T07:00:00"}', ".json"
    )
    assert article.published_at == datetime(2026, 5, 1, 1, 30, tzinfo=UTC)
    assert article.key.startswith("2026-05-01-")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '{"id": "../../etc/passwd"}',
        '{"published_at": "yesterday"}',
        '{"body": 1}',
    ],
)
def test_json_that_is_no_article(text):
    with pytest.raises(SourceError, match="nothing was read"):
        parsed(text, ".json")


def test_markdown_with_front_matter():
    text = (
        "---\ntitle: Rates held\ndek: The bank waits.\nsection: Markets\n"
        "published_at: 2026-05-01T07:00:00+05:30\nsources:\n  - {title: RBI, url: https://rbi.org.in}\n"
        "---\n# Rates held\n\nThe *bank* held its [rate](https://a.com)\nat `6.5 %`.\n\n## Why\n\n- Prices fell.\n"
    )
    article = parsed(text, ".md")
    assert (article.title, article.dek, article.section) == (
        "Rates held",
        "The bank waits.",
        "Markets",
    )
    assert article.body == ("The bank held its rate at 6.5 %.", "Prices fell.")
    assert article.key == "2026-05-01-rates-held"
    assert article.sources[0].url == "https://rbi.org.in"


def test_markdown_without_front_matter_has_its_heading():
    article = parsed("# A headline\n\nBody.", ".md")
    assert (article.title, article.body) == ("A headline", ("Body.",))


@pytest.mark.parametrize(
    "text", ["---\n[\n---\n", "---\nbody: {a: 1}\n---\n", "---\n!!python/object:os.system x\n---\n"]
)
def test_front_matter_that_cannot_be_read(text):
    with pytest.raises(SourceError, match="nothing was read"):
        parsed(text, ".md")


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("text/html; charset=utf-8", "utf-8"),
        ("text/html; charset=iso-8859-1", "iso-8859-1"),
        ("text/html", "utf-8-sig"),
        ("text/html; charset=nonsense", "utf-8"),
        ("text/html; charset=utf-8", "cp1252"),  # the server is wrong
    ],
)
def test_a_page_from_the_web_in_its_encoding(content_type, encoding):
    html = (
        "<h1>Café à Genève: l’été déjà passé</h1><p>Published 1 May 2026</p><p>"
        + "Le modèle a été présenté à Genève; l'équipe espère être prête dès l'été. " * 20
        + "</p>"
    )
    html = html.replace("’", "'")
    found = Document(
        url="https://a.com/x", content=html.encode(encoding), content_type=content_type
    )
    article = read_document(found, HOUSE)
    assert article.title == "Café à Genève: l'été déjà passé"
    assert article.source == "https://a.com/x"


def test_a_document_of_another_kind_is_refused():
    found = Document(url="https://a.com/x", content=b"", content_type="application/octet-stream")
    with pytest.raises(SourceError, match="holds no article"):
        read_document(found, HOUSE)


def test_a_file_too_large_is_not_read(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(SourceError, match="larger than"):
        read_file(path, HOUSE)


def test_a_folder_named_like_an_article(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(SourceError, match="nothing was read"):
        read_file(tmp_path / "a.txt", HOUSE)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(),
    st.sampled_from([".txt", ".html", ".json", ".md"]),
)
def test_no_text_crashes_a_reader(text, suffix):
    try:
        article = parsed(text, suffix)
    except SourceError as error:
        assert "\n" not in str(error).strip()  # noqa: PT017
    else:
        assert isinstance(article, Article)


# Letters that no wrong decoding makes: mojibake is mended, so it is not kept.
@given(st.lists(st.text(st.sampled_from("aZ9 .,–’“”कि中文\u3000()&;"), min_size=1), max_size=6))
def test_every_paragraph_after_the_published_line_is_kept(paragraphs):
    kept = [" ".join(p.split()) for p in paragraphs]
    kept = [p for p in kept if p and p != "Sources" and not p.startswith(("Share on", "Published"))]
    text = "T\n\nPublished 1 May 2026\n\n" + "\n\n".join(kept)
    article = parsed(text, ".txt")
    assert list(article.body) == kept


def test_front_matter_that_unfolds_is_refused():
    bomb = "---\na: &a [x, x, x]\nb: &b [*a, *a, *a]\ntitle: T\nbody: [*b, *b]\n---\nText.\n"
    with pytest.raises(SourceError, match="nothing was read"):
        parsed(bomb, ".md")


def test_an_undated_article_says_so_in_its_id():
    article = parsed('{"title": "Rates held", "body": ["B"]}', ".json")
    assert article.key == "undated-rates-held"
