"""twitter-text's own conformance data, case by case.

Nothing of validate.yml, extract.yml and tlds.yml is left out. autolink.yml and
hit_highlighting.yml make HTML, which this bot does not, and are not part of the data here.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.platforms.x.text import entities, parsing, urls, validation, weights
from bot.platforms.x.text.weights import V3, Configuration

DATA = Path(__file__).parents[3] / "data" / "twitter_text"

#: twitter-text config/v1.json and v2.json, the ones some cases were written for.
V1 = Configuration(limit=140, heavy_weight=1, emoji=False)
V2 = Configuration(limit=280, emoji=False)


def _cases() -> Iterator[Any]:
    for file in ("validate", "extract", "tlds"):
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        groups = yaml.load((DATA / f"{file}.yml").read_text("utf-8"), loader)["tests"]  # noqa: S506
        for group, cases in groups.items():
            for number, case in enumerate(cases):
                yield pytest.param(
                    f"{file}.{group}",
                    case["text"],
                    case["expected"],
                    id=f"{file}.{group}-{number}",
                )


def _parsed(text: str, configuration: Configuration) -> dict[str, Any]:
    parsed = parsing.parse(text, configuration)
    return {
        "weightedLength": parsed.weighted_length,
        "valid": parsed.valid,
        "permillage": parsed.permillage,
        "displayRangeStart": parsed.display_range[0],
        "displayRangeEnd": parsed.display_range[1],
        "validRangeStart": parsed.valid_range[0],
        "validRangeEnd": parsed.valid_range[1],
    }


def _urls_with_indices(text: str) -> list[dict[str, Any]]:
    return [{"url": link.text, "indices": [link.start, link.end]} for link in urls.urls(text)]


ASK: dict[str, Callable[[str], Any]] = {
    "validate.tweets": lambda text: parsing.parse(text, V1).valid,
    "validate.usernames": validation.is_valid_username,
    "validate.lists": validation.is_valid_list,
    "validate.hashtags": validation.is_valid_hashtag,
    "validate.urls": validation.is_valid_url,
    "validate.urls_without_protocol": lambda text: validation.is_valid_url(
        text, scheme_required=False
    ),
    "validate.WeightedTweetsCounterTest": lambda text: _parsed(text, V2),
    "validate.WeightedTweetsWithDiscountedEmojiCounterTest": lambda text: _parsed(text, V3),
    "validate.UnicodeDirectionalMarkerCounterTest": lambda text: _parsed(text, V3),
    "extract.mentions": entities.extract_mentions,
    "extract.mentions_with_indices": lambda text: [
        {"screen_name": who.screen_name, "indices": [who.start, who.end]}
        for who in entities.mentions_or_lists(text)
        if not who.list_slug
    ],
    "extract.mentions_or_lists_with_indices": lambda text: [
        {
            "screen_name": who.screen_name,
            "list_slug": who.list_slug,
            "indices": [who.start, who.end],
        }
        for who in entities.mentions_or_lists(text)
    ],
    "extract.replies": entities.extract_reply,
    "extract.urls": entities.extract_urls,
    "extract.urls_with_indices": _urls_with_indices,
    "extract.urls_with_directional_markers": _urls_with_indices,
    "extract.tco_urls_with_params": entities.extract_urls,
    "extract.hashtags": entities.extract_hashtags,
    "extract.hashtags_from_astral": entities.extract_hashtags,
    "extract.hashtags_with_indices": lambda text: [
        {"hashtag": tag.text[1:], "indices": [tag.start, tag.end]}
        for tag in entities.hashtags(text)
    ],
    "extract.cashtags": entities.extract_cashtags,
    "extract.cashtags_with_indices": lambda text: [
        {"cashtag": tag.text[1:], "indices": [tag.start, tag.end]}
        for tag in entities.cashtags(text)
    ],
    "tlds.country": entities.extract_urls,
    "tlds.generic": entities.extract_urls,
}


@pytest.mark.parametrize(("group", "text", "expected"), list(_cases()))
def test_case(group, text, expected):
    assert ASK[group](text) == expected


def test_the_configuration_is_the_published_one():
    published = yaml.safe_load((DATA / "config-v3.json").read_text("utf-8"))
    assert published["maxWeightedTweetLength"] == V3.limit
    assert published["transformedURLLength"] == V3.url_length
    assert published["defaultWeight"] == V3.heavy_weight * published["scale"]
    assert published["emojiParsingEnabled"] is V3.emoji
    light = {
        code
        for span in published["ranges"]
        for code in range(span["start"], span["end"] + 1)
        if span["weight"] == published["scale"]
    }
    weighed_one = {code for code in range(0x3000) if weights.weigh(chr(code)) == 1}
    assert weighed_one == light
