"""An article was changed or taken down after its posts were made: never a second post."""

from dataclasses import dataclass, replace

import structlog

from bot.domain.article import Article
from bot.domain.correction import Correction, Corrections, Kind
from bot.domain.errors import ContentError, IllegalMove, NotApproved
from bot.domain.post import FINAL, LIVE, Content, Post, State
from bot.pipeline.draft import Studio, propose
from bot.pipeline.review import hold

log = structlog.get_logger(__name__)

STALE = (
    "The article was changed after somebody wrote these words; compare it in `bot corrections`, "
    "then edit, release or reject this post."
)
VOID = "The article was changed, so the post was made anew, and its approval is void."
GONE = "The article is not on the site any more. Reject this post, or release it if it still holds."


@dataclass(frozen=True)
class Corrector:
    """What looking after an article's posts takes."""

    studio: Studio
    corrections: Corrections

    def changed(self, before: Article, after: Article) -> list[Post]:
        """Look after the posts of a changed article; return those that were composed anew.

        What is not sent yet is composed anew, which voids an approval of other words; where a
        person wrote the words, it is held and the person asked. About what is or may be live an
        editor is asked.

        Raises:
            ConfigError: a template is wrong.
        """
        made = []
        for post in self.studio.desk.of_article(after.key):
            if post.state in FINAL - LIVE:
                continue
            if post.state in LIVE:
                self._ask(post, Kind.CHANGED, before, after, live=True)
            elif anew := self._recomposed(post, before, after):
                made.append(anew)
        return made

    def gone(self, article: Article) -> None:
        """Look after the posts of an article that was taken down: nothing more is sent of it."""
        for post in self.studio.desk.of_article(article.key):
            if post.state in LIVE:
                self._ask(post, Kind.GONE, article, None, live=True)
            elif post.state not in FINAL:
                self._keep_back(post, GONE)
                self._ask(post, Kind.GONE, article, None, live=False)

    def _recomposed(self, post: Post, before: Article, after: Article) -> Post | None:
        """Return the post with the words of the new revision; None where it has none."""
        if self.corrections.touched(post):
            self._stale(post, before, after, STALE)
            return None
        try:
            proposal = propose(after, post.channel, self.studio.tools)
        except ContentError as exc:
            self._stale(post, before, after, f"The article was changed: {exc}")
            return None
        if proposal.content == post.content:
            return None  # nothing that it says was changed: the approval still holds
        self.studio.shelf.put(proposal.card)
        findings = proposal.findings
        now = self.studio.clock.now()
        try:
            why = {State.APPROVED: VOID, State.DRAFTED: post.reason}.get(post.state, "")
            anew = self.studio.desk.edit(
                post, proposal.content, findings, by="bot", now=now, reason=why
            )
            if post.state is State.ON_HOLD:  # a hold always wins
                anew = hold(anew, self.studio.desk, self.studio.clock, by="bot", reason=post.reason)
        except (IllegalMove, NotApproved):
            self._overtaken(post, before, after)
            return None
        log.info("post.recomposed", post=post.id, channel=post.channel, article=after.key)
        return anew

    def _overtaken(self, post: Post, before: Article, after: Article) -> None:
        """Between reading and writing it, the post was sent or somebody changed it."""
        current = self.studio.desk.post(post.id)
        if current.state in LIVE:
            self._ask(current, Kind.CHANGED, before, after, live=True)
        elif current.state not in FINAL:
            self._stale(current, before, after, STALE)

    def _stale(self, post: Post, before: Article, after: Article, reason: str) -> None:
        self._keep_back(post, reason)
        self._ask(post, Kind.CHANGED, before, after, live=False)

    def _keep_back(self, post: Post, reason: str) -> None:
        if post.state in (State.DRAFTED, State.APPROVED):
            hold(post, self.studio.desk, self.studio.clock, by="bot", reason=reason)

    def _ask(
        self, post: Post, kind: Kind, before: Article, after: Article | None, *, live: bool
    ) -> None:
        asked = Correction(
            article_key=post.article_key,
            post_id=post.id,
            kind=kind,
            before=before,
            after=after,
            live=live,
            at=self.studio.clock.now(),
        )
        self.corrections.ask(asked)
        log.warning("correction.asked", post=post.id, channel=post.channel, kind=str(kind))


def reworded(content: Content, text: str, tags: tuple[str, ...]) -> Content:
    """Return a live post's content with other words; its card stays."""
    return replace(content, text=text, hashtags=tags)
