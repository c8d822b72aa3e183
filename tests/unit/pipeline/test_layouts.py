import pytest

from bot.domain.article import Article
from bot.domain.card import CardContent
from bot.domain.errors import ContentError
from bot.pipeline.layouts import pick

HEADLINE = CardContent(title="A headline")


def card(body, layout="number", dek=""):
    article = Article(key="k", url="u", title="A headline", dek=dek, body=(body,))
    return pick(article, HEADLINE, layout)


@pytest.mark.parametrize(
    ("body", "figure", "label"),
    [
        ("Infosys will retrain 50,000 engineers by March 2028.", "50,000", "engineers"),
        (
            "It served over 28.8 million exchanges with Claude in June.",
            "28.8M+",
            "exchanges with Claude",
        ),
        ("The order covers 2.3 crore farmers in 19 states.", "2.3 crore", "farmers"),
        ("About 12 people came. The firm sold 4,000 robots on Monday.", "4,000", "robots"),
    ],
)
def test_a_strong_figure_stands_alone(body, figure, label):
    got = card(body)
    assert (got.layout, got.figure, got.figure_label) == ("number", figure, label)
    assert card("", "auto", dek=body) == got
    assert card(body, "auto").layout == "headline"  # deep in the text it is not the news


@pytest.mark.parametrize(
    "body",
    [
        "It allegedly generated over 28.8 million exchanges with Claude.",  # an allegation
        "Nearly 25,000 accounts were used.",  # not exact
        "It happened in 2026 games.",  # a year
        "It raised $1.1 billion 14 months ago.",  # counts nothing
        "It raised $640 million to build chips.",
        "The company grew 40,000 days ago.",  # a time
        "Three people came.",
        "It costs $20 million.",
        "It retrained 50,000 of its engineers.",
    ],
)
def test_a_figure_that_would_mislead_stays_in_the_text(body):
    assert card("", "auto", dek=body).layout == "headline"
    with pytest.raises(ContentError, match="no figure"):
        card(body, "number")


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("“A tool that cannot be turned off is a policy,” said Marisol Vance.", "Marisol Vance"),
        (
            "Marisol Vance, a teacher, said: “A tool that cannot be turned off is a policy.”",
            "Marisol Vance",
        ),
    ],
)
def test_a_quotation_is_exact_and_has_a_speaker(body, speaker):
    got = card(body, "quote")
    assert got.quote.rstrip(".") == "A tool that cannot be turned off is a policy"
    assert got.speaker == speaker


@pytest.mark.parametrize(
    "body", ["“No,” said Marisol Vance.", "“a tool that cannot be turned off is nothing”, it said."]
)
def test_half_a_quotation_is_none(body):
    with pytest.raises(ContentError, match="quotes nobody"):
        card(body, "quote")


def test_headline_and_own_layouts_pass():
    assert card("It sold 4,000 robots on Monday.", "headline").layout == "headline"
    assert card("Anything.", "flash").layout == "flash"
