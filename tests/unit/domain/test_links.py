"""One form of an address, and every tag once."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import links
from bot.domain.errors import ContentError


@pytest.mark.parametrize(
    ("given_url", "wanted"),
    [
        ("https://Example.COM/A", "https://example.com/A"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com:443/a#top", "https://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com/a?utm_source=x&id=7&fbclid=1&UTM_Medium=y", "https://example.com/a?id=7"),
        ("https://example.com/a_(b)", "https://example.com/a_%28b%29"),
        ("https://example.com/a%28b%29", "https://example.com/a%28b%29"),
        ("https://example.com/~me/a b", "https://example.com/%7Eme/a%20b"),
        ("https://example.com/हिंदी", "https://example.com/%E0%A4%B9%E0%A4%BF%E0%A4%82%E0%A4%A6%E0%A5%80"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("  https://example.com/a?b=  ", "https://example.com/a?b="),
        ("https://example.com/a?q=1%202&q=3", "https://example.com/a?q=1%202&q=3"),
    ],
)  # fmt: skip
def test_an_address_has_one_form(given_url, wanted):
    assert links.canonical(given_url) == wanted
    assert links.canonical(wanted) == wanted


@pytest.mark.parametrize(
    "url",
    ["", "example.com/a", "ftp://example.com", "https://", "javascript:alert(1)", "https://u:p@e.com",
     "https://[::1", "https://example.com:99999/"],
)  # fmt: skip
def test_what_no_reader_could_open_is_refused(url):
    with pytest.raises(ContentError):
        links.canonical(url)


def test_tags_are_set_once_lower_case_and_replace_old_ones():
    url = "https://e.com/a?utm_source=mail&id=1&utm_source=old#x"
    made = links.tagged(url, source="X", campaign="2026-11-20", content="ab12")
    assert (
        made
        == "https://e.com/a?id=1&utm_source=x&utm_medium=social&utm_campaign=2026-11-20&utm_content=ab12"
    )
    assert links.tagged(made, source="x", campaign="2026-11-20", content="ab12") == made


def test_an_empty_tag_is_left_out():
    assert links.tags(links.tagged("https://e.com/", source="x")) == {
        "utm_source": ["x"],
        "utm_medium": ["social"],
    }


@given(
    path=st.text(max_size=30),
    query=st.lists(st.tuples(st.text(min_size=1, max_size=6), st.text(max_size=6)), max_size=4),
    campaign=st.text(max_size=12),
)
def test_any_address_is_ascii_stable_and_safe_in_a_text(path, query, campaign):
    asked = "&".join(f"{name}={value}" for name, value in query)
    try:
        made = links.tagged(f"https://e.com/{path}?{asked}", source="x", campaign=campaign)
    except ContentError:
        return
    assert made.isascii()
    assert not set(made) & set(' ()<>"\\^`{}|~[]')
    assert links.tagged(made, source="x", campaign=campaign) == made
    assert parse_qs(urlsplit(made).query)["utm_source"] == ["x"]
