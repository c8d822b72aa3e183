"""From article to post: whole sentences, the right length, the house's policies."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bot.domain import links, text
from bot.domain.errors import ConfigError, ContentError
from bot.domain.lint import Record
from bot.domain.post import Content, Level
from bot.domain.price import Prices, cost
from bot.pipeline import words
from bot.pipeline.compose import Options, compose, house_style, proofread
from tests.unit.pipeline.posts import LINKEDIN, X, articles

WORDS = words.load()
ARTICLES = articles()
SEED = ARTICLES["seed"]


def x(article=SEED, **options):
    return compose(article, dialect=X, words=WORDS, options=Options(**options))


def linkedin(article=SEED, **options):
    return compose(article, dialect=LINKEDIN, words=WORDS, options=Options(**options))


def test_x_post_is_news_link_and_few_tags_within_the_limit():
    post = x().content
    assert X.measure(post.text).length <= 280
    assert post.link in post.text
    assert len(post.hashtags) <= 2
    assert SEED.title not in post.text


def test_x_post_tells_what_the_card_does_not():
    made = x()
    assert "28.8 million" in made.content.text
    assert "28.8" not in made.card.title + made.card.dek


def test_linkedin_hook_is_whole_before_the_fold_and_the_rest_has_lines_of_its_own():
    post = linkedin().content
    hook, blank, *rest = post.text.splitlines()
    assert len(hook) <= 140
    assert hook.endswith(".")
    assert blank == ""
    assert sum(line.startswith("• ") for line in rest) in range(2, 5)
    assert any(line.startswith("Why it matters: ") for line in rest)
    assert rest[-1] == " ".join(f"#{tag}" for tag in post.hashtags)
    assert len(post.hashtags) == 3
    assert 450 <= LINKEDIN.measure(post.text).length <= 900


@pytest.mark.parametrize("make", [x, linkedin])
def test_every_sentence_is_the_articles_own(make):
    post = make().content.text
    for line in post.splitlines():
        said = line.removeprefix("• ").removeprefix("Why it matters: ")
        if said and not said.startswith(("#", "https", "Read the story")):
            assert said in SEED.text


@pytest.mark.parametrize("broken", [{"title": " "}, {"body": ()}, {"body": ("  ",)}, {"url": "no"}])
def test_an_article_with_nothing_to_say_is_refused(broken):
    with pytest.raises(ContentError):
        x(replace(SEED, **broken))


def test_an_article_without_one_fitting_sentence_is_refused():
    endless = "Corvex " + "and Corvex " * 60 + "won."
    with pytest.raises(ContentError, match="by hand"):
        x(replace(SEED, title="A", dek="", body=(endless,)))


@pytest.mark.parametrize(
    "body", [("The end is cut…",), ("Corvex won 5 races, and",), ("“Corvex won.",)]
)
def test_a_cut_sentence_is_never_posted(body):
    with pytest.raises(ContentError):
        x(replace(SEED, dek="", body=body))


def test_sentences_are_set_apart_as_their_language_does():
    def said(language, *body):
        made = x(replace(SEED, title="Corvex", dek="", language=language, body=body))
        return [made.content.text, *(other.text for other in made.variants)]

    two = "Corvex 价格下降了30%。Corvex 销量上升了25,000。"
    assert any("30%。Corvex" in one for one in said("zh", two))
    assert any(
        "Corvex won. Corvex" in one for one in said("zh", "Corvex won.", "Corvex sold 25,000.")
    )
    thai = said("th", "Corvex ชนะการแข่งขัน 25,000 ครั้ง.", "Corvex ขายได้ 400 ล้านบาท.")
    assert any(". Corvex" in one for one in thai)


def test_nothing_is_told_twice():
    lead, *rest = SEED.body
    twice = replace(SEED, body=(lead, lead, lead.replace(",", " and", 1), *rest))
    lines = [line for line in linkedin(twice).content.text.splitlines() if line and line[0] != "#"]
    said = [text.content_words(line.removeprefix("• ")) for line in lines]
    assert len(lines) == len(set(lines))
    for line, words_of in zip(lines, said, strict=True):
        others = [other for other in said if other is not words_of]
        assert not [o for o in others if words_of and len(words_of & o) > 0.8 * len(words_of)], line


def test_the_same_article_gives_the_same_post():
    assert x() == x()


def test_the_link_is_tagged_once():
    dirty = replace(SEED, url=SEED.url + "?utm_source=newsletter&utm_source=x&id=1")
    post = x(dirty, marker="ab12cd34").content
    assert links.tags(post.link) == {
        "utm_source": ["x"],
        "utm_medium": ["social"],
        "utm_campaign": ["2026-06-26"],
        "utm_content": ["ab12cd34"],
    }
    assert x(utm=False).content.link == SEED.url
    assert links.tags(x(utm_campaign="Spring").content.link)["utm_campaign"] == ["spring"]


def test_the_day_is_the_one_the_site_gave_the_article():
    late = datetime(2026, 6, 25, 18, 30, tzinfo=UTC)
    assert x(replace(SEED, published_at=late)).card.published == date(2026, 6, 26)
    unnamed = replace(SEED, key="seed", published_at=late)
    assert x(unnamed, zone=ZoneInfo("Asia/Kolkata")).card.published == date(2026, 6, 26)
    assert x(unnamed).card.published == date(2026, 6, 25)
    undated = x(replace(unnamed, published_at=None))
    assert undated.card.published is None
    assert links.tags(undated.content.link)["utm_campaign"] == ["undated"]


def test_card_only_posts_carry_no_link_and_cost_less():
    made = x(link_policy="card_only")
    assert made.content.link is None
    assert "http" not in made.content.text
    assert not any(found.level is Level.BLOCK for found in made.findings)
    dear = replace(x().content, card="a" * 64, alt_text="A")
    cheap = replace(made.content, card="a" * 64, alt_text="A")
    assert cost(dear, dialect=X, prices=Prices()) == Decimal("0.205")
    assert cost(cheap, dialect=X, prices=Prices()) == Decimal("0.020")


def test_an_accidental_link_costs_as_much_as_a_real_one():
    assert cost(Content(text="We met Character.AI."), dialect=X, prices=Prices()) == Decimal(
        "0.200"
    )
    assert cost(Content(text="We met Character AI."), dialect=X, prices=Prices()) == Decimal(
        "0.015"
    )
    listed = Prices(post=Decimal(1), post_with_link=Decimal(2), alt_text=Decimal(4))
    thread = Content(text="A.", parts=("B.", "https://theshiftmaker.com/"))
    assert cost(thread, dialect=X, prices=listed) == Decimal(4)


def test_a_thread_reply_carries_the_link():
    made = x(link_policy="thread_reply")
    assert "http" not in made.content.text
    assert made.content.parts == (f"Read the story: {made.content.link}",)
    assert not any(found.level is Level.BLOCK for found in made.findings)


def test_a_thread_is_numbered_and_every_part_is_whole():
    made = x(ARTICLES["numbers"], thread=True)
    assert made.content.parts
    for number, part in enumerate(made.content.parts, start=2):
        assert part.startswith(f"{number}/ ")
        assert part.endswith(".")
        assert part.split("/ ")[1] in ARTICLES["numbers"].text
        assert part.split("/ ")[1] not in made.content.text
        assert X.measure(part).valid
    assert not any(found.level is Level.BLOCK for found in made.findings)
    assert x(ARTICLES["numbers"]).content.parts == ()


def test_linkedin_link_policies():
    article = linkedin(link_policy="article")
    assert article.content.link
    assert "http" not in article.content.text
    first = linkedin(link_policy="first_comment").content
    assert first.parts == (f"Read the story: {first.link}",)
    by_hand = linkedin(link_policy="manual_comment")
    assert by_hand.comment == f"Read the story: {by_hand.content.link}"
    assert by_hand.content.parts == ()
    assert linkedin().comment == ""
    for made in (article, by_hand):
        assert not any(found.level is Level.BLOCK for found in made.findings)


def test_an_unknown_policy_is_refused():
    with pytest.raises(ConfigError, match="in_post"):
        Options(link_policy="everywhere")


def test_hashtags_come_from_the_vocabulary_and_are_limited():
    assert x(max_hashtags=0).content.hashtags == ()
    assert len(linkedin(max_hashtags=1).content.hashtags) == 1
    for article in ARTICLES.values():
        used = linkedin(article).content.hashtags
        assert set(used) <= WORDS.vocabulary.hashtags.keys()
    assert "Nvidia" not in linkedin(ARTICLES["numbers"]).content.hashtags


def test_a_shorter_limit_is_kept():
    post = x(max_length=200).content
    assert X.measure(post.text).length <= 200


def test_the_card_shows_no_newsletter_and_no_shouting():
    assert x(ARTICLES["spam"]).card.dek == ""
    assert x(ARTICLES["all-caps"]).card.title == "OpenAI cuts price of its smallest model by half"
    assert x(ARTICLES["mojibake"]).card.title == "Spotify's AI DJ learns 14 Indian languages"
    assert "summaries. Publishers" in x(ARTICLES["missing-space"]).card.title


def test_names_that_would_become_links_are_spelled_so_that_they_do_not():
    post = linkedin(ARTICLES["technical"]).content.text
    assert "xAI and Character AI" in post
    assert "Node.js" in post


def test_an_edited_post_is_read_against_its_article_again():
    made = x()
    edited = replace(made.content, text=made.content.text.replace("28.8", "29.8"))
    found = proofread(edited, article=SEED, dialect=X, words=WORDS)
    assert [f.rule for f in found if f.level is Level.BLOCK] == ["facts-match"]
    late = Record(now=datetime(2026, 7, 1, tzinfo=UTC))
    old = proofread(made.content, article=SEED, dialect=X, words=WORDS, record=late)
    assert [f.rule for f in old if f.level is Level.BLOCK] == ["new-and-safe"]


def test_nobody_is_mentioned_unless_the_house_says_so():
    known = {"Anthropic": words.Company(x="AnthropicAI", linkedin="urn:li:organization:1")}
    told = replace(WORDS, vocabulary=replace(WORDS.vocabulary, companies=known))
    assert house_style(told, Options(), X).mentions == {}
    assert house_style(told, Options(mentions=True), X).mentions == {"AnthropicAI": "Anthropic"}
    linked = house_style(told, Options(mentions=True), LINKEDIN).mentions
    assert linked == {"urn:li:organization:1": "Anthropic"}


def test_right_to_left_text_keeps_its_order_and_gets_no_marks():
    post = linkedin(ARTICLES["rtl"]).content.text
    assert not any(0x200E <= ord(c) <= 0x200F or 0x202A <= ord(c) <= 0x202E for c in post)
    body = ARTICLES["rtl"].text
    told = [line.removeprefix("• ") for line in post.splitlines() if line.startswith("• ")]
    assert told == sorted(told, key=body.index)
