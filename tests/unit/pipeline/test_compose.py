"""From article to post: whole sentences, the right length, nothing invented."""

from dataclasses import replace

import pytest

from bot.domain.errors import ContentError
from bot.pipeline import compose, words
from tests.unit.pipeline.posts import LINKEDIN, X, articles

WORDS = words.load()
SEED = articles()["seed"]


def test_x_post_is_news_link_and_few_tags_within_the_limit():
    post = compose.compose(SEED, dialect=X, words=WORDS).content
    assert X.measure(post.text).length <= 280
    assert post.link
    assert post.link in post.text
    assert len(post.hashtags) <= 2
    assert SEED.title not in post.text


def test_linkedin_hook_is_whole_before_the_fold():
    post = compose.compose(SEED, dialect=LINKEDIN, words=WORDS).content
    hook, blank = post.text.splitlines()[:2]
    assert len(hook) <= 140
    assert hook.endswith(".")
    assert blank == ""
    assert len(post.hashtags) == 3
    assert 450 <= LINKEDIN.measure(post.text).length <= 900


@pytest.mark.parametrize("broken", [{"title": " "}, {"body": ()}, {"body": ("  ",)}])
def test_an_article_with_nothing_to_say_is_refused(broken):
    with pytest.raises(ContentError):
        compose.compose(replace(SEED, **broken), dialect=X, words=WORDS)
