import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.linkedin.dialect import LinkedInDialect, make
from bot.platforms.linkedin.little_text import (
    RESERVED,
    commentary,
    escape,
    mention,
    parts,
    stray,
    unescape,
)
from bot.platforms.linkedin.sandbox_text import read
from bot.platforms.linkedin.settings import Settings

CASES = json.loads(
    (Path(__file__).parents[3] / "data" / "linkedin" / "cases.json").read_text(encoding="utf-8")
)
TEXTS = st.one_of(
    st.text(), st.text(alphabet=RESERVED + "ab1 _\n\r.,:/é₹भा😀\\#"), st.from_regex(r"#\w+ .*")
)
LITTLE = CASES["little_text"]


def pairs(kind):
    return [(case["input"], case["expected"]) for case in LITTLE[kind]]


def test_the_reserved_characters_are_the_documented_fifteen():
    assert set(RESERVED) == set(CASES["reserved_characters"])
    assert len(RESERVED) == 15


@pytest.mark.parametrize(("text", "wire"), pairs("full_escape"))
def test_escaping(text, wire):
    assert escape(text) == wire


@pytest.mark.parametrize(("text", "wire"), pairs("hashtag_preserving"))
def test_hashtags_written_plainly(text, wire):
    assert commentary(text, hashtags="plain") == wire


@pytest.mark.parametrize(("text", "wire"), pairs("hashtag_template"))
def test_hashtags_written_as_templates(text, wire):
    assert commentary(text) == wire


def test_mentions():
    urn = "urn:li:organization:2414183"
    wire = escape("Built with ") + mention("coolLabs", urn) + escape(" (open source)")
    assert wire == LITTLE["mentions"][0]["expected"]
    assert (
        f"Hello {mention('Acme Corp', 'urn:li:organization:1234')}"
        == (LITTLE["mentions"][1]["expected"])
    )
    assert unescape(mention("A [b] (c)_d", urn)) == "A [b] (c)_d"
    assert stray(mention("A [b] (c)_d", urn)) is None
    assert commentary("@[coolLabs](urn:li:organization:2414183)").startswith(r"\@\[")


@pytest.mark.parametrize("form", LITTLE["documented_wire_forms"], ids=lambda form: form["meaning"])
def test_documented_forms_are_read(form):
    assert stray(form["commentary"]) is None
    assert read(form["commentary"]).text == unescape(form["commentary"])


def test_policies_for_links():
    case = LITTLE["conflicting_policies"][0]
    escaped, left = [variant["output"] for variant in case["variants"]]
    assert commentary(case["input"]) == escaped
    assert commentary(case["input"], urls="leave") == left


@pytest.mark.parametrize("case", LITTLE["observed_truncation_when_unescaped"][:1])
def test_a_cut_is_foreseen(case):
    wire = case["sent_commentary"]
    assert wire[: stray(wire)] == case["rendered"]


@given(TEXTS)
def test_escaping_loses_nothing(text):
    assert unescape(escape(text)) == text


@given(TEXTS, st.sampled_from(["template", "plain"]))
def test_followers_see_every_word(text, style):
    """Read by the stand-in, which was written from the grammar and not from our escaping."""
    wire = commentary(text, hashtags=style)
    assert stray(wire) is None
    shown = read(wire)
    assert shown.cut_at == ""
    assert shown.text == unescape(wire)
    encoded = shown.text.replace("%28", "(").replace("%29", ")").replace("%7E", "~")
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert encoded == plain.replace("%28", "(").replace("%29", ")").replace("%7E", "~")


@given(TEXTS)
def test_the_parts_are_the_text(text):
    pieces = list(parts(text))
    assert "".join(part.text for part in pieces) == text
    assert all(text[part.start : part.end] == part.text for part in pieces)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        (
            "#AI and #भारत, #창업! (#One) “#Two” #a_b",
            ["#AI", "#भारत", "#창업", "#One", "#Two", "#a_b"],
        ),
        ("C# # 1 #1 ## a#b #__ &#39;", []),
        ("https://a.b/c#d #e", ["#e"]),
    ],
)
def test_what_is_a_hashtag(text, tags):
    assert [part.text for part in parts(text) if part.kind == "hashtag"] == tags


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("see https://a.b/c.", "https://a.b/c"),
        ("(https://a.b/c)", "https://a.b/c"),
        ("https://en.wikipedia.org/wiki/A_(b), yes", "https://en.wikipedia.org/wiki/A_(b)"),
        ("“https://a.b/?q=1#x”", "https://a.b/?q=1#x"),
        ("https://a.b/c…", "https://a.b/c"),
    ],
)
def test_where_a_link_ends(text, url):
    assert [part.text for part in parts(text) if part.kind == "url"] == [url]


def test_parentheses_and_tildes_in_links_are_encoded():
    wire = commentary("https://a.b/~x/y_(z)")
    assert unescape(wire) == "https://a.b/%7Ex/y_%28z%29"
    assert "(" not in commentary("https://a.b/y_(z)", urls="leave")


class TestDialect:
    def test_its_name_size_and_limit(self):
        dialect = make(Settings(limit=500))
        assert (dialect.name, dialect.card_size, dialect.limit) == ("linkedin", (1200, 627), 500)

    @pytest.mark.parametrize("case", [case for case in CASES["length"] if "n" in case])
    def test_how_long_a_post_may_be(self, case):
        assert LinkedInDialect().measure("가" * case["n"]).valid is case["ok"]

    def test_emoji_count_two_and_line_ends_one(self):
        measure = LinkedInDialect().measure("😀\r\n😀")
        assert (measure.length, measure.wire_length) == (5, 5)

    def test_both_texts_have_to_fit(self):
        measure = LinkedInDialect(limit=10).measure("((((((")
        assert (measure.length, measure.wire_length, measure.valid) == (6, 12, False)

    @pytest.mark.parametrize("text", ["", " \n", "half \ud83d"])
    def test_what_cannot_be_posted(self, text):
        assert not LinkedInDialect().measure(text).valid

    def test_links_and_hashtags_are_named_with_their_place(self):
        text = "😀 https://a.b/c #AI"
        found = LinkedInDialect().measure(text).entities
        assert [(e.kind, text[e.start : e.end]) for e in found] == [
            ("url", "https://a.b/c"),
            ("hashtag", "#AI"),
        ]
