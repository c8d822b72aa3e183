"""The twenty rules: what they must stop, what they must let pass, what they repair."""

from dataclasses import replace

import pytest

from bot.domain import lint
from bot.domain.lint import tags
from bot.domain.post import Content, Level
from tests.unit.domain.lint_cases import (
    ARTICLE,
    CARD,
    DIALECTS,
    FACT,
    LINKS,
    PASSES,
    SECOND,
    STYLE,
    TRIPS,
    Case,
    li,
    x,
)

ESCAPES = "escapes-once"


def cases(table):
    return [
        pytest.param(rule, case, id=f"{rule}-{number}")
        for rule, listed in table.items()
        for number, case in enumerate(listed)
    ]


def test_there_are_twenty_rules_each_with_enough_cases():
    assert len(lint.RULES) == 20
    for table in (TRIPS, PASSES):
        assert {rule for rule, listed in table.items() if len(listed) >= 3} == set(lint.RULES) - {
            ESCAPES
        }


@pytest.mark.parametrize(("rule", "case"), cases(TRIPS))
def test_a_rule_stops_what_breaks_it(rule, case):
    findings = case.findings(rule)
    assert findings
    assert all(finding.message.endswith((".", "?")) for finding in findings)
    for finding in findings:
        if finding.start is not None:
            assert 0 <= finding.start <= finding.end


@pytest.mark.parametrize(("rule", "case"), cases(PASSES))
def test_a_rule_lets_close_ones_pass(rule, case):
    assert case.findings(rule) == []


@pytest.mark.parametrize(
    ("rule", "level"),
    [
        ("fits", Level.BLOCK),
        ("whole-sentences", Level.BLOCK),
        ("hook-carries-news", Level.WARN),
        ("has-facts", Level.WARN),
        ("quotes-exact", Level.BLOCK),
        ("not-the-headline", Level.WARN),
        ("one-right-link", Level.BLOCK),
        ("tracking-right", Level.BLOCK),
        ("readable-hashtags", Level.WARN),
        ("known-mentions", Level.BLOCK),
        ("plain-characters", Level.BLOCK),
        ("calm-voice", Level.WARN),
        ("card-legible", Level.BLOCK),
    ],
)
def test_the_level_of_a_rule(rule, level):
    assert {finding.level for case in TRIPS[rule] for finding in case.findings(rule)} == {level}


@pytest.mark.parametrize(
    ("case", "rule", "mended"),
    [
        (x("We met Character.AI."), "no-accidental-links", "We met Character AI."),
        (x("It ended.It began."), "no-accidental-links", "It ended. It began."),
        (x("Corvex  has &amp; is."), "plain-characters", "Corvex has & is."),
        (x("𝗖orvex\u200b is."), "plain-characters", "Corvex is."),
        (Case(f"{FACT} #openai LINK"), "readable-hashtags", f"{FACT} #OpenAI"),
        (x("@corvex is."), "known-mentions", "corvex is."),
    ],
)
def test_a_safe_repair_is_offered(case, rule, mended):
    text = case.text.replace("LINK", LINKS["x"])
    assert mended in lint.mend(text, tuple(case.findings(rule)))


def test_repairs_can_be_made_together_and_then_nothing_is_left():
    text = f"Corvex  met Character.AI.\n\n{LINKS['x']} #chips #ai"
    content = Content(text=text, link=LINKS["x"])

    def look(content):
        found = lint.check(content, dialect=DIALECTS["x"], article=ARTICLE, style=STYLE)
        return [finding for finding in found if finding.fix is not None]

    repaired = replace(content, text=lint.mend(text, tuple(look(content))))
    assert repaired.text == f"Corvex met Character AI.\n\n{LINKS['x']} #Chips #AI"
    assert look(repaired) == []


def test_dropping_the_last_sentence_repairs_a_text_that_is_too_long():
    case = x(f"{FACT} {FACT} {FACT}")
    (finding,) = case.findings("fits")
    text = case.text.replace("LINK", LINKS["x"])
    shorter = lint.mend(text, (finding,))
    assert shorter.count(FACT) == 2
    assert LINKS["x"] in shorter


class Wire:
    """A dialect that sends what it is told to send."""

    name, limit, card_size = "linkedin", 3000, (1200, 627)

    def __init__(self, wire):
        self.wire = wire

    def measure(self, text):
        return replace(DIALECTS["linkedin"].measure(text), wire_text=self.wire)


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("Corvex (Austin).", "Corvex (Austin)."),
        ("Corvex (Austin).", r"Corvex \\(Austin\\)."),
        ("Corvex (Austin).", r"Corvex \(Austin."),
        ("a_b", "a_b"),
        ("C#", "C#"),
    ],
)
def test_a_wire_text_that_shows_something_else_is_stopped(text, wire):
    found = lint.check(Content(text=text), dialect=Wire(wire))
    assert any(finding.rule == ESCAPES and finding.level is Level.BLOCK for finding in found)


@pytest.mark.parametrize(
    "text",
    [
        r"All of them: | { } @ [ ] ( ) < > # \ * _ ~.",
        "Plain #AI and #Claude_Code tags, C# and a_b.",
        "Led by @[Northgate Partners](urn:li:organization:77).",
        "https://theshiftmaker.com/a?utm_source=linkedin&x=1",
    ],
)
def test_what_linkedin_gets_shows_exactly_the_text(text):
    found = lint.check(Content(text=text), dialect=DIALECTS["linkedin"])
    assert [finding for finding in found if finding.rule == ESCAPES] == []
    assert set(r"|{}@[]()<>#\*_~") == tags.RESERVED


def test_without_an_article_the_rules_about_truth_stay_silent():
    found = lint.check(Content(text="Google paid $9 billion."), dialect=DIALECTS["x"])
    assert not {"facts-match", "quotes-exact"} & {finding.rule for finding in found}


def test_a_good_post_has_no_findings():
    for case in (x(FACT), li(f"{FACT}\n\n• {SECOND}")):
        link = LINKS[case.platform]
        content = Content(text=case.text.replace("LINK", link), link=link)
        kept = {"dialect": DIALECTS[case.platform], "article": ARTICLE, "card": CARD}
        assert lint.check(content, style=STYLE, **kept) == ()


def test_blocking_findings_come_first():
    content = Content(text=f"CORVEX HAS RAISED $650 million!! {LINKS['x']}", link=LINKS["x"])
    found = lint.check(content, dialect=DIALECTS["x"], article=ARTICLE, style=STYLE)
    levels = [finding.level for finding in found]
    assert levels == sorted(levels)
    assert lint.blocks(found)
