"""What becomes of a post that waits, by every policy; how trust is earned and lost."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import Deed, Policy, Terms, Unanswered, chosen, prospect, streak
from bot.domain.post import Content, Post, State

SEVEN = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # 07:00 in the newsroom
MADE = SEVEN - timedelta(hours=3)
MINUTE = timedelta(minutes=1)


@dataclass
class Case:
    post: Post
    updated_at: datetime = MADE
    warnings: int = 0
    handled: bool = False
    corrected: bool = False


def case(*, made=MADE, post=None, **more):
    shown = {
        "id": 1,
        "article_key": "a",
        "platform": "x",
        "channel": "x",
        "content": Content(text="News."),
        "state": State.DRAFTED,
        "due_at": SEVEN,
        "expires_at": SEVEN + timedelta(hours=12),
        **(post or {}),
    }
    return Case(Post(**shown), updated_at=made, **more)


def terms(policy="required", unanswered="hold", **more):
    return Terms(policy=Policy(policy), unanswered=Unanswered(unanswered), **more)


def told(found):
    return found.to, found.by, found.at


def test_required_holds_at_its_time():
    assert told(prospect(case(), terms())) == (State.ON_HOLD, "hold", SEVEN)


def test_skip_gives_up_at_its_time():
    assert told(prospect(case(), terms(unanswered="skip"))) == (State.EXPIRED, "skip", SEVEN)


def test_post_if_clean_sends_at_its_time():
    found = prospect(case(), terms(unanswered="post_if_clean"))
    assert told(found) == (State.APPROVED, "post_if_clean", SEVEN)


def test_auto_lets_go_at_once_and_veto_at_its_time():
    assert told(prospect(case(), terms("auto"))) == (State.APPROVED, "auto", MADE)
    assert told(prospect(case(), terms("veto"))) == (State.APPROVED, "veto", SEVEN)


@pytest.mark.parametrize("trust", [0, 9])
def test_what_is_not_earned_waits_for_a_person_and_says_how_far_it_is(trust):
    found = prospect(case(), terms("earned"), trust)
    assert told(found) == (State.ON_HOLD, "hold", SEVEN)
    assert f"{trust} of 10 were approved unchanged" in found.why


def test_what_is_earned_goes_at_once():
    assert told(prospect(case(), terms("earned"), 10)) == (State.APPROVED, "earned", MADE)


FLAWS = {
    "a finding": {"warnings": 1},
    "handled": {"handled": True},
    "changed news": {"corrected": True},
    "a question": {"post": {"asks": "Is it live?"}},
}


@pytest.mark.parametrize("flaw", FLAWS)
@pytest.mark.parametrize("policy", ["auto", "veto", "earned"])
@pytest.mark.parametrize("unanswered", ["hold", "skip", "post_if_clean"])
def test_no_policy_lets_go_what_is_not_clean(flaw, policy, unanswered):
    found = prospect(case(**FLAWS[flaw]), terms(policy, unanswered), trust=99)
    assert found.to is not State.APPROVED
    assert found.why, "people are told why"


def test_people_have_time_to_answer_what_came_late():
    late = case(made=SEVEN - 5 * MINUTE)
    assert prospect(late, terms()).at == SEVEN + 55 * MINUTE
    assert prospect(late, terms("veto")).at == SEVEN + 10 * MINUTE


def test_what_somebody_put_off_is_not_decided_before_it_is_shown_again():
    nine = SEVEN + timedelta(hours=2)
    off = case(post={"snoozed_until": nine})
    for one in (terms(), terms("auto"), terms("veto"), terms(unanswered="post_if_clean")):
        assert prospect(off, one).at == nine


def test_its_end_comes_before_everything_else():
    short = case(post={"expires_at": SEVEN - MINUTE})
    for one in (terms(), terms("veto"), terms(unanswered="post_if_clean")):
        assert told(prospect(short, one)) == (State.EXPIRED, "", SEVEN - MINUTE)


@pytest.mark.parametrize("state", [state for state in State if state is not State.DRAFTED])
def test_only_what_waits_is_decided_about(state):
    waiting = case()
    waiting.post = replace(waiting.post, state=state)
    assert prospect(waiting, terms("auto")) is None


MINUTES = st.integers(-600, 600).map(lambda number: SEVEN + number * MINUTE)


@given(
    made=MINUTES,
    due=MINUTES,
    expires=MINUTES,
    snoozed=st.none() | MINUTES,
    warnings=st.integers(0, 2),
    handled=st.booleans(),
    corrected=st.booleans(),
    policy=st.sampled_from(Policy),
    unanswered=st.sampled_from(Unanswered),
    trust=st.integers(0, 12),
)
def test_whatever_the_terms_only_what_is_clean_goes_out_and_never_early(
    made, due, expires, snoozed, warnings, handled, corrected, policy, unanswered, trust
):
    times = {"due_at": due, "expires_at": expires, "snoozed_until": snoozed}
    waiting = case(made=made, post=times, warnings=warnings, handled=handled, corrected=corrected)
    house = Terms(policy=policy, unanswered=unanswered)
    found = prospect(waiting, house, trust)
    assert found.at <= expires
    assert not (found.by and snoozed and found.at < snoozed), "put off is put off"
    if found.to is State.APPROVED:
        assert not warnings
        assert not handled
        assert not corrected
        least = {
            "auto": made,
            "earned": made,
            "veto": max(due, made + house.veto),
            "post_if_clean": max(due, made + house.answer),
        }[found.by]
        assert found.at >= least
        assert policy is not Policy.REQUIRED or unanswered is Unanswered.POST_IF_CLEAN
        assert found.by != "earned" or trust >= house.earned_after
    if found.to is State.ON_HOLD:
        assert found.at >= max(due, made + house.answer)


def made(number, *, clean=True):
    return Deed(post_id=number, name="post.drafted", who="bot", clean=clean)


def yes(number, who="asha"):
    return Deed(post_id=number, name="post.approved", who=who)


def no(number):
    return Deed(post_id=number, name="post.rejected", who="asha")


def edited(number, who="asha"):
    return Deed(post_id=number, name="post.edited", who=who)


def back(number):
    return Deed(post_id=number, name="post.drafted", who="asha", anew=True)


@pytest.mark.parametrize(
    ("deeds", "trust"),
    [
        ([], 0),
        ([made(1), yes(1), made(2), yes(2)], 2),
        ([yes(1), no(2), yes(3)], 1),
        ([yes(1), edited(2), yes(2), yes(3)], 1),
        ([yes(1), edited(1, "bot"), yes(1)], 1),
        ([yes(1), made(2, clean=False)], 0),
        ([yes(1), back(1)], 0),
        ([yes(1), back(1), yes(1)], 1),
        ([yes(1, "policy:earned"), yes(2, "policy:auto")], 0),
        ([yes(1), yes(2, "policy:earned"), yes(3)], 2),
        ([yes(1), yes(1)], 1),
    ],
)
def test_trust_is_earned_by_yes_after_yes_and_lost_at_once(deeds, trust):
    assert streak(deeds) == trust


def test_the_nearest_exception_wins():
    known = [("x", "auto"), ("*/opinion", "required"), ("x/ai", "veto")]
    assert chosen(known, "x", "AI") == ("veto", True)
    assert chosen(known, "x", "Opinion") == ("required", False)
    assert chosen(known, "x", "") == ("auto", True)
    assert chosen(known, "linkedin", "AI") is None
