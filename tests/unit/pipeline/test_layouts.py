import pytest

from bot.domain.article import Article
from bot.domain.card import CardContent
from bot.domain.errors import ContentError
from bot.pipeline.layouts import pick
from tests.unit.pipeline.posts import articles

HEADLINE = CardContent(title="A headline")


def card(body, layout="number", dek=""):
    article = Article(key="k", url="u", title="A headline", dek=dek, body=(body,))
    return pick(article, HEADLINE, layout)


@pytest.mark.parametrize(
    ("body", "figure"),
    [
        ("Infosys will retrain 50,000 engineers by March 2028.", "50,000"),
        ("Operators made over 28.8 million exchanges with Claude in June.", "28.8M+"),
        ("The order covers 2.3 crore farmers in 19 states.", "2.3 crore"),
        ("Corvex raised $640 million to build chips.", "$640M"),
        ("A 70-billion-parameter model runs on it.", "70B"),
        ("Tata Motors shares rose 6% on Friday.", "6%"),
        ("आदेश न मानने पर रोज ₹5 लाख का जुर्माना लगेगा।", "₹5 लाख"),
        ("推理成本下降40%。", "40%"),
    ],
)
def test_a_strong_figure_stands_over_its_sentence(body, figure):
    got = card(body)
    assert (got.layout, got.figure) == ("number", figure)
    assert got.figure_label in body
    assert card(body, "auto").layout == "headline"  # deep in the text it is not the news


def test_a_figure_of_headline_or_dek_makes_a_card_of_its_own():
    said = "The firm sold 4,000 robots on Monday."
    got = card("", "auto", dek=f"Nobody came. {said}")
    assert (got.figure, got.figure_label) == ("4,000", said)


@pytest.mark.parametrize(
    "body",
    [
        "Nearly 25,000 accounts were used.",  # not exact
        "It has an estimated 90 million users.",
        "Rules for 2026 games are out.",  # a year
        "The company closed 40,000 days ago.",  # a time
        "Three people came, and 12 left.",
        "Version 3.15.2 is out at 10:30 on 12 March.",
        "They acted after a survey found 5% more.",  # who?
        f"A very long sentence {'that goes on ' * 12}names 4,000 robots.",
    ],
)
def test_a_figure_that_would_mislead_stays_in_the_text(body):
    assert card("", "auto", dek=body).layout == "headline"
    with pytest.raises(ContentError, match="no figure"):
        card(body, "number")


@pytest.mark.parametrize(
    "body",
    [
        "Operators allegedly made over 28.8 million exchanges with Claude.",  # an allegation
        "Petit has 24 billion parameters, not 240 billion.",
        "Accuracy was 97% at first and 71% later.",  # which of them is the news?
        "A note costs $4 a month.",
    ],
)
def test_a_figure_in_doubt_is_shown_only_where_an_editor_asks(body):
    assert card("", "auto", dek=body).layout == "headline"
    got = card(body)
    assert (got.layout, got.figure_label) == ("number", body)  # with all its doubt below it


def test_the_news_of_varied_articles_is_shown_as_it_is():
    shown = {}
    for name, article in articles().items():
        got = pick(article, HEADLINE, "auto")
        if got.layout == "number":
            shown[name] = got.figure
            assert got.figure_label in f"{article.title}\n{article.dek}"
    assert shown == {
        "emoji": "12%",
        "empty-dek": "50,000",
        "long": "₹38 lakh",
        "market": "6%",
        "missing-space": "$18M",
        "numbers": "$640M",
        "quotes": "400,000",
        "undated": "1.2M",
        "versions": "30%",
    }


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
