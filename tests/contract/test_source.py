"""What every kind of source owes: one story, told in each kind's own way, and read alike."""

import json
import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import sources
from bot.domain.errors import SourceError
from bot.domain.source import Document, Item, to_article
from tests.contract.stories import AT, BODY, ONE, SAMPLES, SILENT, TITLE, TYPES, URL
from tests.fuzz import __main__ as fuzz
from tests.unit.sources.test_pages import HOUSE

KINDS = sorted(SAMPLES)
ARTICLES = [kind for kind in KINDS if kind != "folder"]


def document(kind, text=None, content_type=None):
    content_type = TYPES.get(kind, "") if content_type is None else content_type
    content = (SAMPLES[kind] if text is None else text).encode()
    return Document(url="https://site.example/it", content=content, content_type=content_type)


@pytest.fixture(autouse=True)
def _nobody_fetches(monkeypatch):
    def dial(*args, **kwargs):
        pytest.fail("a source fetched something")

    monkeypatch.setattr(socket, "create_connection", dial)
    monkeypatch.setattr(socket.socket, "connect", dial)


def test_every_kind_has_its_sample():
    assert sources.kinds() == KINDS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("said", ["", "text/plain", "application/octet-stream", "text/html"])
def test_it_is_known_by_what_is_in_it(kind, said):
    if kind in TYPES:
        said = TYPES[kind]
    assert sources.find_kind(document(kind, content_type=said)) == kind


@pytest.mark.parametrize("kind", ARTICLES)
def test_the_story_is_read(kind):
    result = sources.read(document(kind), HOUSE)
    assert result.kind == kind
    (item,) = result.items
    silent = SILENT.get(kind, set())
    assert item.title == TITLE
    assert item.published == AT
    if "url" not in silent:
        assert item.url.rstrip("/") == URL
    if "body" in silent:
        assert not item.complete
    else:
        assert [" ".join(p.split()) for p in item.body] == [" ".join(p.split()) for p in BODY]
        assert item.complete
    assert not item.findings
    article = to_article(item, HOUSE, origin="test")
    assert article.key.startswith("2026-11-23-ru") or article.key == ONE["id"]


def test_a_folder_names_its_files():
    (one,) = sources.read(document("folder"), HOUSE).listings
    assert (one.url, one.updated.year) == ("file:///inbox/a.json", 2025)


@pytest.mark.parametrize("kind", KINDS)
def test_reading_twice_gives_the_same(kind):
    assert sources.read(document(kind), HOUSE) == sources.read(document(kind), HOUSE)


@pytest.mark.parametrize("kind", ARTICLES)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings_say_the_same(kind, encoding):
    content = SAMPLES[kind].encode(encoding)
    other = Document(url="https://site.example/it", content=content)
    assert (
        sources.read(other, HOUSE, kind=kind).items
        == sources.read(document(kind), HOUSE, kind=kind).items
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "wrong",
    [
        "", " ", "\0", "{", "[", "[]", "{}", "null", "7", '"text"', "<", "<a", "<rss", "<urlset>",
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x 'y'>]><rss>&x;</rss>", "[" * 100_000,
        '{"a":' * 50_000, "<a>" * 50_000, "---\n", "\ud800".encode("utf-8", "replace").decode(),
        '{"version": "https://jsonfeed.org/version/1", "items": {"a": 1}}',
        '{"version": "https://jsonfeed.org/version/1", "items": [1, null, "x", {"id": [], "url": {}}]}',
        '{"type": "article.published", "data": [1]}', '{"type": "article.deleted", "data": {}}',
        '[{"title": {"rendered": "T"}, "link": 7, "content": [], "_embedded": [1]}]',
        '{"title": 7, "body": 7}', '[["file:///x", "y", 1]]', '[["file:///x", 1e300, 1]]',
    ],
)  # fmt: skip
def test_what_is_wrong_gives_a_typed_error_or_nothing(kind, wrong):
    try:
        result = sources.read(document(kind, wrong), HOUSE, kind=kind)
    except SourceError as exc:
        assert "\n" not in str(exc)  # noqa: PT017
        assert "nothing" in str(exc)  # noqa: PT017
    else:
        assert all(isinstance(item, Item) for item in result.items)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(min_value=0))
def test_a_broken_document_gives_a_typed_error_or_what_is_there(number):
    fuzz.read(number)  # raises whatever a reader must not raise


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.99])
def test_half_a_document_gives_a_typed_error_or_what_is_there(kind, cut):
    text = SAMPLES[kind]
    try:
        result = sources.read(document(kind, text[: int(len(text) * cut)]), HOUSE, kind=kind)
    except SourceError:
        return
    assert len(result.items) + len(result.listings) <= 1


def test_an_unknown_kind_is_named():
    with pytest.raises(SourceError, match="no source kind 'telegram'"):
        sources.read(document("feed"), HOUSE, kind="telegram")


def test_an_article_that_is_gone_is_no_article():
    for data in ({"id": ONE["id"]}, {"url": URL}):
        text = json.dumps({"type": "article.deleted", "data": data})
        result = sources.read(document("webhook", text), HOUSE)
        assert (result.items, result.gone) == ((), tuple(data.values()))


def test_a_message_with_the_address_alone_points_to_the_page():
    text = json.dumps({"type": "article.published", "data": {"url": URL}})
    (item,) = sources.read(document("webhook", text), HOUSE).items
    assert (item.url, item.complete) == (URL, False)


def test_an_index_lists_its_sitemaps_newest_first():
    text = (
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>/old.xml"
        "</loc><lastmod>2020-01-01</lastmod></sitemap><sitemap><loc>/new.xml</loc>"
        "<lastmod>2026-11-23</lastmod></sitemap></sitemapindex>"
    )
    result = sources.read(document("sitemap", text), HOUSE)
    assert [one.url for one in result.listings] == [
        "https://site.example/new.xml",
        "https://site.example/old.xml",
    ]
