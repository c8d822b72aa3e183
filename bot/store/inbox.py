"""The posts as lists an editor looks through."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Engine,
    and_,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from bot.domain.post import Post, State
from bot.store import schema
from bot.store.engine import reading
from bot.store.intake_schema import corrections
from bot.store.rows import post_from_row

posts, articles = schema.posts, schema.articles

#: The lists, and the states in each. "needs you" is not a state: see `in_list`.
LISTS: dict[str, tuple[State, ...]] = {
    "waiting": (State.DRAFTED,),
    "scheduled": (State.APPROVED, State.SENDING, State.BEGUN),
    "needs": (State.FAILED, State.UNCLEAR),
    "held": (State.ON_HOLD,),
    "published": (State.PUBLISHED, State.VERIFIED),
    "rejected": (State.REJECTED,),
    "expired": (State.EXPIRED, State.SUPERSEDED),
}

#: Lists that need more than the state to be told apart.
_TOLD_APART = ("waiting", "needs", "held")

#: Lists that show what is over, newest first; the others show what is most urgent first.
OVER = ("published", "rejected", "expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One post in a list.

    Attributes:
        warnings: how many findings stand against it; blocking ones are counted in `blocks` too.
        updated_at: when anything about it changed last.
        handled: it was changed, held or taken back since it was made.
        corrected: somebody is asked about a post of its article, which was changed or is gone.
    """

    post: Post
    title: str
    section: str
    warnings: int
    blocks: int
    updated_at: datetime
    handled: bool
    corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What to leave out of a list; "" and None leave nothing out.

    Attributes:
        since, before: of the time a post is due.
        changed_since: changed at or after this time.
    """

    channel: str = ""
    section: str = ""
    words: str = ""
    since: datetime | None = None
    before: datetime | None = None
    changed_since: datetime | None = None
    article: str = ""
    state: State | None = None


@dataclass(frozen=True)
class Inbox:
    """Reads lists of posts."""

    engine: Engine

    def counts(self, *, now: datetime) -> dict[str, int]:
        """Return how many posts each list has."""
        by_state = select(posts.c.state, func.count()).group_by(posts.c.state)
        few_by_name = [
            select(func.count()).select_from(posts).where(in_list(name, now)).scalar_subquery()
            for name in _TOLD_APART
        ]
        with reading(self.engine) as connection:
            found = {State(state): count for state, count in connection.execute(by_state)}
            few = dict(
                zip(_TOLD_APART, connection.execute(select(*few_by_name)).one(), strict=True)
            )
        counts = {name: sum(found.get(s, 0) for s in states) for name, states in LISTS.items()}
        return counts | few

    def entries(
        self,
        name: str,
        wanted: Filter | None = None,
        *,
        now: datetime,
        limit: int = 100,
        skip: int = 0,
    ) -> Sequence[Entry]:
        """Return the posts of a list: most urgent first, or newest first where it is over."""
        # By themselves: the wide rows of the rest are never read.
        chosen = _chosen(name, wanted or Filter(), now, limit, skip)
        return self._read(_query().where(posts.c.id.in_(chosen)).order_by(*_order(name)))

    def of(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Return these posts by their numbers, each with what a list shows of it."""
        found = self._read(_query().where(posts.c.id.in_(numbers)))
        return {entry.post.id: entry for entry in found}

    def undecided(self, *, due_by: datetime | None = None) -> Sequence[Entry]:
        """Return every post that waits for a decision, those that were put off too, oldest first.

        With `due_by`, only those whose time comes until then.
        """
        query = _query().where(posts.c.state == State.DRAFTED)
        if due_by is not None:
            query = query.where(posts.c.due_at <= due_by)
        return self._read(query.order_by(posts.c.due_at, posts.c.id))

    def keys(self, name: str, *, now: datetime, limit: int = 300) -> Sequence[str]:
        """Return the articles of a list in its order, to step through them."""
        first = func.min(posts.c.due_at)
        query = (
            select(posts.c.article_key)
            .where(in_list(name, now))
            .group_by(posts.c.article_key)
            .order_by(first, posts.c.article_key)
            .limit(limit)
        )
        with reading(self.engine) as connection:
            return connection.execute(query).scalars().all()

    def between(self, start: datetime, end: datetime) -> Sequence[Entry]:
        """Return what goes or went out in a stretch of time, and what waits for it."""
        shown = [
            s
            for name in ("waiting", "scheduled", "needs", "held", "published")
            for s in LISTS[name]
        ]
        query = (
            _query()
            .where(posts.c.due_at >= start, posts.c.due_at < end, posts.c.state.in_(shown))
            .order_by(posts.c.due_at, posts.c.article_key, posts.c.id)
            .limit(500)
        )
        return self._read(query)

    def sections(self) -> Sequence[str]:
        """Return the sections of the newest articles, for a filter."""
        newest = select(articles.c.key).order_by(articles.c.first_seen_at.desc()).limit(200)
        section = articles.c.article["section"].as_string().label("name")
        query = select(section).where(articles.c.key.in_(newest)).distinct()
        with reading(self.engine) as connection:
            return sorted(row.name for row in connection.execute(query) if row.name)

    def _read(self, query: Any) -> Sequence[Entry]:
        with reading(self.engine) as connection:
            return [_entry(row) for row in connection.execute(query).mappings()]


def _chosen(name: str, wanted: Filter, now: datetime, limit: int, skip: int) -> Any:
    """Return the query of the ids of a page of a list."""
    query = select(posts.c.id, posts.c.due_at, posts.c.article_key)
    if wanted.section or wanted.words:
        query = query.join(articles, articles.c.key == posts.c.article_key)
    query = query.where(*only(wanted)).order_by(*_order(name))
    if name not in OVER:
        page = query.where(in_list(name, now)).limit(limit).offset(skip).subquery()
        return select(page.c.id)
    # One state after the other, each in the order of its index: all of them at once would be
    # sorted anew, however many years of posts there are.
    first = [
        select(query.where(posts.c.state == state).limit(limit + skip).subquery())
        for state in LISTS[name]
    ]
    both = union_all(*first).subquery()
    order = both.c.due_at.desc(), both.c.article_key, both.c.id
    return select(both.c.id).order_by(*order).limit(limit).offset(skip)


def _order(name: str) -> tuple[ColumnElement[Any], ...]:
    due = posts.c.due_at.desc() if name in OVER else posts.c.due_at
    return due, posts.c.article_key, posts.c.id


#: Other wordings are long, and no list shows them.
_SHOWN = [column for column in posts.c if column.name != "variants"]


def _query() -> Any:
    events = schema.events
    handled = exists().where(
        events.c.post_id == posts.c.id,
        events.c.name.in_(("post.edited", "post.drafted")),
        events.c.from_state.is_not(None),  # the first draft comes from nowhere
    )
    corrected = exists().where(
        corrections.c.article_key == posts.c.article_key, corrections.c.done_at.is_(None)
    )
    return select(
        *_SHOWN,
        articles.c.title,
        articles.c.article["section"].as_string().label("section"),
        handled.label("handled"),
        corrected.label("corrected"),
    ).join(articles, articles.c.key == posts.c.article_key)


#: As the partial index has it: with a bound value it would not be used.
_ASKS = posts.c.asks != literal_column("''")


def in_list(name: str, now: datetime) -> ColumnElement[bool]:
    """Return the condition by which a post is in a list."""
    states = posts.c.state.in_(LISTS[name])
    snoozed = func.coalesce(posts.c.snoozed_until > now, False)
    match name:
        case "needs":
            # Two reads by index; an "or" of both would scan every post there is.
            asking = select(posts.c.id).where(_ASKS)
            return posts.c.id.in_(select(posts.c.id).where(states).union(asking))
        case "waiting":
            return and_(states, posts.c.asks == "", ~snoozed)
        case "held":
            later = and_(posts.c.state == State.DRAFTED, snoozed)
            return and_(or_(states, later), posts.c.asks == "")
        case _:
            return states


def only(wanted: Filter) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter; with a section or words, articles have to be joined."""
    found: list[ColumnElement[bool]] = []
    if wanted.channel:
        found.append(posts.c.channel == wanted.channel)
    if wanted.section:
        found.append(articles.c.article["section"].as_string() == wanted.section)
    words = wanted.words.split()[:6]
    found += [articles.c.title.icontains(word, autoescape=True) for word in words]
    if wanted.since:
        found.append(posts.c.due_at >= wanted.since)
    if wanted.before:
        found.append(posts.c.due_at < wanted.before)
    if wanted.changed_since:
        found.append(posts.c.updated_at >= wanted.changed_since)
    if wanted.article:
        found.append(posts.c.article_key == wanted.article)
    if wanted.state:
        found.append(posts.c.state == wanted.state)
    return found


def _entry(row: Any) -> Entry:
    levels = [finding["level"] for finding in row["findings"]]
    return Entry(
        post=post_from_row(row),
        title=row["title"],
        section=row["section"] or "",
        warnings=len(levels),
        blocks=levels.count("block"),
        updated_at=row["updated_at"],
        handled=bool(row["handled"]),
        corrected=bool(row["corrected"]),
    )
