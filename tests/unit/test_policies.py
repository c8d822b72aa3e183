"""The house's policies on real posts: what the clock does, who it says it was, what people see."""

from datetime import timedelta

import pytest

from bot import approving, editing
from bot.app import build
from bot.deciding.house import rules
from bot.deciding.outlook import Outlooks
from bot.deciding.rounds import decide
from bot.domain.article import Article
from bot.domain.errors import ConfigError, IllegalMove, NotApproved
from bot.domain.post import Finding, Level, State
from bot.edition import Ingested, take
from bot.pipeline import review
from bot.pipeline.draft import draft
from bot.settings import load, model
from tests.fakes import FakeAccount, FakeClock
from tests.stories import story

HOUR = timedelta(hours=1)


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def make(tmp_path, clock):
    opened = []

    def make(*channels, **approval):
        channels = channels or ("x",)
        app = build(model()(data_dir=tmp_path, channels=channels, approval=approval), clock)
        opened.append(app)
        return app

    yield make
    for app in opened:
        app.close()


def article(app, number, **more):
    title, dek, body = story(number)
    key = f"2026-11-23-{number}"
    values = {
        "key": key,
        "url": f"https://theshiftmaker.com/articles/{key}",
        "title": title,
        "dek": dek,
        "body": body,
        "section": "Economy",
        "published_at": app.clock.now() + HOUR,
        **more,
    }
    return Article(**values)


def posts(app, number=1, **more):
    """Make the posts of an article due in an hour; nothing was found against them."""
    one = article(app, number, **more)
    app.store.archive.add(one, now=app.clock.now())
    made = {post.channel: post for post in draft(one, app.studio)}
    return {name: clean(app, post) for name, post in made.items()}


def clean(app, post, *findings):
    """Give a post just these findings, as if it had been made with them."""
    from sqlalchemy import update

    from bot.store import schema

    with app.store.engine.begin() as connection:
        found = [{"rule": f.rule, "level": f.level, "message": f.message} for f in findings]
        query = update(schema.posts).where(schema.posts.c.id == post.id)
        connection.execute(query.values(findings=found))
    return app.store.desk.post(post.id)


WARNING = Finding(rule="any", level=Level.WARN, message="Look at it.")


def now(app, post):
    return app.store.desk.post(post.id)


def said(app, post):
    return Outlooks(app, app.clock.now()).of_post(now(app, post)).text


def test_a_post_without_an_answer_is_held_at_its_time_and_says_so_before(make, clock):
    app = make()
    post = posts(app)["x"]
    assert said(app, post) == "Held at 08:00 if nobody answers."
    clock.advance(3599)
    assert decide(app) == []
    clock.advance(1)
    assert {one.id for one in decide(app)} >= {post.id}
    held = now(app, post)
    assert held.state is State.ON_HOLD
    assert held.reason == "Nobody decided by 08:00 IST."
    assert decide(app) == [], "once"
    approving.approve(app, held, by="asha", via="web")
    assert now(app, post).state is State.APPROVED, "one yes is enough, later too"


def test_what_somebody_releases_is_not_held_again_at_once(make, clock):
    app = make()
    post = posts(app)["x"]
    clock.advance(3600)
    decide(app)
    review.release(now(app, post), app.store.desk, clock, by="asha")
    assert decide(app) == []
    assert said(app, post) == "Held at 09:00 if nobody answers."


def test_what_a_person_holds_takes_a_release(make):
    app = make()
    post = posts(app)["x"]
    held = review.hold(post, app.store.desk, app.clock, by="asha", reason="Timing")
    with pytest.raises(IllegalMove):
        approving.approve(app, held, by="ravi", via="web")


def test_skip_expires_at_its_time(make, clock):
    app = make(unanswered="skip")
    post = posts(app)["x"]
    assert said(app, post) == "Expires at 08:00 if nobody answers; it is not sent."
    clock.advance(3600)
    decide(app)
    assert now(app, post).state is State.EXPIRED
    assert now(app, post).reason == "Nobody decided by 08:00 IST."


def test_veto_goes_out_at_its_time_by_its_name(make, clock):
    app = make("x", "linkedin", policy="veto")
    made = posts(app)
    assert said(app, made["x"]) == "Goes out at 08:00 unless you stop it."
    assert said(app, made["linkedin"]) == "Held at 08:00 if nobody answers.", "nobody named it"
    clock.advance(3600)
    decide(app)
    sent = now(app, made["x"])
    assert sent.state is State.APPROVED
    approval = app.store.desk.approval(sent)
    assert (approval.by, approval.via) == ("policy:veto", "policy")
    assert approval.fingerprint == made["x"].fingerprint
    events = app.store.history.of_article(sent.article_key)
    assert [e.who for e in events if e.name == "post.approved"] == ["policy:veto"]
    day = app.store.record.by_policy(clock.now() - HOUR, clock.now() + HOUR)
    assert [(one.channel, one.by, one.to) for one in day] == [
        ("x", "veto", "approved"),
        ("linkedin", "hold", "on_hold"),
    ]


def test_a_no_is_a_no(make, clock):
    app = make(policy="veto")
    first, second = posts(app, 1)["x"], posts(app, 2)["x"]
    review.reject(first, app.store.desk, clock, by="asha", reason="Tone")
    review.hold(second, app.store.desk, clock, by="asha", reason="Timing")
    clock.advance(7200)
    decide(app)
    assert now(app, first).state is State.REJECTED
    assert now(app, second).state is State.ON_HOLD
    assert now(app, second).reason == "Timing"


def test_a_persons_words_are_a_persons_to_approve(make, clock):
    app = make(policy="veto", unanswered="post_if_clean")
    post = posts(app)["x"]
    editing.reword(app, post, post.content.text.replace(".", "!", 1), by="asha")
    clean(app, post)
    assert "No policy lets it go: it was changed or taken back." in said(app, post)
    clock.advance(2 * 3600)
    decide(app)
    assert now(app, post).state is State.ON_HOLD


def test_an_approval_taken_back_is_not_given_again(make, clock):
    app = make(policy="auto")
    post = posts(app)["x"]
    decide(app)
    assert now(app, post).state is State.APPROVED
    review.release(now(app, post), app.store.desk, clock, by="asha")
    clock.advance(60)
    assert decide(app) == []
    assert now(app, post).state is State.DRAFTED
    assert app.store.desk.approval(now(app, post)) is None


def test_an_edit_voids_what_a_policy_approved_and_nothing_goes_out(make, clock):
    app = make(policy="auto")
    post = posts(app)["x"]
    decide(app)
    approved = now(app, post)
    words = approved.content.text.replace(".", "!", 1)
    edited = editing.reword(app, approved, words, by="asha")
    clean(app, edited)
    assert app.store.desk.approval(edited) is None
    account = FakeAccount()
    app.accounts.publishers["x"] = (0, account)
    for _ in range(3):
        clock.advance(1800)
        decide(app)
        app.publish_due()
    assert account.sent == []
    assert now(app, post).state is State.ON_HOLD


def test_what_a_policy_approves_goes_out_once_with_its_name_on_the_receipt(make, clock):
    app = make(policy="veto")
    post = posts(app)["x"]
    account = FakeAccount(live=[])
    app.accounts.publishers["x"] = (0, account)
    for _ in range(10):
        clock.advance(900)
        decide(app)
        app.publish_due()
    assert len(account.sent) == 1
    assert account.sent[0].fingerprint == post.fingerprint
    assert app.store.record.of(post.id).approved_by == "policy:veto"


@pytest.mark.parametrize("policy", ["auto", "veto", "earned"])
def test_a_warning_stops_every_policy(make, clock, policy):
    app = make(policy=policy, unanswered="post_if_clean", earned_after=1)
    before = posts(app, 1)["x"]
    review.approve(before, app.store.desk, clock, by="asha", via="web")
    post = clean(app, posts(app, 2)["x"], WARNING)
    clock.advance(3600)
    decide(app)
    assert now(app, post).state is State.ON_HOLD
    assert "1 finding to look at" in now(app, post).reason


def test_an_open_correction_stops_every_policy(make, clock):
    from bot.domain.correction import Correction, Kind

    app = make(policy="auto")
    post = posts(app)["x"]
    one = article(app, 1)
    asked = Correction(
        article_key=post.article_key,
        post_id=post.id,
        kind=Kind.CHANGED,
        before=one,
        after=one,
        live=True,
        at=clock.now(),
    )
    app.store.corrections.ask(asked)
    assert decide(app) == []
    assert "its article was changed" in said(app, post)


def test_trust_is_earned_and_lost(make, clock):
    app = make(policy="earned", earned_after=2)
    for number in (1, 2):
        post = posts(app, number)["x"]
        assert decide(app) == []
        assert f"{number - 1} of 2 were approved unchanged" in said(app, post)
        review.approve(post, app.store.desk, clock, by="asha", via="web")
    third = posts(app, 3)["x"]
    decide(app)
    assert app.store.desk.approval(now(app, third)).by == "policy:earned"
    other = posts(app, 4, section="Opinion")["x"]
    assert decide(app) == [], "another section has its own trust"
    review.reject(other, app.store.desk, clock, by="asha", reason="Tone")
    fourth = posts(app, 5)["x"]
    decide(app)
    assert now(app, fourth).state is State.APPROVED
    review.reject(now(app, fourth), app.store.desk, clock, by="asha", reason="Wrong fact")
    fifth = posts(app, 6)["x"]
    decide(app)
    assert now(app, fifth).state is State.DRAFTED


def test_what_changed_after_it_was_judged_is_not_approved(make, clock):
    app = make(policy="veto")
    post = posts(app)["x"]
    until = clock.now() + 2 * HOUR
    app.store.agenda.snooze(post, until, by="asha", now=clock.now())
    for stale in (post, clean(app, post, WARNING)):
        with pytest.raises(NotApproved):
            review.approve(
                stale, app.store.desk, clock, by="policy:veto", via="policy", unchanged=True
            )
    with pytest.raises(NotApproved):
        review.unanswered(post, State.ON_HOLD, app.store.desk, clock, by="policy:hold", reason="…")
    assert now(app, post).state is State.DRAFTED


def test_auto_lets_go_what_was_just_taken_in(make):
    app = make("x", "linkedin", policy="auto", policy_exceptions={"linkedin": "auto"})
    result = Ingested()
    take(app, article(app, 1), result, by_hand=True)
    for post in result.posts:
        flawed = bool(app.store.desk.findings(post.id))
        assert now(app, post).state is (State.DRAFTED if flawed else State.APPROVED)
    assert {now(app, post).state for post in result.posts} == {State.APPROVED}


def test_paused_and_put_off_are_said(make, clock):
    app = make(policy="veto")
    post = posts(app)["x"]
    app.store.pauses.pause("x", "The account is ill.", now=clock.now())
    assert said(app, post) == (
        "Goes out at 08:00 unless you stop it, once x is not paused any more."
    )
    app.store.pauses.resume("x", by="asha", now=clock.now())
    app.store.agenda.snooze(post, clock.now() + 2 * HOUR, by="asha", now=clock.now())
    assert said(app, post) == (
        "Put off; shown again at 09:00. Goes out at 09:00 unless you stop it."
    )


def test_quiet_hours_are_reckoned_with(tmp_path, clock):
    settings = model()(
        data_dir=tmp_path,
        channels=("x",),
        approval={"policy": "veto"},
        x_times={"quiet": "07:30-09:15"},
    )
    app = build(settings, clock)
    post = posts(app)["x"]
    due = clock.now() + HOUR
    app.store.agenda.schedule(post, due, due + 12 * HOUR, by="asha", now=clock.now())
    assert said(app, post) == "Goes out at 09:15 unless you stop it."
    app.close()


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("POLICY_EXCEPTIONS", "facebook=auto", "facebook"),
        ("POLICY_EXCEPTIONS", "*=auto", "'\\*'"),
        ("POLICY_EXCEPTIONS", "x=sometimes", "sometimes"),
        ("POLICY_EXCEPTIONS", "x/=veto", "'x/'"),
        ("UNANSWERED_EXCEPTIONS", "x=auto", "post_if_clean"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(tmp_path, name, value, part):
    with pytest.raises(ConfigError, match=part):
        load(tmp_path / "none", {f"BOT_APPROVAL__{name}": value})


def test_linkedin_goes_out_without_a_person_only_where_it_is_named(tmp_path):
    def linkedin(**given):
        values = {f"BOT_APPROVAL__{name}": value for name, value in given.items()}
        values["BOT_DATA_DIR"] = str(tmp_path)
        app = build(load(tmp_path / "none", values), FakeClock())
        found = [rule for rule in rules(app) if rule.channel == "linkedin"]
        return [(r.section, r.policy, r.unanswered, r.automatic, bool(r.caution)) for r in found]

    alone = ("", "required", "hold", False, False)
    assert linkedin(POLICY="auto", UNANSWERED="post_if_clean") == [alone]
    assert linkedin(POLICY_EXCEPTIONS="*/AI=auto") == [alone]
    assert linkedin(POLICY_EXCEPTIONS="linkedin/AI=veto") == [
        alone,
        ("ai", "veto", "hold", True, True),
    ]
    assert linkedin(UNANSWERED_EXCEPTIONS="linkedin=post_if_clean") == [
        ("", "required", "post_if_clean", True, True)
    ]
