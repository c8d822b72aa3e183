"""Examples of answers for the OpenAPI document; a test holds each to its model, field by field.

An answer that only wraps others (a page, a list) needs none: its example is made of theirs.
"""

from typing import Any

_ARTICLE = "2026-11-23-rates"
_URL = f"https://theshiftmaker.com/articles/{_ARTICLE}"
_LINK = f"{_URL}?utm_source=x&utm_medium=social&utm_campaign=2026-11-23&utm_content=cd605418"
_TITLE = "Ruritania holds its rate at 6.5 percent"
_SENTENCE = "The central bank of Ruritania held its main rate at 6.5 percent on Monday."
_TEXT = f"{_SENTENCE}\n\n{_LINK}"
_ALT = f"{_TITLE}. Number card of The ShiftMaker, 23 November 2026."
_HASH = "9f66c05a052d9737cc393168fc8615b176d093bda670f29737a6f86ca60085a8"
_CARD = "0b322ef685539785f7c301c04170e117a7401802558b2c30e165d4f4269fb5c9"
_MADE = "2026-11-23T01:10:00Z"
_NOW = "2026-11-23T01:12:30Z"
_DUE = "2026-11-23T01:30:00Z"

_TOO_OLD = (
    "X lets a post be edited for 30 minutes; this one is older. It stays as it is: leave it, "
    "delete it, or answer it."
)

_FINDING = {
    "number": 0,
    "rule": "shouting",
    "level": "warn",
    "message": "More than one exclamation mark.",
    "start": 73,
    "end": 74,
    "fix": ".",
}
_YES = {"by": "asha", "via": "desk", "at": _NOW}
_RUNS = [
    {"kind": "same", "text": "The bank "},
    {"kind": "gone", "text": "holds"},
    {"kind": "new", "text": "raises"},
    {"kind": "same", "text": " its rate."},
]
_SAID = {"text": "The bank raises its rate.", "parts": [], "alt_text": _ALT}
_KEPT = {"id": 88, "card_sha256": _CARD}
_POST = {
    "id": 41,
    "article_id": _ARTICLE,
    "platform": "x",
    "channel": "x",
    "state": "drafted",
    "text": _TEXT,
    "parts": [],
    "link": _LINK,
    "hashtags": ["Economy"],
    "card_sha256": _CARD,
    "alt_text": _ALT,
    "content_hash": _HASH,
    "length": 99,
    "limit": 280,
    "estimated_cost_usd": "0.205",
    "due_at": _DUE,
    "expires_at": "2026-11-23T13:30:00Z",
    "undo_until": None,
    "snoozed_until": None,
    "link_policy": "",
    "reason": "",
    "asks": "",
    "outlook": "Held at 08:00 if nobody answers.",
    "outlook_at": "2026-11-23T02:30:00Z",
    "by_itself": {"at": "2026-11-23T02:30:00Z", "to": "on_hold", "by": "hold", "why": ""},
    "approval": None,
    "agreed": [],
    "missing": ["an approver"],
    "permalinks": [],
    "findings": [_FINDING],
}
_CORRECTION = {
    "id": 3,
    "article_id": _ARTICLE,
    "post_id": 41,
    "title": _TITLE,
    "kind": "changed",
    "live": True,
    "at": "2026-11-23T05:02:11Z",
    "changes": [{"part": "title", "before": "The bank holds", "after": "The bank raises"}],
    "done_at": None,
    "done_by": "",
    "outcome": "",
    "note": "",
}
_PERSON = {"name": "ravi.k", "role": "editor", "disabled": False, "created_at": _MADE}
_SOURCE = {
    "name": "theshiftmaker",
    "kind": "feed",
    "url": "https://theshiftmaker.com/feed.xml",
    "paused": "",
    "last_read_at": _NOW,
    "next_poll_at": "2026-11-23T01:17:30Z",
    "failures": 0,
    "trouble": "",
}
_COMMENT = {"id": 7, "article_id": _ARTICLE, "by": "asha", "text": "@ravi right?", "at": _NOW}
_WEBHOOK = {
    "id": 2,
    "url": "https://example.org/hook",
    "events": ["post.published", "post.failed"],
    "created_at": _MADE,
    "failures": 0,
    "failing_since": None,
    "disabled": "",
}

#: By the name of the model.
ANSWERS: dict[str, dict[str, Any]] = {
    "PostOut": _POST,
    "ApprovalOut": _YES,
    "FindingOut": _FINDING,
    "ArticleOut": {
        "id": _ARTICLE,
        "url": _URL,
        "title": _TITLE,
        "dek": "The bank waits for prices to calm down before it moves again.",
        "section": "Economy",
        "language": "en",
        "published_at": _DUE,
        "body": [_SENTENCE, "The next meeting is on 12 May."],
    },
    "Measured": {"length": 24, "limit": 280, "valid": True, "left": 256},
    "Result": {"id": 42, "ok": False, "state": None, "problem": "There is no post 42."},
    "LineOut": {
        "at": _MADE,
        "kind": "post.drafted",
        "who": "bot",
        "text": "The post was made.",
        "detail": "",
    },
    "Lists": {
        "counts": {"waiting": 2, "scheduled": 1, "needs": 0, "held": 0, "published": 310},
        "corrections": 1,
        "held": 0,
        "mentions": 0,
        "next_run": "2026-11-24T07:00:00+05:30",
    },
    "NumbersOut": {
        "readable": True,
        "cost_usd": "0.005",
        "items": [{"at": "2026-11-24T01:30:00Z", "numbers": {"impressions": 1204, "likes": 31}}],
    },
    "Judgement": {
        **_SAID,
        "link": _LINK,
        "hashtags": [],
        "content_hash": "4e500f4ac67e452616de6246df6b2441a865bdf5ee427e9e92914d3c92e882f7",
        "length": 24,
        "limit": 280,
        "valid": True,
        "estimated_cost_usd": "0.020",
        "findings": [_FINDING],
    },
    "Unsaved": {**_SAID, "link_policy": "in_post", "over": _HASH, "at": _NOW},
    "WordingsOut": {
        "items": [
            {**_SAID, **_KEPT, "by": "asha", "at": _NOW, "now": True, "changes": _RUNS},
            {**_SAID, **_KEPT, "by": "bot", "at": _MADE, "now": False, "changes": None},
        ],
        "variants": [{"text": f"{_TITLE}.\n\n{_LINK}", "parts": []}],
        "policies": {"in_post": "In the post", "thread_reply": "In a reply below it"},
        "policy": "in_post",
    },
    "CommentOut": _COMMENT,
    "CorrectionOut": _CORRECTION,
    "CorrectionDetail": {
        **_CORRECTION,
        "content_hash": _HASH,
        "text": _TEXT,
        "suggestion": f"The bank raises its rate.\n\n{_LINK}",
        "options": {"edit": _TOO_OLD, "delete": "", "post": "", "leave": ""},
    },
    "HeldOut": {
        "article_id": _ARTICLE,
        "title": _TITLE,
        "dek": "The bank waits for prices to calm down before it moves again.",
        "section": "Economy",
        "url": _URL,
        "published_at": _DUE,
        "findings": [],
        "source": "theshiftmaker",
        "reason": "6 new articles at once, more than 5. Which shall be posted?",
        "at": _MADE,
    },
    "Me": {
        "user": "asha",
        "role": "admin",
        "token": "newsroom-bot",
        "scopes": ["read", "approve"],
        "expires_at": "2027-02-21T01:30:00Z",
        "now": _NOW,
        "zone": "Asia/Kolkata",
        "version": "1.0.0",
    },
    "Channel": {"name": "linkedin", "paused": "The account is being mended"},
    "ReceiptOut": {
        "post_id": 41,
        "article_id": _ARTICLE,
        "title": _TITLE,
        "platform": "x",
        "channel": "x",
        "state": "verified",
        "published_at": "2026-11-23T01:30:04Z",
        "permalinks": ["https://x.com/shiftmaker/status/1992400000000000000"],
        "remote_id": "1992400000000000000",
        "content_hash": _HASH,
        "card_sha256": _CARD,
        "text": _TEXT,
        "approved_by": "asha",
        "approved_via": "desk",
        "approved_at": _NOW,
        "tries": 1,
        "found_by_looking": False,
        "verification": "Read back at 07:02: as approved.",
        "article_gone": None,
        "taken_down_at": None,
        "taken_down_by": None,
        "estimated_cost_usd": "0.205",
    },
    "DayCount": {"day": "2026-11-23", "channels": {"x": 5, "linkedin": 5}},
    "Person": _PERSON,
    "Invited": {**_PERSON, "link": "https://desk.example.org/welcome/…"},
    "SourceOut": _SOURCE,
    "Added": {**_SOURCE, "asked": _ARTICLE},
    "FoundOut": {
        "name": "theshiftmaker",
        "kind": "feed",
        "url": "https://theshiftmaker.com/feed.xml",
        "how": "",
        "findings": [],
        "newest": [{"id": _ARTICLE, "title": _TITLE, "url": _URL, "published_at": _DUE}],
    },
    "AccountOut": {
        "channel": "linkedin",
        "paused": "",
        "name": "The ShiftMaker",
        "handle": "urn:li:organization:1",
        "connected_by": "asha",
        "ends_at": "2027-01-22T01:30:00Z",
        "warning": "",
    },
    "Tried": {"channel": "x", "ok": True, "said": "Connected as The ShiftMaker."},
    "ChoiceOut": {
        "name": "BOT_DESK__UNDO_SECONDS",
        "description": "How long an approval at the desk can be taken back.",
        "value": "30",
        "default": "30",
        "choices": [],
        "fixed": False,
    },
    "WordFileOut": {
        "name": "x.txt.j2",
        "text": "{{ hook }} {{ link }}\n",
        "own": True,
        "seen": _HASH,
    },
    "WordFileList": {"items": ["vocabulary.toml", "x.txt.j2"]},
    "WebhookOut": _WEBHOOK,
    "MadeWebhook": {**_WEBHOOK, "secret": "whsec_…"},
    "TokenOut": {
        "id": 5,
        "name": "newsroom-bot",
        "user": "asha",
        "scopes": ["read", "approve"],
        "created_at": _MADE,
        "expires_at": "2027-02-21T01:30:00Z",
        "used_at": _NOW,
    },
    "Problem": {
        "type": "problems/changed-meanwhile",
        "title": "Conflict",
        "status": 409,
        "detail": "Post 41 was changed since you saw it; nothing was done. See `conflict`.",
        "instance": "/api/v1/posts/41",
        "conflict": {
            "content_hash": _HASH,
            "text": "The bank raises its rate.",
            "by": "ravi.k",
            "at": _NOW,
            "since": _RUNS,
            "against": _RUNS,
        },
    },
}
