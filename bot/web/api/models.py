"""What the API says and takes; field names are those of `bot … --json`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from bot.app import App
from bot.approving import roles, still_missing
from bot.deciding.outlook import Outlook, Outlooks
from bot.domain.article import Article
from bot.domain.people import Role
from bot.domain.policy import Prospect
from bot.domain.post import Finding, Post, State
from bot.store.pages import Beside
from bot.web.words import platform

Fingerprint = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{64}$",
        description="`content_hash` of the post as you saw it; a change since then refuses this.",
    ),
]
Reason = Annotated[str, Field(max_length=1000)]


def example(value: dict[str, Any]) -> ConfigDict:
    """Return the configuration of a model with an example of it for the OpenAPI document."""
    return ConfigDict(json_schema_extra={"examples": [value]})


class Taken(BaseModel):
    """What the API takes; a name it does not know is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class FindingOut(BaseModel):
    """Something an editor should know about a post."""

    number: int = Field(description="Names it where a repair is asked for.")
    rule: str
    level: Literal["block", "warn"]
    message: str
    start: int | None
    end: int | None
    fix: str | None


class ApprovalOut(BaseModel):
    """Somebody's yes to exactly this content."""

    by: str
    via: str
    at: datetime


class ProspectOut(BaseModel):
    """What happens to a waiting post if nobody answers."""

    at: datetime
    to: State
    by: str = Field(description='The policy that does it; "" where its time simply runs out.')
    why: str = Field(description='Why no policy lets it go out, where one would; "" where plain.')


class PostOut(BaseModel):
    """One article on one channel."""

    id: int
    article_id: str
    platform: str
    channel: str
    state: State
    text: str
    parts: list[str]
    link: str | None
    hashtags: list[str]
    card_sha256: str | None
    alt_text: str
    content_hash: str
    length: int | None
    limit: int | None
    estimated_cost_usd: str
    due_at: datetime | None
    expires_at: datetime | None
    undo_until: datetime | None
    snoozed_until: datetime | None
    link_policy: str = Field(description='Where its link goes; "" as the house wants it.')
    reason: str
    asks: str
    outlook: str = Field(
        description='What happens next, in words; "" where there is no more to say.'
    )
    outlook_at: datetime | None = Field(
        description="When that is; null where nothing happens by itself."
    )
    by_itself: ProspectOut | None = Field(
        description="What the clock does if nobody answers; null where it waits for nobody."
    )
    approval: ApprovalOut | None
    agreed: list[ApprovalOut] = Field(description="Everybody whose yes to this content is counted.")
    missing: list[str] = Field(description="Whose yes it still needs, in words.")
    permalinks: list[str]
    findings: list[FindingOut]


class PostPage(BaseModel):
    """One page of posts; `next` goes into `after` of the next request, null on the last page."""

    items: list[PostOut]
    next: int | None


class ArticleOut(BaseModel):
    """An article."""

    id: str
    url: str
    title: str
    dek: str
    section: str
    language: str
    published_at: datetime | None
    body: list[str]


class ArticlePage(BaseModel):
    """One page of articles; `next` goes into `after` of the next request."""

    items: list[ArticleOut]
    next: str | None


Action = Literal["approve", "now", "reject", "change", "hold", "snooze", "wake", "release", "undo"]


class Decide(Taken):
    """A decision about one post."""

    action: Action
    content_hash: Fingerprint | None = Field(None, description="Needed to approve and for now.")
    reason: Reason = Field("", description="Needed to reject, hold and ask for a change.")
    until: AwareDatetime | None = Field(None, description="To snooze: until when.")

    model_config = example({"action": "hold", "reason": "Timing"})


class Answer(Taken):
    """What only a person can tell the bot about a post."""

    answer: Literal["live", "absent", "done"]
    address: str = Field("", max_length=500, description="Where it is live; needed for `live`.")

    model_config = example({"answer": "live", "address": "https://x.com/i/status/1"})


class Choice(Taken):
    """One of several posts to decide about."""

    id: int = Field(ge=1, le=2**31 - 1)
    content_hash: Fingerprint | None = None


class DecideMany(Taken):
    """One decision about several posts; each gets its own answer."""

    action: Action
    posts: list[Choice] = Field(min_length=1, max_length=200)
    reason: Reason = ""
    until: AwareDatetime | None = None

    model_config = example(
        {"action": "reject", "reason": "Wrong fact", "posts": [{"id": 1}, {"id": 2}]}
    )


class Result(BaseModel):
    """What became of one post."""

    id: int
    ok: bool
    state: State | None
    problem: str = Field(description='Why nothing was done; "" where it was.')


class Results(BaseModel):
    """What became of each post, in the order of the request."""

    results: list[Result]


def post_out(app: App, post: Post) -> PostOut:
    """Return a post as the API says it."""
    return posts_out(app, [post])[0]


def posts_out(app: App, posts: Sequence[Post]) -> list[PostOut]:
    """Return posts as the API says them."""
    beside, people = app.store.pages.beside(posts), roles(app)
    coming = Outlooks(app, app.clock.now(), platform).of_posts(posts)
    return [_post(app, post, beside[post.id], coming[post.id], people) for post in posts]


def _post(
    app: App, post: Post, beside: Beside, coming: Outlook, people: Mapping[str, Role]
) -> PostOut:
    dialect = app.dialects.get(post.channel)
    measure = dialect.measure(post.content.text) if dialect else None
    agreed = [ApprovalOut(by=one.by, via=one.via, at=one.at) for one in beside.agreed]
    said = [one.by for one in agreed]
    return PostOut(
        id=post.id,
        article_id=post.article_key,
        platform=post.platform,
        channel=post.channel,
        state=post.state,
        text=post.content.text,
        parts=list(post.content.parts),
        link=post.content.link,
        hashtags=list(post.content.hashtags),
        card_sha256=post.content.card,
        alt_text=post.content.alt_text,
        content_hash=post.fingerprint,
        length=measure.length if measure else None,
        limit=measure.limit if measure else None,
        estimated_cost_usd=str(app.price(post)),
        due_at=post.due_at,
        expires_at=post.expires_at,
        undo_until=post.grace_until,
        snoozed_until=post.snoozed_until,
        link_policy=post.link_policy,
        reason=post.reason,
        asks=post.asks,
        outlook=coming.text,
        outlook_at=coming.at,
        by_itself=_prospect(coming.prospect),
        approval=agreed[-1] if agreed else None,
        agreed=agreed,
        missing=list(still_missing(app, post, said, people)),
        permalinks=list(beside.permalinks),
        findings=findings_out(beside.findings),
    )


def _prospect(found: Prospect | None) -> ProspectOut | None:
    if found is None:
        return None
    return ProspectOut(at=found.at, to=found.to, by=found.by, why=found.why)


def findings_out(findings: Sequence[Finding]) -> list[FindingOut]:
    """Return findings as the API says them; `number` names one to repair."""
    return [
        FindingOut(
            number=number,
            rule=found.rule,
            level=found.level.value,
            message=found.message,
            start=found.start,
            end=found.end,
            fix=found.fix,
        )
        for number, found in enumerate(findings)
    ]


def article_out(article: Article) -> ArticleOut:
    """Return an article as the API says it."""
    return ArticleOut(
        id=article.key,
        url=article.url,
        title=article.title,
        dek=article.dek,
        section=article.section,
        language=article.language,
        published_at=article.published_at,
        body=list(article.body),
    )
