"""Numbers, names, hedges and quotations, against what an article says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.facts import Ground
from bot.domain.figures import figures
from bot.domain.wording import hedges, names, quotations, sentence_spans

SAME = [
    ("25,000", "25k"),
    ("25,000", "25000"),
    ("25,000", "twenty-five thousand"),
    ("25,000", "25 thousand"),
    ("28.8 million", "28,800,000"),
    ("$3.5 billion", "3.5 billion dollars"),
    ("$3.5bn", "US$3,500 million"),
    ("₹10,372 crore", "Rs. 10372 crore"),
    ("₹1.5 lakh crore", "1,500,000,000,000 rupees"),
    ("1,00,000", "1 lakh"),
    ("१५ प्रतिशत", "15%"),
    ("दो लाख", "200,000"),
    ("12亿元", "1.2 billion yuan"),
    ("30%", "30 per cent"),
    ("30%", "thirty percent"),
    ("5 June", "June 5"),
    ("5th of June", "Jun. 5"),
    ("2026-06-05", "June 5"),
    ("5 जून", "June 5"),
    ("7:00 am", "7 a.m."),
    ("7 pm", "19:00"),
    ("10–15%", "10% to 15%"),
    ("$3–4 billion", "$3 billion"),
    ("a million", "1,000,000"),
    ("two dozen", "24"),
    ("€20m", "20 million euros"),
]
DIFFERENT = [
    ("25,000", "25,001"),
    ("25%", "25"),
    ("25%", "25 percentage points"),
    ("$25", "25"),
    ("$25", "€25"),
    ("$3.5 billion", "$3.5 million"),
    ("1 lakh", "1 crore"),
    ("June 5", "June 6"),
    ("June 5", "July 5"),
    ("7 am", "7 pm"),
    ("Python 3.10", "Python 3.1"),
    ("version 1.2.3", "version 1.2.4"),
    ("May 5", "5"),
    ("25th", "25"),
    ("twelve", "twenty"),
]


def readings(text):
    return frozenset().union(*(figure.readings for figure in figures(text)))


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_number_written_in_two_ways(one, other):
    assert readings(one) & readings(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_different_numbers(one, other):
    assert readings(one)
    assert not readings(one) & readings(other)


@pytest.mark.parametrize("text", ["GPT-4", "H100", "5G", "3D", "one of them", "Qwen2", "COVID-19"])
def test_a_number_inside_a_name_is_no_figure(text):
    assert figures(text) == []


@pytest.mark.parametrize(
    ("text", "rough"),
    [
        ("nearly 25,000", "under"),
        ("more than 25,000", "over"),
        ("up to 30%", "most"),
        ("about $3", "about"),
        ("लगभग 500", "about"),
        ("exactly 5,000", ""),
    ],
)
def test_how_rough_a_figure_is(text, rough):
    assert [figure.rough for figure in figures(text)] == [rough]


@given(st.text(max_size=300))
def test_figures_lie_where_they_say(text):
    for figure in figures(text):
        assert text[figure.start : figure.end] == figure.text


@given(st.integers(min_value=2, max_value=10**13))
def test_a_grouped_number_equals_the_plain_one(number):
    assert readings(f"{number:,}") & readings(str(number))


def test_names_and_where_only_a_person_can_tell():
    found = {
        name.text: name.sure for name in names("Google met Dana Wu. Regulators at OpenAI won.")
    }
    assert found == {"Google": False, "Dana": True, "Wu": True, "Regulators": False, "OpenAI": True}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“One,” he said, “two.”", ["One,", "two."]),
        ('"One," he said.', ["One,"]),
        ("He called it ‘a scalpel’.", ["a scalpel"]),
        ("Wu’s and authors’ rights", []),
        ("It's Corvex's 'nice one' again", ["nice one"]),
        ("«Ja», sagte er. 「はい」", ["Ja", "はい"]),
        ('A 6" screen', []),
    ],
)
def test_quotations(text, found):
    assert [quote.text for quote in quotations(text)] == found


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Wu allegedly may not have.", {"allegation", "possibility", "negation"}),
        ("She denies it, according to Bo.", {"denial", "report"}),
        ("They didn't.", {"negation"}),
        ("कथित तौर पर नहीं", {"allegation", "negation"}),
        ("Maybe a notable Mayor.", set()),
    ],
)
def test_hedges(text, kinds):
    assert set(hedges(text)) == kinds


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The U.S. won. Dr. Wu left at 3.5 p.m. today. Ok!", 3),
        ("• One.\n• Two.", 2),
        ("यह एक है। यह दो है।", 2),
        ("一つ。二つ。", 2),
        ("“We won.” She left.", 2),
        ("Ada J. Wu of Corvex Inc. left.", 1),
    ],
)
def test_sentences_with_their_places(text, count):
    spans = sentence_spans(text)
    assert len(spans) == count
    assert all(text[span.start : span.end] == span.text for span in spans)


GROUND = Ground(
    "Prosecutors allege that Dana Wu stole nearly 25,000 designs from Corvex in June.\n"
    "Wu may appeal and plans to sell her house in Austin.\n"
    "The European Union did not fine Corvex.",
    also="Why it matters",
)


@pytest.mark.parametrize(
    "text",
    [
        "Dana Wu stole nearly 25,000 designs from Corvex.",
        "The European Union did fine Corvex.",
        "Wu will appeal.",
        "Wu may not appeal.",
    ],
)
def test_a_lost_or_added_hedge_is_seen(text):
    assert list(GROUND.lost_hedges(text))


@pytest.mark.parametrize(
    "text",
    [
        "Dana Wu allegedly stole nearly 25,000 designs from Corvex.",
        "Prosecutors allege that Dana Wu stole nearly 25,000 designs from Corvex in June.",
        "Wu may appeal.",
        "The EU did not fine Corvex.",
        "Something else happened.",
    ],
)
def test_a_kept_hedge_is_no_complaint(text):
    assert list(GROUND.lost_hedges(text)) == []


def test_cutting_the_attribution_off_a_sentence_is_not_quoting_it_whole():
    assert not GROUND.has_sentence("Dana Wu stole nearly 25,000 designs from Corvex in June.")
    assert GROUND.has_sentence("Wu may appeal and plans to sell her house in Austin.")


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("Google stole designs.", ["Google"]),
        ("In Boston, Wu left.", ["Boston"]),
        ("EU, Dana and Corvex's", []),
        ("Why it matters: Wu left.", []),
        ("However, Wu left.", []),
    ],
)
def test_names_the_article_does_not_have(text, foreign):
    assert [name.text for name in GROUND.foreign_names(text)] == foreign


@given(st.text(max_size=200))
def test_an_article_is_true_to_itself(text):
    ground = Ground(text)
    assert list(ground.foreign_figures(text)) == []
    assert list(ground.foreign_quotations(text)) == []
    assert list(ground.foreign_names(text)) == []
