"""Where a long post is folded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.http.sandbox import Fold, Segment

DESKTOP = Fold(characters=210, lines=3)
PHONE = Fold(characters=140, lines=3)


def start(fold, text):
    kept = fold.start((Segment(kind="text", text=text),))
    return None if kept is None else kept[0].text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a" * 210, None),
        ("a" * 211, "a" * 210),
        ("one\ntwo\nthree", None),
        ("one\ntwo\nthree\nfour", "one\ntwo\nthree"),
        ("one\n\ntwo\nthree", "one\n\ntwo"),
        ("one\ntwo\nthree\n\n", None),
        ("a" * 100 + "\n" + "b" * 100, "a" * 100 + "\n" + "b" * 70),
        ("", None),
    ],
)
def test_three_lines_or_210_characters(text, shown):
    assert start(DESKTOP, text) == shown


def test_a_phone_shows_less():
    assert start(PHONE, "a" * 211) == "a" * 138


def test_a_link_cut_by_the_fold_still_leads_there():
    segments = (
        Segment(kind="text", text="a" * 200),
        Segment(kind="link", text="b" * 30, href="https://a.example"),
        Segment(kind="hashtag", text="#AI"),
    )
    kept = DESKTOP.start(segments)
    assert [segment.kind for segment in kept] == ["text", "link"]
    assert (kept[1].text, kept[1].href) == ("b" * 10, "https://a.example")


@given(st.lists(st.text(alphabet="ab \n", min_size=1), max_size=8))
def test_what_shows_is_always_the_beginning(pieces):
    segments = [Segment(kind="text", text=piece) for piece in pieces]
    kept = PHONE.start(segments)
    whole = "".join(pieces)
    if kept is None:
        assert len(whole.rstrip()) <= 140
    else:
        shown = "".join(segment.text for segment in kept)
        assert whole.startswith(shown)
        assert len(shown) < len(whole)
