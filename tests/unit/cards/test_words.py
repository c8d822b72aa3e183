"""Text is made harmless without being changed for its readers."""

import pytest

from bot.cards import words


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  A \n headline\t here ", "A headline here"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("zero\u200bwidth \ufeffmark", "zerowidth mark"),
        ("\x1b[31mred\x00", "[31mred"),
        ("10\u00a0%", "10\u00a0%"),
        ("e\u0301t\u00e9", "\u00e9t\u00e9"),
        ("क्‍ष नमस्ते", "क्‍ष नमस्ते"),
        ("👩🏽‍💻 ❤️ 1️⃣", "👩🏽‍💻 ❤️ 1️⃣"),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿 wins", "🏴󠁧󠁢󠁳󠁣󠁴󠁿 wins"),
        ("hidden\U000e0041\U000e0042", "hidden"),
        ("Z" + "\u0335" * 40, "Z" + "\u0335" * words.MARKS),
        ("\u0301a \u0301b", "a b"),
        ("\ue000\u0378", ""),
        ("•ீ x", "• x"),  # a Tamil vowel on a bullet: drawn outside the card once
        ("아ৈ", "아"),
        ("मॉडल் கி", "मॉडल கி"),
        ("◌ீ क्‍ष é", "◌ீ क्‍ष é"),
        ("", ""),
    ],
)
def test_cleaning(text: str, cleaned: str) -> None:
    assert words.clean(text) == cleaned
    assert words.clean(cleaned) == cleaned


def test_visible_characters_that_go_are_named() -> None:
    assert words.lost("a\ue000b\u0378\u202e") == ["U+E000", "U+0378"]
    assert words.lost("•ீ கீ") == ["U+0BC0"]


@pytest.mark.parametrize(
    ("text", "script", "direction"),
    [
        ("Plain news", "latin", "ltr"),
        ("2026: 50%", "latin", "ltr"),
        ("Sarvam का मॉडल", "indic", "ltr"),
        ("Claude نموذج", "arabic", "ltr"),
        ("نموذج Claude", "arabic", "rtl"),
        ("2026 עברית", "other", "rtl"),
        ("Claude模型克隆政府介入", "cjk", "ltr"),
        ("Новости дня", "other", "ltr"),
    ],
)
def test_script_and_direction(text: str, script: str, direction: str) -> None:
    assert (words.script(text), words.direction(text)) == (script, direction)


@pytest.mark.parametrize(
    ("text", "language", "phrased"),
    [
        ("公司发布Claude模型，要求美国介入", "zh", "公司|发布|Claude|模型，|要求|美国|介入"),
        ("米国に介入を要請", "ja", "米国に|介入を|要請"),
        ("Anthropic指控", "zh-TW", "Anthropic|指控"),
        ("दो शब्द", "hi", "दो शब्द"),
        ("two words", "en", "two words"),
    ],
)
def test_lines_end_between_phrases(text: str, language: str, phrased: str) -> None:
    assert words.phrases(text, language).replace("\u200b", "|") == phrased


def test_sentences_end_where_the_language_ends_them() -> None:
    assert words.sentences("यह है। वह था।", "hi") == ["यह है।", "वह था।"]
    assert words.sentences("It grew 3.5% in the U.S. market. Then it fell.", "en-IN") == [
        "It grew 3.5% in the U.S. market.",
        "Then it fell.",
    ]
