"""Rows to domain values and back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, ScalarSelect, func, select

from bot.domain.article import Article, Picture, SourceLink
from bot.domain.delivery import Media, Ticket
from bot.domain.post import Content, Finding, Level, Post, State
from bot.store import schema

_TIMES = ("published_at", "updated_at")
_LISTS = ("body", "tags", "missing", "findings")


def article_to_json(article: Article) -> dict[str, Any]:
    """Return the article as the JSON column holds it."""
    value = asdict(article)
    for name in _TIMES:
        value[name] = value[name] and value[name].isoformat()
    return value


def article_from_json(value: Mapping[str, Any]) -> Article:
    """Return the article a JSON column holds."""
    times = {name: value.get(name) for name in _TIMES}
    image = value["image"]
    if isinstance(image, str):  # as it was kept before pictures had a size
        image = {"url": image}
    return Article(
        **{
            **value,
            **{name: datetime.fromisoformat(at) if at else None for name, at in times.items()},
            "sources": tuple(SourceLink(**link) for link in value["sources"]),
            "image": image and Picture(**image),
            **{name: tuple(value.get(name, ())) for name in _LISTS},
        }
    )


def content_from_json(value: Mapping[str, Any]) -> Content:
    """Return the content a JSON column holds."""
    return Content(**{name: _frozen(kept) for name, kept in value.items()})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value


def finding_from_json(value: Mapping[str, Any]) -> Finding:
    """Return the finding a JSON column holds."""
    return Finding(**{**value, "level": Level(value["level"])})


def post_from_row(row: RowMapping) -> Post:
    """Return the post of a row of `posts`."""
    return Post(
        id=row["id"],
        article_key=row["article_key"],
        platform=row["platform"],
        channel=row["channel"],
        content=content_from_json(row["content"]),
        state=State(row["state"]),
        due_at=row["due_at"],
        expires_at=row["expires_at"],
        fence=row["fence"],
        tries=row["tries"],
        checks=row["checks"],
        retry_at=row["retry_at"],
        reason=row["reason"],
        asks=row["asks"],
        grace_until=row["grace_until"],
        snoozed_until=row["snoozed_until"],
        link_policy=row["link_policy"],
    )


def ticket_to_json(ticket: Ticket) -> list[dict[str, Any]]:
    """Return the ticket's media as the JSON column holds them."""
    return [
        {**asdict(m), "expires_at": m.expires_at and m.expires_at.isoformat()} for m in ticket.media
    ]


def ticket_from_row(row: RowMapping, platform: str) -> Ticket:
    """Return the ticket of a row of `tickets`."""
    return Ticket(
        platform=platform,
        request=row["request"],
        text=row["text"],
        fingerprint=row["fingerprint"],
        part=row["part"],
        account=row["account"],
        media=tuple(
            Media(
                **{
                    **m,
                    "expires_at": m["expires_at"] and datetime.fromisoformat(m["expires_at"]),
                }
            )
            for m in row["media"]
        ),
    )


def approval_that_counted() -> ScalarSelect[int]:
    """Return, for use in a query of posts, the id of the approval a post went out by."""
    table = schema.approvals.alias("counted")
    return (
        select(func.max(table.c.id))
        .where(
            table.c.post_id == schema.posts.c.id,
            table.c.fingerprint == schema.posts.c.approved_fingerprint,
            table.c.withdrawn_at.is_(None),
        )
        .correlate(schema.posts)
        .scalar_subquery()
    )
