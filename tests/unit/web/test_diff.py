"""What changed, word by word."""

from hypothesis import given
from hypothesis import strategies as st

from bot.web.diff import changes


def test_a_changed_word_is_gone_and_new():
    runs = [(c.kind, c.text) for c in changes("The bank cut rates.", "The bank held rates.")]
    assert runs == [("same", "The bank "), ("gone", "cut"), ("new", "held"), ("same", " rates.")]


@given(st.text("ab \n", max_size=30), st.text("ab \n", max_size=30))
def test_nothing_is_lost(before, after):
    runs = changes(before, after)
    assert "".join(c.text for c in runs if c.kind != "new") == before
    assert "".join(c.text for c in runs if c.kind != "gone") == after
