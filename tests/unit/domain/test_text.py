"""Words, likeness and whole sentences in any script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import text


@pytest.mark.parametrize(
    "sentence",
    [
        "It ended.",
        "“It ended.”",
        "It ended (at last).",
        "Is it?",
        "यह खत्म हुआ।",
        "终于结束了。",
        "انتهى.",
        "He won!",
        'It is 6" wide.',
    ],
)
def test_a_whole_sentence(sentence):
    assert text.is_whole(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It ended",
        "It ended…",
        "It ended...",
        "It ended,",
        "“It ended.",
        "It (ended.",
        "",
        "As follows:",
        "a) b.",
    ],
)
def test_a_cut_one(sentence):
    assert not text.is_whole(sentence)


def test_a_hindi_word_stays_whole():
    assert text.content_words("किसानों के लिए सलाह") == {"किसानों", "सलाह"}


def test_likeness_sees_through_small_changes():
    assert text.likeness("Attacks by Anthropic’s rivals", "attack: Anthropic rival") == 1.0
    assert text.likeness("深度求索发布新模型", "深度求索发布新模型。") == 1.0
    assert text.likeness("One thing", "Another matter") == 0.0


@given(st.text(max_size=100), st.text(max_size=100))
def test_likeness_is_a_share_and_mutual(one, other):
    assert 0.0 <= text.likeness(one, other) == text.likeness(other, one) <= 1.0


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(words):
    assert text.clean(text.clean(words)) == text.clean(words)


def test_cleaning_takes_out_what_nobody_can_see():
    assert text.clean("a\x1fb\u200bc\u202e d\t\r\ne \x00") == "a bc d\ne"
