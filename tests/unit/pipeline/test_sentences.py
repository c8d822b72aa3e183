"""Where a sentence ends, and what a reader needs before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.article import Article
from bot.pipeline import score, sentences
from bot.pipeline.score import Footing


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "The U.S. government paid $3.5 billion. Dr. A. Wu left at 7 a.m. on Sept. 5.", 2),
        ("en", "“We won. It was hard,” he said. She left.", 2),
        ("en", "Node.js 26 is out. C#. It works with ASP.NET.", 3),
        ("en", "It ended.The next began. See 3.5.1 and e.g. this.", 3),
        ("en", "One sentence without an end", 1),
        ("hi", "डॉ. शर्मा ने कहा, “यह बड़ा कदम है।” अगला चरण 2027 में होगा।", 2),
        ("zh", "价格下降了30%。他说：“很好。”下一步是出口！", 3),
        ("ja", "「とても良い。」と彼は言った。価格は下がった。", 2),
        ("ar", "هل هو آمن؟ قال المدير إنه آمن.", 2),
        ("xx", "Unknown tongue. Two sentences.", 2),
        ("", "No tongue at all. Two.", 2),
    ],
)
def test_splitting(language, text, count):
    assert len(sentences.split(text, language)) == count


@given(st.text(max_size=300), st.sampled_from(["en", "hi", "zh", "ar", "ta"]))
def test_splitting_loses_nothing_but_white_space(text, language):
    def bare(words):
        return "".join(words.split())

    whole = sentences.spaced(sentences.text.clean(text))
    assert bare("".join(sentences.split(text, language))) == bare(whole)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("Corvex raised $5 million.", Footing.NONE),
        ("Teachers who use it said they won.", Footing.NONE),
        ("The ruling applies to Corvex.", Footing.STORY),
        ("The company will appeal.", Footing.STORY),
        ("It will appeal.", Footing.NEIGHBOUR),
        ("However, Corvex will appeal.", Footing.NEIGHBOUR),
        ("In a letter, it accused Corvex.", Footing.NEIGHBOUR),
        ("“Four is a number.”", Footing.NEIGHBOUR),
        ("Corvex fell over the same period.", Footing.NEIGHBOUR),
        ("Hospitals have downloaded them.", Footing.NEIGHBOUR),
        ("Two years later Corvex won.", Footing.NEIGHBOUR),
        ("पहले चरण में इस पर खर्च होंगे।", Footing.NEIGHBOUR),
        ("किसानों को सलाह मिलेगी।", Footing.NONE),
    ],
)
def test_what_a_reader_needs_before_a_sentence(said, wanted):
    article = Article(key="a", url="https://e.com", title="Corvex", body=(said, "So Corvex said."))
    (candidate,) = score.read(sentences.of(article)[:1], article)
    assert candidate.footing is wanted


def test_a_surname_alone_needs_the_full_name_before_it():
    body = ("Dana Wu founded Corvex.", "Later Wu sold Corvex to Acme.", "Dana Wu left.")
    article = Article(key="a", url="https://e.com", title="T", body=body)
    first, second, third = score.read(sentences.of(article), article)
    assert first.surnames == third.surnames == frozenset()
    assert second.surnames == {"Wu"}


@pytest.mark.parametrize(
    "said",
    [
        "Subscribe to our newsletter.",
        "Read more at https://e.com.",
        "Photo: Getty Images.",
        "Share on X",
    ],
)
def test_words_about_the_page_are_not_news(said):
    assert score.is_boilerplate(said)
    assert not score.is_boilerplate("Corvex raised $5 million from subscribers.")
