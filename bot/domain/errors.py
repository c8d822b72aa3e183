"""Everything that can go wrong, named by what the caller should do next.

* BotError
  - UsageError         the command was given something it cannot use
  - ConfigError        stop at start-up and name the setting
  - StoreError         the database cannot be used: stop, nothing was changed
  - WorkerError        the worker's clock has died: stop, so that it is started again
  - SourceError        one source or article could not be read: skip it this round
    + IllFormed        it is not what its kind must be: nothing of it was believed
  - NotTold            a message did not reach everybody it was for
  - ContentError       this post cannot be made: show it to an editor
  - IllegalMove        a post cannot go from this state to that one
  - NotApproved        refuse: what would be sent is not what was approved
  - DeliveryError      raised by platforms only
    + NotSent          surely not live: try again at `retry_at`
    + Rejected         surely not live: the content must change
    + Blocked          surely not live: the account must be fixed; pause the channel
    + Unclear          may be live: look, never resend
    + NotReadable      the platform does not let us look: ask an editor
    + NotEditable      what is live stays as it is: leave it, delete it, or change it by hand

A message says what happened, what was kept safe and what to do next; one line.
"""

from datetime import datetime


class BotError(Exception):
    """Base of every error the bot raises on purpose.

    Attributes:
        exit_code: what the `bot` command ends with (0 fine, 1 the answer is no, 2 wrong
            usage or configuration, 3 a platform or source failed).
    """

    exit_code = 1


class UsageError(BotError):
    """The command was given something it cannot use, such as an unknown post id."""

    exit_code = 2


class ConfigError(BotError):
    """A setting, template or folder is missing or wrong."""

    exit_code = 2


class StoreError(BotError):
    """The database cannot be used; nothing was changed."""

    exit_code = 2


class WorkerError(BotError):
    """The worker's clock has died or a duty does not end; the process has to be started again."""

    exit_code = 3


class SourceError(BotError):
    """A source or an article could not be read."""

    exit_code = 3


class IllFormed(SourceError):  # noqa: N818 -- reads as a sentence where it is raised
    """A document breaks the rules of its kind; nothing of it was believed."""


class NotTold(BotError):  # noqa: N818 -- reads as a sentence where it is raised
    """A message did not reach everybody it was for.

    Attributes:
        reached: how many services took it all the same.
    """

    exit_code = 3

    def __init__(self, message: str, *, reached: int = 0) -> None:
        super().__init__(message)
        self.reached = reached


class ContentError(BotError):
    """A post cannot be made from this article."""


class IllegalMove(BotError):  # noqa: N818 -- these names read as sentences where they are raised
    """A post cannot go from its state to the wanted one."""


class NotApproved(BotError):  # noqa: N818
    """The content to be sent differs from the content that was approved."""


class DeliveryError(BotError):
    """Base of the ways a delivery can fail.

    Attributes:
        status: the platform's HTTP status, None where there was no answer.
        raw: what the platform answered, cut to a readable length, for the editor.
    """

    exit_code = 3

    def __init__(self, message: str, *, status: int | None = None, raw: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.raw = raw[:2000]


class NotSent(DeliveryError):  # noqa: N818
    """The platform surely did not take the post; trying again is safe.

    Attributes:
        retry_at: not before this time; None lets the pipeline choose its own backoff.
    """

    def __init__(
        self,
        message: str,
        *,
        retry_at: datetime | None = None,
        status: int | None = None,
        raw: str = "",
    ) -> None:
        super().__init__(message, status=status, raw=raw)
        self.retry_at = retry_at


class Rejected(DeliveryError):  # noqa: N818
    """The platform refused this content for good."""


class Blocked(DeliveryError):  # noqa: N818
    """The account cannot post at all: expired token, no credit, missing permission."""


class Unclear(DeliveryError):  # noqa: N818
    """Nobody knows yet whether the post is live."""


class NotReadable(DeliveryError):  # noqa: N818
    """The platform does not let this account read its posts back."""


class NotEditable(DeliveryError):  # noqa: N818
    """The platform does not let this account change this live post, or not any more."""
