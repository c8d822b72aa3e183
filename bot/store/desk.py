"""The posts as an editor handles them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.errors import NotApproved
from bot.domain.ledger import Draft, Event
from bot.domain.post import Approval, Content, Finding, Post, State, move
from bot.domain.steps import Enough, whoever
from bot.store import schema
from bot.store.audit import hold, record, standing
from bot.store.engine import reading, writing
from bot.store.moves import change, inserted_id, load
from bot.store.rows import content_from_json, finding_from_json, post_from_row
from bot.store.wordings import keep_wording

posts = schema.posts


@dataclass(frozen=True)
class Desk:
    """Implements `bot.domain.desk.Desk`."""

    engine: Engine

    def post(self, post_id: int) -> Post:
        """Return one post. Raises UsageError for an unknown id."""
        with reading(self.engine) as connection:
            return load(connection, post_id)

    def posts(self, states: Sequence[State] = (), limit: int = 100) -> Sequence[Post]:
        """Return the posts in these states (all when empty), most urgent first."""
        query = select(posts).order_by(posts.c.due_at.desc(), posts.c.id.desc()).limit(limit)
        if states:
            query = query.where(posts.c.state.in_(states)).order_by(None)
            query = query.order_by(posts.c.due_at, posts.c.id)
        with reading(self.engine) as connection:
            return [post_from_row(row) for row in connection.execute(query).mappings()]

    def of_article(self, article_key: str) -> Sequence[Post]:
        """Return the article's posts, one per channel at most."""
        query = select(posts).where(posts.c.article_key == article_key).order_by(posts.c.id)
        with reading(self.engine) as connection:
            return [post_from_row(row) for row in connection.execute(query).mappings()]

    def earlier(self, channel: str, *, since: datetime) -> Sequence[str]:
        """Return the texts of the channel's posts made since then that went or may go out."""
        dropped = (State.REJECTED, State.EXPIRED, State.SUPERSEDED)
        query = select(posts.c.content).where(
            posts.c.channel == channel,
            posts.c.created_at >= since,
            posts.c.state.not_in(dropped),
        )
        with reading(self.engine) as connection:
            return [content["text"] for content in connection.execute(query).scalars()]

    def findings(self, post_id: int) -> tuple[Finding, ...]:
        """Return what was found when the post was composed or last changed."""
        with reading(self.engine) as connection:
            value = connection.execute(select(posts.c.findings).where(posts.c.id == post_id))
            return tuple(finding_from_json(item) for item in value.scalar() or ())

    def approval(self, post: Post) -> Approval | None:
        """Return the last approval of the content the post has now."""
        return next(reversed(self.approvals(post)), None)

    def approvals(self, post: Post) -> Sequence[Approval]:
        """Return who has approved the content the post has now, in order."""
        table = schema.approvals
        query = (
            select(table.c.fingerprint, table.c.by, table.c.via, table.c.at)
            .where(table.c.post_id == post.id, table.c.fingerprint == post.fingerprint)
            .where(table.c.withdrawn_at.is_(None))
            .order_by(table.c.id)
        )
        with reading(self.engine) as connection:
            return [Approval(**row) for row in connection.execute(query).mappings()]

    def draft(self, draft: Draft, *, now: datetime) -> Post:
        """Keep a new post; the one already there where the channel has one for this article."""
        try:
            with writing(self.engine) as connection:
                return _insert(connection, draft, now)
        except IntegrityError:
            return next(
                post for post in self.of_article(draft.article_key) if post.channel == draft.channel
            )

    def variants(self, post_id: int) -> Sequence[Content]:
        """Return the other wordings the bot offered, best first."""
        with reading(self.engine) as connection:
            value = connection.execute(select(posts.c.variants).where(posts.c.id == post_id))
            return [content_from_json(item) for item in value.scalar() or ()]

    def approve(  # noqa: PLR0913 -- what is approved, by whom, from where, on what terms
        self,
        post: Post,
        *,
        by: str,
        via: str,
        now: datetime,
        grace_until: datetime | None = None,
        enough: Enough = whoever,
        unchanged: bool = False,
    ) -> Post:
        """Approve exactly the content of `post` as given; nothing is sent before `grace_until`.

        While `enough` says no to the names of those who approved it, it goes on waiting. With
        `unchanged`, nothing else about it may have changed either, and nothing stand against it.

        Raises:
            NotApproved: the content was changed since it was shown.
            IllegalMove: the post is not waiting for an approval.
        """
        with writing(self.engine) as connection:
            hold(connection)  # of two last approvers at once, the second sees the first
            current = load(connection, post.id)
            if current.fingerprint != post.fingerprint:
                raise NotApproved(
                    f"Post {post.id} was changed since you saw it; nothing was approved. "
                    "Look at it again."
                )
            if unchanged:
                _refuse_other(current, post, connection)
            move(current.state, State.APPROVED)
            connection.execute(
                insert(schema.approvals).values(
                    post_id=post.id, fingerprint=post.fingerprint, by=by, via=via, at=now
                )
            )
            if not enough([*_approvers(connection, current)]):
                agreed = Event(at=now, name="post.agreed", who=by, detail={"via": via})
                change(connection, current, current.state, agreed)
                return load(connection, post.id)
            change(
                connection,
                current,
                State.APPROVED,
                Event(at=now, name="post.approved", who=by, detail={"via": via}),
                approved_fingerprint=post.fingerprint,
                grace_until=grace_until,
                snoozed_until=None,
                reason="",
                asks="",
            )
            return load(connection, post.id)

    def decide(  # noqa: PLR0913 -- a post's move with all that goes with it
        self,
        post: Post,
        decision: str,
        *,
        by: str,
        reason: str,
        now: datetime,
        asks: str = "",
        unchanged: bool = False,
    ) -> Post:
        """Move a post by a decision: "rejected", "on_hold", "drafted" or "expired".

        Approvals it had are void. `asks` is what somebody has to do before it goes on. With
        `unchanged`, nothing about it may have changed since it was read.

        Raises:
            IllegalMove: the post cannot go there from where it is.
            NotApproved: it was changed; nothing was done.
        """
        to = State(decision)
        with writing(self.engine) as connection:
            hold(connection)  # whoever changes it comes before this or after it
            current = load(connection, post.id)
            if unchanged:
                _refuse_other(current, post)
            event = Event(at=now, name=f"post.{decision}", who=by, detail={"reason": reason})
            change(
                connection,
                current,
                to,
                event,
                approved_fingerprint=None,
                grace_until=None,
                snoozed_until=None,
                reason=reason,
                asks=asks,
            )
            _withdraw(connection, post.id, now)
            return load(connection, post.id)

    def edit(  # noqa: PLR0913 -- see the port
        self,
        post: Post,
        content: Content,
        findings: Sequence[Finding],
        *,
        by: str,
        now: datetime,
        link_policy: str | None = None,
        reason: str = "",
    ) -> Post:
        """Replace the content and what was found about it; an approval of the old one is void.

        `link_policy` says where the post's link goes from now on; None leaves that as it is.
        `reason` tells whoever gave that approval why, where nobody changed it by hand.

        Raises:
            NotApproved: the content was changed by somebody else since it was shown.
            IllegalMove: the post is on its way or out.
        """
        with writing(self.engine) as connection:
            current = load(connection, post.id)
            if current.fingerprint != post.fingerprint:
                raise NotApproved(f"Post {post.id} was changed meanwhile; your text was not saved.")
            if current.state is not State.DRAFTED:
                move(current.state, State.DRAFTED)
            change(
                connection,
                current,
                State.DRAFTED,
                Event(at=now, name="post.edited", who=by, detail={"text": content.text}),
                content=asdict(content),
                fingerprint=content.fingerprint(current.channel),
                findings=[asdict(found) for found in findings],
                approved_fingerprint=None,
                grace_until=None,
                reason=reason,
                asks="",
                link_policy=current.link_policy if link_policy is None else link_policy,
            )
            _withdraw(connection, post.id, now)
            keep_wording(connection, post.id, content, current.channel, by=by, now=now)
            return load(connection, post.id)


def _refuse_other(current: Post, seen: Post, clean_in: Connection | None = None) -> None:
    if current != seen:
        raise NotApproved(f"Post {seen.id} was changed meanwhile; nothing was done.")
    found = select(posts.c.findings).where(posts.c.id == seen.id)
    if clean_in and clean_in.execute(found).scalar():
        raise NotApproved(f"Something stands against post {seen.id}; nothing was approved.")


def _approvers(connection: Connection, post: Post) -> Sequence[str]:
    table = schema.approvals
    query = (
        select(table.c.by)
        .where(table.c.post_id == post.id, table.c.fingerprint == post.fingerprint)
        .where(table.c.withdrawn_at.is_(None))
        .order_by(table.c.id)
    )
    return connection.execute(query).scalars().all()


def _withdraw(connection: Connection, post_id: int, now: datetime) -> None:
    table = schema.approvals
    connection.execute(
        update(table)
        .where(table.c.post_id == post_id, table.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )


def _insert(connection: Connection, draft: Draft, now: datetime) -> Post:
    content = asdict(draft.content)
    result = connection.execute(
        insert(posts).values(
            article_key=draft.article_key,
            platform=draft.platform,
            channel=draft.channel,
            state=State.DRAFTED,
            content=content,
            fingerprint=draft.content.fingerprint(draft.channel),
            findings=[asdict(finding) for finding in draft.findings],
            variants=[asdict(variant) for variant in draft.variants],
            due_at=draft.due_at,
            expires_at=draft.expires_at,
            created_at=now,
            updated_at=now,
        )
    )
    post = load(connection, inserted_id(result))
    keep_wording(connection, post.id, post.content, post.channel, by="bot", now=now)
    record(
        connection,
        Event(
            at=now,
            name="post.drafted",
            who="bot",
            article_key=post.article_key,
            post_id=post.id,
            to_state=post.state,
            detail={"channel": post.channel, "fingerprint": post.fingerprint},
        ),
        after=standing(connection, post.id),
    )
    return post
