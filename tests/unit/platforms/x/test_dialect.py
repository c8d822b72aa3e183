"""X's way of counting on texts that an AI newsroom really writes, and on hostile ones."""

import subprocess
import sys
import unicodedata
from types import SimpleNamespace

import emoji
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot import platforms
from bot.platforms.x import dialect
from bot.platforms.x.text import parsing, tlds, weights
from tests.unit.platforms.x.test_conformance import DATA

X = dialect.make(SimpleNamespace(limit=280))

#: Everything the rules turn on, to be strung together in any order.
SIGNS = (
    *"ab1._-/?#@$&!:,;()~%=+ \n\"'`*|[]{}<>^\\",
    *("http://", "https://", "HTTPS://", "t.co/", ".com", ".co.uk", ".ai", ".みんな", ".рф"),
    *(
        "xn--",
        "www.",
        "rt",
        "RT:",
        "/list",
        ":80",
        "＃",
        "＠",
        "é",
        "e\u0301",
        "ſ",
        "İ",
        "の",
        "한",
    ),
    *("क्ष", "م", "\u200f", "\u202a", "\u2066", "\u200d", "\ufe0f", "\ufe0e", "\u20e3", "1️⃣"),
    *(
        "👨‍👩‍👧‍👦",
        "🙋🏽",
        "🇮🇳",
        "🇮",
        "☺",
        "©",
        "₹",
        "…",
        "\ufeff",
        "\uffff",
        "\ud800",
        "\u0301\u0323",
    ),
)
hostile = st.lists(st.sampled_from(SIGNS), max_size=40).map("".join)
any_text = st.text(st.characters(exclude_categories=()), max_size=300) | hostile


def length(text: str) -> int:
    return X.measure(text).length


def found(text: str) -> list[tuple[str, str]]:
    return [(entity.kind, entity.text) for entity in X.measure(text).entities]


def test_it_is_the_dialect_of_the_platform_x():
    made = platforms.dialect("x", SimpleNamespace(limit=25_000))
    assert (made.name, made.limit, made.card_size) == ("x", 25_000, (1200, 675))
    measured = made.measure("A" * 25_000)
    assert (measured.length, measured.limit, measured.valid) == (25_000, 25_000, True)
    assert not made.measure("A" * 25_001).valid


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("₹", 2), ("…", 2), ("•", 2), ("€", 2), ("→", 2), ("™", 2), ("№", 2),
        ("–", 1), ("—", 1), ("“”", 2), ("‘’", 2), ("′", 1), ("©", 1), ("®", 1),
        ("©️", 2), ("☺", 2), ("☺️", 2), ("☺︎", 4),
        ("人工知能", 8), ("인공지능", 8), ("हिन्दी", 6), ("தமிழ்", 5), ("ذكاء", 4),
        ("\u200fذكاء\u200f", 8), ("\u2066ok\u2069", 6), ("\u200d", 1), ("\u200b", 1),
        ("é", 1), ("e\u0301", 1), ("ﬁ", 2), ("𝐀", 2), ("a\tb\nc", 5), ("\U0010ffff", 2),
        ("Rs 18 lakh → ₹18,00,000…", 24 + 3),
    ],
)  # fmt: skip
def test_a_sign_weighs_what_x_says(text, expected):
    assert length(text) == expected


def test_every_emoji_of_current_unicode_weighs_two():
    fully_qualified = [
        sequence
        for sequence, about in emoji.EMOJI_DATA.items()
        if about["status"] == emoji.STATUS["fully_qualified"]
    ]
    assert max(emoji.EMOJI_DATA[sequence]["E"] for sequence in fully_qualified) >= 17
    assert [sequence for sequence in fully_qualified if length(f"a{sequence}b") != 4] == []
    assert length("".join(fully_qualified)) == 2 * len(fully_qualified)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("👨‍👩‍👧‍👦", 2), ("🇮🇳", 2), ("🇨🇶", 2), ("1️⃣", 2), ("#⃣", 2), ("🙋🏽", 2), ("🫱🏻‍🫲🏿", 2),
        ("🐦‍🔥", 2), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2), ("🇮🇳🇮🇳🇮", 6), ("🇦🇦", 4), ("👨‍👩", 5), ("😀🏽", 4), ("A🏽", 3),
        ("🙋🏽👨‍🎤🙋🏽", 6), ("x‍y", 3),
    ],
)  # fmt: skip
def test_only_real_emoji_sequences_are_counted_once(text, expected):
    assert length(text) == expected


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Character.AI raised", ["Character.AI"]),
        ("Grok by x.ai.", ["x.ai"]),
        ("Node.js and Next.js 16", []),
        ("see README.md", ["README.md"]),
        ("A long sentence.It goes on", ["sentence.It"]),
        ("in the U.S. and the U.K. today, e.g. Inc. v. OpenAI", []),
        ("GPT-5.5, v2.0, $4.5bn, 1.5x, Rs.500, No.1", []),
        ("version 3.5.in the wild", ["3.5.in"]),
        ("mail editor@example.com now", []),
        ("(https://example.com/a_(b)).", ["https://example.com/a_(b)"]),
        ("“https://example.com/a?b=c&d=e#f”", ["https://example.com/a?b=c&d=e#f"]),
        ("https://example.com:8080/a,", ["https://example.com:8080/a"]),
        ("https://مثال.إختبار and https://उदाहरण.भारत", ["https://उदाहरण.भारत"]),
        ("https://पत्र.भारत/समाचार", ["https://पत्र.भारत/"]),
        ("https://xn--p1ai.xn--p1ai/a", ["https://xn--p1ai.xn--p1ai/a"]),
        ("https://buy.アマゾン/x", ["https://buy.アマゾン/x"]),
        ("https://example.notatld/a", []),
        ("ftp://example.com", []),
        ("éco.fr, éco.fr", ["co.fr", "éco.fr"]),
        ("https://t.co/" + "a" * 40, ["https://t.co/" + "a" * 40]),
        ("https://t.co/" + "a" * 41, []),
        ("https://" + "a" * 63 + ".com", ["https://" + "a" * 63 + ".com"]),
        ("https://" + "a" * 64 + ".com", []),
        ("https://a.co/" + "x" * 4075, ["https://a.co/" + "x" * 4075]),
        ("https://a.co/" + "x" * 4076, []),
    ],
)
def test_links_are_what_x_links(text, links):
    measured = X.measure(text)
    assert [entity.text for entity in measured.entities if entity.kind == "url"] == links
    assert measured.length == len(text) - sum(map(len, links)) + 23 * len(links)


def test_entities_are_in_order_with_code_point_indices():
    text = "👨‍👩‍👧‍👦 @openai and @openai/labs on #AI #2026 $NVDA: https://x.ai/#AI"
    entities = X.measure(text).entities
    assert [(entity.kind, entity.text) for entity in entities] == [
        ("mention", "@openai"),
        ("mention", "@openai/labs"),
        ("hashtag", "#AI"),
        ("cashtag", "$NVDA"),
        ("url", "https://x.ai/#AI"),
    ]
    assert [(entity.start, entity.end) for entity in entities] == [
        (8, 15), (20, 32), (36, 39), (46, 51), (53, 69),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#कृत्रिम_बुद्धिमत्ता", [("hashtag", "#कृत्रिम_बुद्धिमत्ता")]),
        ("#الذكاء_الاصطناعي", [("hashtag", "#الذكاء_الاصطناعي")]),
        ("C# and F#, issue #42", []),
        ("&#39; a#b", []),
        ("editor@site @@x !@x", []),
        ("$100 US$ $TOOLONGTAG", []),
        ("RT@who", [("mention", "@who")]),
        ("#あx.ai", [("hashtag", "#あx")]),
    ],
)
def test_what_becomes_a_tag_or_a_mention(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u3000\u3000", "\u00a0"])
def test_a_blank_text_is_not_valid(text):
    assert not X.measure(text).valid


@pytest.mark.parametrize("sign", ["\ufffe", "\ufeff", "\uffff", "\ud83d"])
def test_a_sign_that_x_refuses_makes_the_text_invalid(sign):
    assert not X.measure(f"News{sign}paper").valid
    assert parsing.parse(f"News{sign}paper").valid_range == (0, 3)


def test_the_limit_is_exact():
    assert X.measure("a" * 280).valid
    assert not X.measure("a" * 281).valid
    assert X.measure("あ" * 140).valid
    assert not X.measure("あ" * 140 + "a").valid
    assert X.measure("a" * 256 + " https://example.com/" + "b" * 3000).valid
    assert not X.measure("a" * 257 + " https://example.com/b").valid


@given(any_text)
def test_any_text_has_a_measure(text):
    measured = X.measure(text)
    assert measured.wire_text == text
    assert measured.wire_length == measured.length >= 0
    assert not measured.valid or 0 < measured.length <= 280
    parsing.parse(text)


@given(any_text)
def test_entities_never_overlap_and_are_slices_of_the_text(text):
    done = 0
    for entity in X.measure(text).entities:
        assert done <= entity.start < entity.end
        assert entity.text == text[entity.start : entity.end]
        done = entity.end


@given(any_text, any_text)
def test_lines_are_counted_each_for_itself(first, second):
    assert length(f"\n{first}\n{second}") == length(f"\n{first}") + length(f"\n{second}")


@given(any_text)
def test_a_text_counts_the_same_in_every_normal_form(text):
    composed = unicodedata.normalize("NFC", text)
    assert length(text) == length(composed)
    assert length(unicodedata.normalize("NFD", text)) == length(composed)


@pytest.mark.parametrize("word", ["Trí tuệ nhân tạo ", "हिन्दी समाचार क़ ", "한국어 ", "Å é "])
def test_long_texts_are_composed_as_unicode_says(word):
    text = unicodedata.normalize("NFD", word * 300)
    assert len(text) > 1000
    assert weights.composed(text) == unicodedata.normalize("NFC", text)


@given(st.text("abc XYZ,!?\n0123456789"), st.text("abc XYZ,!?\n0123456789"))
def test_plain_ascii_counts_every_character(first, second):
    assert length(first + second) == len(first) + len(second)


@given(hostile, st.integers(1, 60))
def test_the_valid_range_is_the_part_that_fits(text, limit):
    configuration = parsing.Configuration(limit=limit)
    parsed = parsing.parse(unicodedata.normalize("NFC", text), configuration)
    units = unicodedata.normalize("NFC", text).encode("utf-16-le", "surrogatepass")
    assert parsed.display_range == (0, max(len(units) // 2 - 1, 0))
    if parsed.valid:
        assert parsed.valid_range == parsed.display_range
    assert parsed.valid_range[1] <= parsed.display_range[1]


def test_the_list_of_top_level_domains_is_the_one_x_published():
    groups = yaml.safe_load((DATA / "tlds.yml").read_text("utf-8"))["tests"].values()
    published = {case["text"].rpartition(".")[2] for cases in groups for case in cases}
    listed = (DATA.parents[2] / "bot/platforms/x/text/tlds.txt").read_text("utf-8").split()
    assert listed == sorted(published)


@pytest.mark.parametrize("name", ["com", "AI", "みんな", "アマゾン", "kids", "bd", "XN--P1AI"])
def test_known_top_level_domains(name):
    assert tlds.tld_end(f"x.{name}", 2) == 2 + len(name)
    assert tlds.tld_end(f"x.{name}/", 2) == 2 + len(name)


@pytest.mark.parametrize(
    "text", ["com@", "com1", "com-", "com+", "みんなx", "notatld", "xn-", "", "-"]
)
def test_what_is_no_top_level_domain(text):
    assert tlds.tld_end(text, 0) == 0


def test_the_tables_wait_until_a_text_needs_them():
    program = (
        "import sys; from types import SimpleNamespace; from bot.platforms.x import dialect;"
        "dialect.make(SimpleNamespace(limit=280)).measure('Plain words, a dash – and a sign: ₹');"
        "print(sorted({'emoji', 'publicsuffixlist'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
