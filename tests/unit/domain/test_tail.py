"""A post's end, apart and together again."""

import pytest

from bot.domain.tail import apart, together

LINK = "https://theshiftmaker.com/a?utm_source=x"


@pytest.mark.parametrize(
    ("text", "body", "has_link", "tags"),
    [
        (f"News.\n\n{LINK} #AI #Claude", "News.", True, ("AI", "Claude")),
        (f"News.\n\nRead the story: {LINK}\n\n#AI", "News.", True, ("AI",)),
        ("News.", "News.", False, ()),
        ("News about #AI today.", "News about #AI today.", False, ()),
        (f"See {LINK} now.", f"See {LINK} now.", True, ()),
        ("News.\n\nhttps://elsewhere.example", "News.\n\nhttps://elsewhere.example", False, ()),
        ("#AI", "", False, ("AI",)),
        ("", "", False, ()),
    ],
)
def test_apart(text, body, has_link, tags):
    found = apart(text, LINK, ["Read the story"])
    assert (found.body, found.has_link, found.hashtags) == (body, has_link, tags)


def test_together_is_as_the_templates_set_it():
    short = together("News.", link=LINK, label="", hashtags=("AI", "Claude"), is_short=True)
    assert short == f"News.\n\n{LINK} #AI #Claude"
    long = together("News.", link=LINK, label="Read", hashtags=("AI",), is_short=False)
    assert long == f"News.\n\nRead: {LINK}\n\n#AI"
    assert together("News.", link=None, label="Read", hashtags=(), is_short=False) == "News."
