"""What the editors' side of the pipeline needs from the store."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.ledger import Draft
from bot.domain.post import Content, Finding, Post
from bot.domain.steps import Enough, whoever


class Desk(Protocol):
    """The posts as an editor handles them. Every method is one transaction."""

    def post(self, post_id: int) -> Post:
        """Return one post. Raises UsageError for an unknown id."""
        ...

    def of_article(self, article_key: str) -> Sequence[Post]:
        """Return the article's posts, one per channel at most."""
        ...

    def earlier(self, channel: str, *, since: datetime) -> Sequence[str]:
        """Return the texts of the channel's posts made since then that went or may go out."""
        ...

    def findings(self, post_id: int) -> tuple[Finding, ...]:
        """Return what was found when the post was composed or last changed."""
        ...

    def draft(self, draft: Draft, *, now: datetime) -> Post:
        """Keep a new post; the one already there where the channel has one for this article."""
        ...

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
        """Approve exactly the content of `post` as given. Raises NotApproved where it changed.

        Nothing is sent before `grace_until`, so that a slip can be taken back. `enough` is asked
        with the names of all who approved it; while it says no, the post goes on waiting.
        With `unchanged`, nothing else about the post may have changed, and nothing stand against it.
        """
        ...

    def edit(  # noqa: PLR0913 -- what it is, into what, by whom, and why
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
        """Replace the content; an approval of the old content is void. Raises NotApproved.

        `reason` tells whoever gave that approval why, where nobody changed it by hand.
        """
        ...

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

        With `unchanged`, nothing about it may have changed since it was read. Raises NotApproved.
        """
        ...
