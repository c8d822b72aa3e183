"""The stand-in LinkedIn reads little text by itself: what is escaped shows, the rest cuts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.linkedin.sandbox_text import RESERVED, read, shortened, site

# Pairs collected from public test suites of other publishers: what people wrote, what was sent.
PAIRS = [
    ("129 of them (18%) hit the error", "129 of them \\(18%\\) hit the error"),
    ("see [this] article", "see \\[this\\] article"),
    ("config: {key: val}", "config: \\{key: val\\}"),
    ("use <html> tags", "use \\<html\\> tags"),
    ("path\\to\\file", "path\\\\to\\\\file"),
    ("line1\n\nline2", "line1\n\nline2"),
    ("$4/month", "$4/month"),
    ("#AI #Agents", "\\#AI \\#Agents"),
    ("Shipping #v2 today (really) in C# too", "Shipping #v2 today \\(really\\) in C\\# too"),
    ("ranked # 1", "ranked \\# 1"),
    ("#창업 #AI_마케팅 #1인기업", "#창업 #AI\\_마케팅 #1인기업"),
    ("#창업", "{hashtag|\\#|창업}"),
    ("#AI_x", "{hashtag|\\#|AI\\_x}"),
    ("the future of #Technology and", "the future of {hashtag|#|Technology} and"),
    ("a_b https://x.y/?utm_source=a", "a\\_b https://x.y/?utm\\_source=a"),
    ("(출처: 통계청) ~*_ a\\b", "\\(출처: 통계청\\) \\~\\*\\_ a\\\\b"),
    ("Built with coolLabs (x)", "Built with @[coolLabs](urn:li:organization:2414183) \\(x\\)"),
    ("Hello Eddy", "Hello @[Eddy](urn:li:person:1234)"),
]


@pytest.mark.parametrize(("written", "sent"), PAIRS)
def test_what_others_send_shows_what_they_wrote(written, sent):
    seen = read(sent)
    assert (seen.text, seen.cut_at) == (written, "")


@pytest.mark.parametrize("sign", sorted(RESERVED))
def test_each_reserved_character_cuts_unless_escaped(sign):
    assert read(f"before \\{sign} after").text == f"before {sign} after"
    seen = read(f"before {sign} after")
    assert (seen.text, seen.cut_at) == ("before ", sign)


def test_there_are_fifteen():
    assert len(RESERVED) == 15


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("a\\", "a"),
        ("a \\n b", "a "),
        ("#AI_x", "#AI"),
        ("{hashtag|\\#|a#b}", ""),
        ("{hashtag|\\#|}", ""),
        ("@[Acme](not a urn)", ""),
        ("@handle", ""),
        ("https://x.y/?utm_source=a", "https://x.y/?utm"),
    ],
)
def test_what_cuts_a_post(sent, shown):
    seen = read(sent)
    assert seen.text == shown
    assert seen.cut_at


def test_kinds_of_segments():
    kinds = [
        (segment.kind, segment.text)
        for segment in read("Hi @[A B](urn:li:organization:1), see https://a.example. #AI").segments
    ]
    assert kinds == [
        ("text", "Hi "),
        ("mention", "A B"),
        ("text", ", see "),
        ("link", "https://a.example"),
        ("text", ". "),
        ("hashtag", "#AI"),
    ]


def test_long_links_are_shown_short_and_lead_to_the_same_place():
    url = "https://theshiftmaker.com/2026/06/26/anthropic"
    (link,) = shortened(read(url).segments)
    assert link.text.startswith("https://lnkd.in/")
    assert (len(link.text), link.href) == (24, url)
    (short,) = shortened(read("https://a.example").segments)
    assert short.text == "https://a.example"


@pytest.mark.parametrize(
    ("href", "shown"),
    [("https://www.a.example/x", "a.example"), ("nonsense", ""), ("http://[", "")],
)
def test_the_site_of_a_link(href, shown):
    assert site(href) == shown


@given(st.text())
def test_any_fully_escaped_text_is_shown_whole(text):
    escaped = "".join(f"\\{sign}" if sign in RESERVED else sign for sign in text)
    assert (read(escaped).text, read(escaped).cut_at) == (text, "")


@given(st.text(alphabet="a #@\\{}[]()|_:/.hashtagurnlihttps", max_size=40))
def test_any_text_is_shown_up_to_where_it_is_cut(text):
    seen = read(text)
    assert seen.cut_at == "" or seen.cut_at in text
    assert all(segment.text for segment in seen.segments)


def test_a_megabyte_of_openers_is_read_at_once():
    assert read("\\{hashtag|" + "{" * 1_000_000).cut_at == "|"
    assert len(read("a \\( " * 200_000).text) == 800_000
