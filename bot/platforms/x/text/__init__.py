"""X's text rules, after twitter-text 3.1 (configuration v3): length, links, mentions, tags.

Everything here is a pure function of the text, works in time linear in its length for any
text whatever, and loads its tables (top-level domains, emoji) only when a text needs them.
"""

from bot.platforms.x.text.entities import (
    Mention,
    Span,
    cashtags,
    entities,
    extract_cashtags,
    extract_hashtags,
    extract_mentions,
    extract_mentions_or_lists,
    extract_reply,
    extract_urls,
    hashtags,
    mentions_or_lists,
)
from bot.platforms.x.text.parsing import Parsed, parse
from bot.platforms.x.text.urls import Url, urls
from bot.platforms.x.text.validation import (
    is_valid_hashtag,
    is_valid_list,
    is_valid_url,
    is_valid_username,
)
from bot.platforms.x.text.weights import V3, Configuration, weigh

__all__ = [
    "V3",
    "Configuration",
    "Mention",
    "Parsed",
    "Span",
    "Url",
    "cashtags",
    "entities",
    "extract_cashtags",
    "extract_hashtags",
    "extract_mentions",
    "extract_mentions_or_lists",
    "extract_reply",
    "extract_urls",
    "hashtags",
    "is_valid_hashtag",
    "is_valid_list",
    "is_valid_url",
    "is_valid_username",
    "mentions_or_lists",
    "parse",
    "urls",
    "weigh",
]
