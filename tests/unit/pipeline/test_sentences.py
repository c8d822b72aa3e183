"""Where a sentence ends, and what a reader needs before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.article import Article
from bot.pipeline import datelines, score, sentences
from bot.pipeline.boilerplate import is_boilerplate
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
        ("The first eight trains will run from March.", Footing.STORY),
        ("The next meeting is on 12 May.", Footing.STORY),
        ("The first woman to win is Corvex.", Footing.NONE),
        ("It will appeal.", Footing.NEIGHBOUR),
        ("However, Corvex will appeal.", Footing.NEIGHBOUR),
        ("In a letter, it accused Corvex.", Footing.NEIGHBOUR),
        ("“Four is a number.”", Footing.NEIGHBOUR),
        ("Corvex fell over the same period.", Footing.NEIGHBOUR),
        ("Hospitals have downloaded them.", Footing.NEIGHBOUR),
        ("Two years later Corvex won.", Footing.NEIGHBOUR),
        ("पहले चरण में इस पर खर्च होंगे।", Footing.NEIGHBOUR),
        ("किसानों को सलाह मिलेगी।", Footing.NONE),
        ("賃金が予想より速く上昇しているためだという。", Footing.NEIGHBOUR),
        ("需要が減ったからだ。", Footing.NEIGHBOUR),
        ("しかし、価格は下がった。", Footing.NEIGHBOUR),
        ("因此价格下降了30%。", Footing.NEIGHBOUR),
        ("価格は30%下がった。", Footing.NONE),
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
    assert is_boilerplate(said)
    assert not is_boilerplate("Corvex raised $5 million from subscribers.")


LEAD = "Ruritania’s state railway will replace 140 diesel locomotives by 2031."


@pytest.mark.parametrize(
    "before",
    [
        "STRELSAU (AP) — ",
        "STRELSAU, Nov 24 (Reuters) - ",
        "ZENDA, Ruritania, Nov. 24, 2026 (GLOBE NEWSWIRE) -- ",
        "New Delhi, Nov 24 (PTI) ",
        "New Delhi, November 24, 2026 (ANI): ",
        "LONDON — ",
        "NEW DELHI: ",
        "Mumbai: ",
        "14:05 ",
        "14.05 Uhr: ",
    ],
)
def test_where_and_when_a_report_was_filed_is_no_part_of_its_sentence(before):
    assert datelines.without(before + LEAD) == LEAD


@pytest.mark.parametrize(
    "said",
    [
        LEAD,
        "TSMC: Profit rose by 40 percent.",
        "TSMC - the chip maker - fell by 4 percent.",
        "NASA: The agency will not fly before May.",
        "The bank met on Nov 24 (a Tuesday) and held its rate.",
        "Berlin, Nov 24 and Zenda, Nov 25 are the dates of the two fairs.",
        "AI (artificial intelligence) is a field of computing.",
        "IBM (NYSE: IBM) fell by 4 percent.",
        "10:30 is when it opens.",
        "NASA — SpaceX’s first customer — will not fly before May.",
    ],
)
def test_what_only_looks_like_a_dateline_is_kept(said):
    assert datelines.without(said) == said


def test_a_hindi_dateline():
    said = "रिज़र्व बैंक ने रेपो दर 6.5 प्रतिशत पर स्थिर रखी।"
    assert datelines.without(f"नई दिल्ली, 23 नवंबर (भाषा) {said}") == said


def test_what_somebody_else_says_of_himself_is_his():
    for said in ("Corvex said: “I won my race.”", "World War I ended the race for Corvex."):
        assert score.footing(said, []) is not Footing.NEIGHBOUR


def test_what_stands_there_twice_is_one_sentence():
    article = Article(
        key="a", url="https://e.com", title="T", dek=LEAD, body=(LEAD, f"So it said. {LEAD}")
    )
    assert [one.text for one in sentences.of(article)] == [LEAD, "So it said."]


def test_an_answer_needs_its_question():
    for said in (
        "A: Because prices rise by 4.1 percent.",
        "Q: Why did Corvex win?",
        "“A cut is a rise,” as my predecessor used to say.",
        "Corvex, I think, has won.",
    ):
        assert score.footing(said, []) is Footing.NEIGHBOUR


@pytest.mark.parametrize(
    "line",
    [
        "Thanks for reading The Strelsau Brief!",
        "Follow our live coverage of the storm here.",
        "Welcome to our live blog.",
        "Refresh this page for updates.",
        "Was this email forwarded to you?",
        "If you liked this issue, forward it to a friend.",
        "(Reporting by Flavia Strofzin in Strelsau; editing by F. Tarlenheim.)",
        "This interview has been edited for length and clarity.",
        "For more information, visit our site.",
        "Listen to this article.",
        "Related: Gold falls to a two-year low.",
        "It was originally published by The Zenda Herald.",
        "An earlier version of this report misstated the number.",
        "First Published: Nov 23, 2026, 6:30 AM IST.",
        "Catch all the Business News and Breaking News on our site.",
        "Join our WhatsApp channel for updates.",
        "The writer is a former deputy governor.",
        "Views are personal.",
        "We may earn a commission if you buy through our links.",
        "यह भी पढ़ें: सोने के दाम गिरे।",
        "اقرأ أيضا: أسعار الذهب تتراجع.",
        "関連記事はこちら。",
        "続きを読むには会員登録が必要です。",
        "Lesen Sie auch: Gold fällt.",
        "Lire aussi : l’or recule.",
        "Lea también: el oro cae.",
        "Hentzau Works is a leading provider of best-in-class rail solutions.",
    ],
)
def test_what_is_about_the_page_is_not_news(line):
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "Corvex will live in Zenda.",
        "The court read more than 400 letters aloud.",
        "The song originally appeared in 1984.",
        "Google News will show fewer stories.",
        "Corvex earns a commission on every sale.",
        "Corvex and a related company won.",
        "The editor resigned after reporting by the paper of Zenda.",
        "Readers forwarded the letter to the court.",
    ],
)
def test_what_only_sounds_like_it_is(line):
    assert not is_boilerplate(line)
